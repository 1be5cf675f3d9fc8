/** What rows of the funnel are counted by: one of these, or two together. `total` is by none. */
export const FUNNEL_DIMENSIONS = ['day', 'content', 'channel', 'referrer', 'program'] as const;
export type FunnelDimension = (typeof FUNNEL_DIMENSIONS)[number];

/** `total`, one dimension, or two that differ, parted by a comma; null for anything else. */
export function parseFunnelBy(text: string): FunnelDimension[] | null {
  if (text === 'total') return [];
  const named = text.split(',');
  const known = named.filter((name): name is FunnelDimension =>
    (FUNNEL_DIMENSIONS as readonly string[]).includes(name),
  );
  return known.length === named.length && known.length <= 2 && new Set(known).size === known.length ? known : null;
}

/** People or clicks at each step of the funnel, as a report's row counts them. */
export type FunnelCounts = {
  shares: number;
  clicks: number;
  visitors: number;
  signups: number;
  verified: number;
  qualified: number;
  purchased: number;
};

/** Each step by the one before it, to 4 places; null where the one before is 0. May exceed 1: each step is counted at its own time. */
export type FunnelRates = {
  /** Of presses on share buttons, which most who share do without: it says how well buttons are used, not how well friends click. */
  shareToClick: number | null;
  clickToSignup: number | null;
  signupToVerified: number | null;
  verifiedToQualified: number | null;
  qualifiedToPurchased: number | null;
};

export function rates(counts: FunnelCounts): FunnelRates {
  return {
    shareToClick: rate(counts.clicks, counts.shares),
    clickToSignup: rate(counts.signups, counts.clicks),
    signupToVerified: rate(counts.verified, counts.signups),
    verifiedToQualified: rate(counts.qualified, counts.verified),
    qualifiedToPurchased: rate(counts.purchased, counts.qualified),
  };
}

/** `part` by `whole`, rounded half up to 4 places; null when `whole` is 0. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
