import { type Audience, isIn } from './audience.js';

export type MilestoneRule = {
  /** First crossing, 1 or more. */
  threshold: number;
  /** Further crossings every so many, 1 or more; null: once. */
  every: number | null;
  recipient: 'referrer' | 'referred';
};

/**
 * The occurrences of a milestone that a change of the count crosses, as they are written in a grant's unique key
 * (product.md, Readings, "Grants"). Counts decide, not events: 2 → 7 crosses 3 and 5. Falling crosses nothing, and climbing
 * back gives the same names again, so the key finds the old grant.
 *
 * - for each (recipient `referred`, or threshold 1 and every 1): the referral's id, once whatever the jump, since other
 *   referrals (and adjustments, which are nobody's referral) are not this one's to grant
 * - `every` null: `once`
 * - else `{season}:{n}`, the n-th crossing at threshold + (n − 1) × every
 *
 * @param before count at the milestone's stage before the change
 * @param after count after it
 */
export function occurrencesCrossed(
  m: MilestoneRule,
  before: number,
  after: number,
  context: { season: number; referralId: string },
): string[] {
  if (after <= before) return [];
  if (isForEach(m)) return [context.referralId];
  const first = timesReached(m, before) + 1;
  const last = timesReached(m, after);
  if (m.every === null) return first <= last ? ['once'] : [];
  const occurrences: string[] = [];
  for (let n = first; n <= last; n++) occurrences.push(`${context.season}:${n}`);
  return occurrences;
}

/** How many grants a rise of the count brings; as many as there are occurrences, where each referral is one of its own. */
export function crossingsBetween(m: MilestoneRule, before: number, after: number): number {
  if (after <= before) return 0;
  return isForEach(m) ? after - before : timesReached(m, after) - timesReached(m, before);
}

/**
 * What is wrong with a rule as a whole; null when nothing is. For the referred person there is one referral, so no second
 * crossing and no threshold above it.
 */
export function ruleProblem(m: MilestoneRule): { path: 'threshold' | 'every'; message: string } | null {
  if (m.recipient === 'referrer') return null;
  if (m.threshold !== 1) return { path: 'threshold', message: 'must be 1 where the referred person is rewarded' };
  if (m.every === null || m.every === 1) return null;
  return { path: 'every', message: 'must be 1 or null where the referred person is rewarded' };
}

/**
 * Which time an occurrence is, from 1. Of one that is for each the name does not tell it.
 * @param count at which it was crossed
 */
export function ordinalOf(occurrence: string, count: number): number {
  if (occurrence === 'once') return 1;
  const n = /^\d+:(\d+)$/.exec(occurrence)?.[1];
  return n === undefined ? count : Number(n);
}

/** How the occurrences of a milestone are named. A change from one to another leaves grants by names that do not come again. */
export function namingOf(m: MilestoneRule): 'each' | 'once' | 'season' {
  if (isForEach(m)) return 'each';
  return m.every === null ? 'once' : 'season';
}

/** The count at which an occurrence that is not for each is crossed. */
export function goalOf(m: MilestoneRule, occurrence: string): number {
  return m.threshold + (ordinalOf(occurrence, 1) - 1) * (m.every ?? 0);
}

/** A fall of the count at one stage. */
export type Fall = {
  before: number;
  after: number;
  season: number;
  /** null of a correction, which is nobody's referral. */
  referralId: string | null;
  /** The highest count that the person has in any season after it; what is given once stands on that. */
  highest: number;
};

/**
 * Whether a fall takes away what a grant was given for. It stands as long as one of the rules is met: the one that it was given by,
 * since that was promised, or the one of today. A rule that names its occurrences otherwise says nothing of it.
 * @param rules as far as they are about the stage that fell
 */
