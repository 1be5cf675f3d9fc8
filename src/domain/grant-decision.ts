import { type Cap, Places } from './caps.js';
import type { GrantStatus } from './grants.js';

/** Why a grant was revoked whose count fell: when the count is there again, so is the grant. */
export const COUNT_FELL = 'count_fell';

/** A crossing that somebody may be owed a reward for. */
export type Wanted = {
  occurrence: string;
  /** Which time it is, from 1. */
  ordinal: number;
  /** In which month it was reached (caps.ts). */
  month: string;
};

/** What one person has of one milestone. */
export type Holding = {
  /** Their grants of the occurrences asked about. */
  grants: readonly {
    id: string;
    occurrence: string;
    status: GrantStatus;
    reason: string | null;
    month: string | null;
  }[];
  /** How many they have by other names, from before the milestone was changed from once to repeating, or the like. */
  earlier: number;
  /** How many were rewarded, by month. */
  rewarded: readonly { month: string; count: number }[];
};

export type Decision = {
  occurrence: string;
  month: string;
  /** Kept without a reward: the person had as many as the cap allows. */
  capped: boolean;
  /** The grant that comes back, instead of a new one. */
  reinstates: string | null;
};

/**
 * Which of the crossings of a person become grants.
 *
 * - What they have is not given again, whatever became of it. Only one that was revoked because the count had fallen comes back.
 * - What they were given under another shape of the milestone stands for the first times of the present one, so that a change
 *   gives only what is owed beyond it.
 * - Above the cap a grant is kept as `capped`. One that comes back keeps its month, and finds its place taken if somebody took it.
 *
 * @param wanted in the order in which they were reached
 */
export function decide(cap: Cap | null, holding: Holding, wanted: readonly Wanted[]): Decision[] {
  const places = new Places(cap, holding.rewarded);
  const grants = new Map(holding.grants.map((grant) => [grant.occurrence, grant]));
  const decisions: Decision[] = [];
  for (const { occurrence, ordinal, month } of wanted) {
    if (ordinal <= holding.earlier) continue;
    const had = grants.get(occurrence);
    if (had !== undefined && !comesBack(had)) continue;
    const reached = had?.month ?? month;
    decisions.push({ occurrence, month: reached, capped: !places.take(reached), reinstates: had?.id ?? null });
  }
  return decisions;
}

function comesBack({ status, reason }: Holding['grants'][number]): boolean {
  return status === 'revoked' && reason === COUNT_FELL;
}
