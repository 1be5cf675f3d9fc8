import { expect } from 'vitest';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { VerifyReferral } from '../../src/flows/verify-referral.js';
import { getProgram } from '../../src/publications/program.store.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { inFlight, range, type TestPublication } from './make.js';

export const MILESTONES = '/programs/default/milestones';

/** The statuses of grants, oldest first. */
export async function statuses(publication: TestPublication, of: { milestoneId?: string; subscriberId?: string } = {}) {
  return (await publication.grants(of)).map(({ status }) => status);
}

/** How often each occurs. */
export function tally(all: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(all)].sort().map((one) => [one, all.filter((other) => other === one).length]));
}

/** Staff correct the count of a reader. */
export async function adjust(publication: TestPublication, id: string, delta: number) {
  const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, { delta, reason: 'told by phone' });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Record<string, unknown>;
}

/** Readers with a count that staff gave them. */
export async function readersWith(publication: TestPublication, count: number, readers: number) {
  return inFlight(10, range(readers), async () => {
    const reader = await publication.reader();
    await adjust(publication, reader.id, count);
    return reader;
  });
}

/** A reviewer lets a referral count, or takes it back. */
export function settle(publication: TestPublication, id: string, verified: boolean): Promise<void> {
  const { app } = publication;
  return app.database.transaction(async (tx) => {
    const referral = (await lockReferral(tx, publication.id, id))!;
    const program = await getProgram(tx, publication.id, referral.programId);
    if (verified) await app.get(VerifyReferral).within(tx, referral, program, 'key:test', app.clock.now());
    else await app.get(ReverseReferral).within(tx, referral, [], 'key:test', app.clock.now());
  });
}