export function hasFallen(occurrence: string, rules: readonly MilestoneRule[], fall: Fall): boolean {
  const naming = namingOfName(occurrence);
  const asking = rules.filter((rule) => namingOf(rule) === naming);
  if (asking.length === 0) return false;
  if (naming === 'each') return occurrence === fall.referralId;
  if (naming === 'season' && !occurrence.startsWith(`${fall.season}:`)) return false;
  const goal = Math.min(...asking.map((rule) => goalOf(rule, occurrence)));
  if (naming === 'once' && fall.highest >= goal) return false;
  return fall.after < goal && goal <= fall.before;
}

function namingOfName(occurrence: string): ReturnType<typeof namingOf> {
  if (occurrence === 'once') return 'once';
  return occurrence.includes(':') ? 'season' : 'each';
}

/**
 * When a count came to a goal: at the last rise to it that was not followed by a fall below it. Null when these moves do not
 * lead there.
 * @param moves what was added or taken away, in any order
 */
export function reachedAt(moves: readonly { at: Date; delta: number }[], goal: number): Date | null {
  let count = 0;
  let reached: Date | null = null;
  for (const { at, delta } of [...moves].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const before = count;
    count += delta;
    if (count < goal) reached = null;
    else if (before < goal) reached = at;
  }
  return reached;
}

/** Whether a milestone is granted for each referral, and its occurrence is the referral's id. */
export function isForEach(m: MilestoneRule): boolean {
  return m.recipient === 'referred' || (m.threshold === 1 && m.every === 1);
}

function timesReached(m: { threshold: number; every: number | null }, count: number): number {
  if (count < m.threshold) return 0;
  return m.every === null ? 1 : 1 + Math.floor((count - m.threshold) / m.every);
}

/** Where a count stands on one milestone, for the ladder on pages and footers. */
export type Standing = {
  /** At least once. */
  reached: boolean;
  times: number;
  /** The count of the next crossing; of a milestone that is over, its threshold. */
  goal: number;
  /** How many are missing to `goal`; 0 when the milestone is over. */
  remaining: number;
};

export function standing(m: MilestoneRule, count: number): Standing {
  const times = timesReached(m, count);
  const goal = m.every === null ? m.threshold : m.threshold + times * m.every;
  return { reached: times > 0, times, goal, remaining: Math.max(0, goal - count) };
}

/**
 * The milestone that a referrer comes to next: the nearest crossing above `count`, repeating milestones included, those
 * for the referred person not. Ties go to the lower threshold, then to the lower id. Null when nothing is left.
 * @param milestones of one stage, those that this person may get
 * @param count at that stage
 */
export function nextMilestone<M extends MilestoneRule & { id: string; name: string }>(
  milestones: readonly M[],
  count: number,
): { id: string; name: string; remaining: number } | null {
  let best: { milestone: M; remaining: number } | null = null;
  for (const milestone of milestones) {
    if (milestone.recipient !== 'referrer') continue;
    const { remaining } = standing(milestone, count);
    if (remaining === 0) continue;
    if (best === null || comesBefore({ milestone, remaining }, best)) best = { milestone, remaining };
  }
  return best && { id: best.milestone.id, name: best.milestone.name, remaining: best.remaining };
}

/**
 * A ladder as one person climbs it: without the milestones whose audience they are not in, and without those that are given once
 * and that they had in a season before, which no count brings again.
 */
export function ladderFor<M extends { id: string; audience: Audience | null }>(
  ladder: readonly M[],
  person: { facts: Readonly<Record<string, unknown>>; had: ReadonlySet<string> },
): M[] {
  return ladder.filter(({ id, audience }) => !person.had.has(id) && isIn(audience, person.facts));
}

type Candidate = { milestone: { id: string; threshold: number }; remaining: number };

function comesBefore(a: Candidate, b: Candidate): boolean {
  if (a.remaining !== b.remaining) return a.remaining < b.remaining;
  if (a.milestone.threshold !== b.milestone.threshold) return a.milestone.threshold < b.milestone.threshold;
  return a.milestone.id < b.milestone.id;
}
