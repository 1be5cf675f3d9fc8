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
  clickToSignup: number | null;
  signupToVerified: number | null;
  verifiedToQualified: number | null;
  qualifiedToPurchased: number | null;
};

export function rates(counts: FunnelCounts): FunnelRates {
  return {
    clickToSignup: rate(counts.signups, counts.clicks),
    signupToVerified: rate(counts.verified, counts.signups),
    verifiedToQualified: rate(counts.qualified, counts.verified),
    qualifiedToPurchased: rate(counts.purchased, counts.qualified),
  };
}

/** `part` by `whole`, rounded half up to 4 places; null when `whole` is 0. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
