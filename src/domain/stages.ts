/** Types of events that mean something by themselves. Any other type is a stage that a program has named. */
export const EVENT_TYPES = ['qualified', 'purchased', 'refunded', 'engaged', 'reviewed', 'nps'] as const;

/** A program may name so many stages of its own. */
export const MOST_STAGES = 20;

export const STAGE_NAME = /^[a-z][a-z0-9_]{1,30}$/;

const TAKEN: ReadonlySet<string> = new Set(['signed_up', 'verified', ...EVENT_TYPES]);

/** Why a program cannot call a stage so; null when it can. */
export function stageNameProblem(name: string): string | null {
  if (!STAGE_NAME.test(name)) return 'must be 2 to 31 lower-case letters, digits and underscores, a letter first';
  return TAKEN.has(name) ? 'is a name that the product uses itself' : null;
}

/** The stages that a referral can reach in a program, nearest first. `own` are those that the program has named. */
export function stagesInOrder(own: readonly string[]): string[] {
  return ['verified', ...own, 'qualified', 'purchased'];
}

/**
 * The stages that a milestone may be on. `reviewed` is no stage of a referral but something that a reader does: a milestone
 * on it is for the reader's own first review.
 */
export function stagesOfMilestones(own: readonly string[]): string[] {
  return [...stagesInOrder(own), 'reviewed'];
}
