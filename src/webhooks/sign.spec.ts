import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { SECRET_BYTES, signatureHeaders, writeSecret } from './sign.js';

const newSecret = () => writeSecret(randomBytes(SECRET_BYTES));
const ID = '019a0000-0000-7000-8000-000000000002';

describe('a signature', () => {
  it('is what the library of Standard Webhooks makes and verifies, whatever the body', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        const [secret, now] = [newSecret(), new Date()];
        const headers = signatureHeaders([secret], ID, now, body);
        expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(ID, now, body));
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
      { numRuns: 50 },
    );
  });

  it('of two secrets satisfies who knows either, and nobody else', () => {
    const [old, present, foreign] = [newSecret(), newSecret(), newSecret()];
    const headers = signatureHeaders([present, old], ID, new Date(), '{}');
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [old, present]) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(foreign).verify('{}', headers)).toThrow();
  });

  it('covers id, time and body', () => {
    const secret = newSecret();
    const headers = signatureHeaders([secret], ID, new Date(), '{"a":1}');
    const verify = (changes: object, body = '{"a":1}') => new Webhook(secret).verify(body, { ...headers, ...changes });
    expect(verify({})).toEqual({ a: 1 });
    expect(() => verify({}, '{"a":2}')).toThrow();
    expect(() => verify({ 'webhook-id': ID.replace('2', '3') })).toThrow();
    expect(() => verify({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow();
  });
});

const testData = process.env['TEST_DATA'];
describe.skipIf(!testData)(
  testData ? "Standard Webhooks' vectors" : "Standard Webhooks' vectors (skipped: TEST_DATA is not set)",
  () => {
    interface Vector {
      secret: string;
      id: string;
      timestamp: number;
      payload: string;
      signature: string;
    }
    const file = join(testData ?? '', 'standard-webhooks/vectors.json');
    const vectors = testData ? (JSON.parse(readFileSync(file, 'utf8')) as { sign: Vector[] }).sign : [];

    it('are there', () => expect(vectors.length).toBeGreaterThan(1));

    it.each(vectors)('$id', ({ secret, id, timestamp, payload, signature }) => {
      expect(signatureHeaders([secret], id, new Date(timestamp * 1000), payload)).toEqual({
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      });
    });
  },
);
