import type { Findings, FraudLevel, Reason, Sign } from '../fraud.js';

/** The sum of weights from which a person looks at a referral. */
export const HELD_FROM: Record<FraudLevel, number> = { flexible: 3, strong: 2, very_strong: 1 };

/**
 * How many friends of one referrer go through by themselves; those above wait for a person. What a reader brings by talking to people
 * stays below 10 an hour and 40 a day, and a link that went round in a large group is worth a look. `very_strong` halves that. At
 * `flexible` links are shown on a stage or in a programme, and the cap only ends what nobody watches.
 */
const CAPS: Record<FraudLevel, { hour: number; day: number }> = {
  flexible: { hour: 100, day: 400 },
  strong: { hour: 10, day: 40 },
  very_strong: { hour: 5, day: 20 },
};
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** No accusation: the cap of the referrer was reached. */
const OVER_CAP = 'over_cap';

/** Where somebody is: a network and a company are two views of one fact, and count as one. */
const PLACE: ReadonlySet<string> = new Set(['same_network', 'same_company']);

export function weightOf(signs: readonly Sign[]): number {
  const place = signs.filter(({ code }) => PLACE.has(code)).map(({ weight }) => weight);
  const rest = signs.filter(({ code }) => !PLACE.has(code)).map(({ weight }) => weight);
  return Math.max(0, ...place) + rest.reduce((sum, weight) => sum + weight, 0);
}

/** Friends of the referrer who went through by themselves in the last hour and day before this one. */
export interface Passed {
  hour: number;
  day: number;
}

export interface Verdict {
  outcome: 'rejected' | 'held' | 'passed';
  /** What made it so; of one that is held also the signs that alone would not have. */
  reasons: Reason[];
  /** Of one that is held: only by what is looked at again after some days. */
  forDays: boolean;
}

/** What a level makes of what was found. */
export function decide({ refused, signs, isAllowed }: Findings, level: FraudLevel, passed: Passed): Verdict {
  if (refused !== null) return { outcome: 'rejected', reasons: [refused], forDays: false };
  const over = isAllowed ? null : overCap(level, passed);
  if (!isSuspicious(signs, level) && over === null) return { outcome: 'passed', reasons: [], forDays: false };
  const told = signs.map(({ code, weight, evidence }) => ({ code, weight, ...(evidence === undefined ? {} : { evidence }) }));
  const lasting = signs.filter(({ forDays }) => forDays !== true);
  return {
    outcome: 'held',
    reasons: [...told, ...(over === null ? [] : [over])],
    forDays: over === null && !isSuspicious(lasting, level),
  };
} // prettier-ignore

function isSuspicious(signs: readonly Sign[], level: FraudLevel): boolean {
  return signs.some(({ holds }) => holds) || weightOf(signs) >= HELD_FROM[level];
}

function overCap(level: FraudLevel, { hour, day }: Passed): Reason | null {
  const cap = CAPS[level];
  if (hour >= cap.hour) return { code: OVER_CAP, weight: 0, evidence: `${cap.hour} friends in an hour` };
  return day >= cap.day ? { code: OVER_CAP, weight: 0, evidence: `${cap.day} friends in a day` } : null;
}
