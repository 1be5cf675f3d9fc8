import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TooManyRequests } from '../domain/errors.js';
import { type Bucket, takeToken } from '../domain/token-bucket.js';
import { hashKey } from '../platform/secrets.js';

/** Keys remembered at once; one that is forgotten begins again with a full second's worth. */
const KEYS = 10_000;

/**
 * At most `perSecond` requests of the API for each key in this process. It keeps one caller's loop from taking the others'
 * time and is no quota, so each process counts for itself and nothing is asked of the database. By the monotonic clock.
 */
export function limitKeys(fastify: FastifyInstance, perSecond: number): void {
  if (perSecond === 0) return;
  const buckets = new LRUCache<string, Bucket>({ max: KEYS });
  fastify.addHook('onRequest', async (request) => {
    if (request.caller === null || !request.url.startsWith('/api/')) return;
    const key = hashKey(request.headers.authorization ?? '').toString('base64');
    const now = performance.now();
    const bucket = buckets.get(key) ?? { tokens: perSecond, at: now };
    buckets.set(key, bucket);
    const wait = takeToken(bucket, perSecond, now);
    if (wait > 0) {
      throw new TooManyRequests(
        Math.ceil(wait / 1_000),
        `This key may send ${perSecond} requests a second to each process`,
      );
    }
  });
}
