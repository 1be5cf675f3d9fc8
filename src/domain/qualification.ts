/** The three questions of qualifying a lead; null where nobody has answered yet. */
export interface Answers {
  decisionMaker: boolean | null;
  fit: boolean | null;
  need: boolean | null;
}

/**
 * What a change of the answers does to the qualification: `true` qualifies, `false` takes it back, null leaves it as it is. What
 * is said outright wins. Without it three times yes qualifies, and one of three that is no longer yes takes back; a lead that
 * was qualified in another way stays so.
 */
export function qualifies(before: Answers, after: Answers, outright: boolean | undefined): boolean | null {
  if (outright !== undefined) return outright;
  if (isYes(before) === isYes(after)) return null;
  return isYes(after);
}

function isYes({ decisionMaker, fit, need }: Answers): boolean {
  return decisionMaker === true && fit === true && need === true;
}
