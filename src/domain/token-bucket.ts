/** What is left of somebody's allowance, and when that was reckoned (ms). */
export interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Takes one token of a bucket that holds one second's worth and fills steadily, so that an even stream of `perSecond` always
 * passes and a burst of as many does once. Changes the bucket. Answers 0, or how many ms until there is a token.
 */
export function takeToken(bucket: Bucket, perSecond: number, now: number): number {
  const since = Math.max(0, now - bucket.at);
  const tokens = Math.min(perSecond, bucket.tokens + (since * perSecond) / 1_000);
  bucket.at = now;
  bucket.tokens = tokens >= 1 ? tokens - 1 : tokens;
  return tokens >= 1 ? 0 : ((1 - tokens) * 1_000) / perSecond;
}
