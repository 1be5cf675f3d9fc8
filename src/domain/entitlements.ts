/** An access that was given. */
export interface GivenAccess {
  rewardId: string;
  /** When it went out. */
  at: Date;
  /** Null: for good. */
  months: number | null;
}

export interface Entitlement {
  from: Date;
  /** Null: for good. */
  until: Date | null;
}

/**
 * From when until when each access lasts: one of the same reward that is still running goes on, so that three months and three
 * months are six.
 * @param given in the order in which they went out
 */
export function entitlementsOf(given: readonly GivenAccess[]): Entitlement[] {
  const ends = new Map<string, Date | null>();
  return given.map(({ rewardId, at, months }) => {
    const running = ends.get(rewardId);
    const from = running !== undefined && running !== null && running > at ? running : at;
    const until = running === null || months === null ? null : monthsLater(from, months);
    ends.set(rewardId, until);
    return { from, until };
  });
}

/** The same day so many months later, or the last one of a shorter month, in UTC. */
function monthsLater(from: Date, months: number): Date {
  const then = new Date(from);
  then.setUTCDate(1);
  then.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return then;
}
