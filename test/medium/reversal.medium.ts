import { describe, expect, test } from 'vitest';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { VerifyReferral } from '../../src/flows/verify-referral.js';
import { getProgram } from '../../src/publications/program.store.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

const FRAUD = { code: 'fraud_found', weight: 100 };

/** As a reviewer does it: true when the referral counted until then. */
function reverse(publication: TestPublication, id: string): Promise<boolean> {
  return app.database.transaction(async (tx) => {
    const referral = (await lockReferral(tx, publication.id, id))!;
    if (referral.state !== 'verified') return false;
    await app.get(ReverseReferral).within(tx, referral, [FRAUD], 'key:test', app.clock.now());
    return true;
  });
}

function verify(publication: TestPublication, id: string): Promise<boolean> {
  return app.database.transaction(async (tx) => {
    const referral = (await lockReferral(tx, publication.id, id))!;
    if (referral.state === 'verified') return false;
    const program = await getProgram(tx, publication.id, referral.programId);
    await app.get(VerifyReferral).within(tx, referral, program, 'key:test', app.clock.now());
    return true;
  });
}

async function counts(publication: TestPublication): Promise<Record<string, number>> {
  const found = await app.rows<{ stage: string; season: number; count: number }>(
    `select stage, season, count from stage_counts where publication_id = $1 order by 1, 2`,
    [publication.id],
  );
  return Object.fromEntries(found.map(({ stage, season, count }) => [`${stage} ${season}`, count]));
}

async function referrerWith(friends: number) {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const made = await inFlight(1, range(friends), () => publication.verifiedFriend(reader.code));
  const referrals = made.map(({ referral }) => referral.id);
  return { publication, reader, referrals };
}

const statuses = async (publication: TestPublication, milestoneId: string) =>
  (await publication.grants({ milestoneId })).map(({ status }) => status);

describe('a referral that is reversed', () => {
  test('leaves the count, keeps its reasons and its history, and tells why', async () => {
    const { publication, reader, referrals } = await referrerWith(2);
    expect(await reverse(publication, referrals[0]!)).toBe(true);
    expect(await publication.countOf(reader.id)).toBe(1);
    const { body } = await publication.admin.get(`/referrals/${referrals[0]}`);
    expect(body).toMatchObject({ state: 'reversed', reasons: [FRAUD], stages: [] });
    expect(await reverse(publication, referrals[0]!)).toBe(false);
    expect(await publication.countOf(reader.id)).toBe(1);
  });

  test('takes an unsent grant with it, with its code and its entry in the ledger; what was sent stays and is flagged', async () => {
    const { publication, reader, referrals } = await referrerWith(1);
    const coupon = await publication.coupon(['A-1', 'A-2']);
    const sentAlready = await publication.milestone({ threshold: 1, past: 'grant' });
    await app.tick();
    const unsent = await publication.milestone({ threshold: 1, holdDays: 30, rewardId: coupon.id, past: 'grant' });
    const manual = await publication.milestone({ threshold: 1, approval: 'manual', past: 'grant' });
    await reverse(publication, referrals[0]!);

    expect(await statuses(publication, sentAlready.id)).toEqual(['sent']);
    expect(await statuses(publication, unsent.id)).toEqual(['revoked']);
    expect(await statuses(publication, manual.id)).toEqual(['revoked']);
    const grants = await app.rows(
      `select milestone_id, reason, flagged_at is not null as flagged from grants where publication_id = $1`,
      [publication.id],
    );
    const told = (id: string) => grants.find(({ milestoneId }) => milestoneId === id);
    expect(told(sentAlready.id)).toMatchObject({ reason: null, flagged: true });
    expect(told(unsent.id)).toMatchObject({ reason: 'count_fell', flagged: false });
    expect(
      await app.rows(`select code from coupon_codes where reward_id = $1 and grant_id is null`, [coupon.id]),
    ).toHaveLength(2);
    const ledger = await app.rows(
      `select g.milestone_id, sum(quantity)::int as left from ledger_entries l join grants g on g.id = l.grant_id
       where l.publication_id = $1 group by 1`,
      [publication.id],
    );
    expect(ledger.find(({ milestoneId }) => milestoneId === unsent.id)!.left).toBe(0);
    expect(ledger.find(({ milestoneId }) => milestoneId === sentAlready.id)!.left).toBe(1);
    expect(ledger.find(({ milestoneId }) => milestoneId === manual.id)).toBeUndefined();

    await verify(publication, referrals[0]!);
    expect(
      await app.rows(`select 1 from grants where publication_id = $1 and flagged_at is not null`, [publication.id]),
    ).toEqual([]);
    expect(await publication.countOf(reader.id)).toBe(1);
    // The same rows, and the ledger knows what is owed again.
    expect([await statuses(publication, unsent.id), await statuses(publication, manual.id)]).toEqual([
      ['due'],
      ['awaiting_approval'],
    ]);
    const [owed] = await app.rows<{ left: number }>(
      `select sum(quantity)::int as left from ledger_entries l join grants g on g.id = l.grant_id where g.milestone_id = $1`,
      [unsent.id],
    );
    expect(owed!.left).toBe(1);
  });

  test('takes back what was for it, on both sides, and nothing that is for others', async () => {
    const { publication, reader, referrals } = await referrerWith(3);
    const forEach = await publication.milestone({ threshold: 1, every: 1, holdDays: 30, past: 'grant' });
    const friends = await publication.milestone({ threshold: 1, recipient: 'referred', holdDays: 30, past: 'grant' });
    const three = await publication.milestone({ threshold: 3, holdDays: 30, past: 'grant' });
    const two = await publication.milestone({ threshold: 2, holdDays: 30, past: 'grant' });
    await reverse(publication, referrals[1]!);
    const kept = (grants: { occurrence: string; status: string }[]) =>
      grants.filter(({ status }) => status === 'due').map(({ occurrence }) => occurrence);
    const others = [referrals[0], referrals[2]].sort();
    expect(kept(await publication.grants({ milestoneId: forEach.id })).sort()).toEqual(others);
    expect(kept(await publication.grants({ milestoneId: friends.id })).sort()).toEqual(others);
    expect(await statuses(publication, three.id)).toEqual(['revoked']);
    expect(await statuses(publication, two.id)).toEqual(['due']);
    expect(await publication.countOf(reader.id)).toBe(2);
  });

  test('leaves the season in which it was counted, and counts in the present one when it comes back', async () => {
    const { publication, referrals } = await referrerWith(2);
    const repeating = await publication.milestone({ threshold: 2, every: 2, holdDays: 60, past: 'grant' });
    const once = await publication.milestone({ threshold: 2, holdDays: 60, past: 'grant' });
    await publication.changeProgram({ season: 2 });
    await reverse(publication, referrals[0]!);
    expect(await counts(publication)).toEqual({ 'verified 1': 1 });
    expect(await statuses(publication, repeating.id)).toEqual(['revoked']);
    expect(await statuses(publication, once.id)).toEqual(['revoked']);
    await verify(publication, referrals[0]!);
    expect(await counts(publication)).toEqual({ 'verified 1': 1, 'verified 2': 1 });
    await reverse(publication, referrals[0]!);
    expect(await counts(publication)).toEqual({ 'verified 1': 1, 'verified 2': 0 });
  });

  test('what is granted once for all seasons stands while one season has the count', async () => {
    const { publication, reader, referrals } = await referrerWith(1);
    const once = await publication.milestone({ threshold: 1, holdDays: 60, past: 'grant' });
    await publication.changeProgram({ season: 2 });
    await publication.verifiedFriend(reader.code);
    await reverse(publication, referrals[0]!);
    expect(await statuses(publication, once.id)).toEqual(['due']);
  });

  test('50 reversals of one referral at once take it away once, 20 of different ones all of them', async () => {
    const { publication, reader, referrals } = await referrerWith(20);
    const milestones = [];
    for (const threshold of [5, 20]) {
      milestones.push(await publication.milestone({ threshold, holdDays: 30, past: 'grant' }));
    }
    const once = await Promise.all(range(50).map(() => reverse(publication, referrals[0]!)));
    expect(once.filter(Boolean)).toHaveLength(1);
    expect(await publication.countOf(reader.id)).toBe(19);
    await Promise.all(referrals.slice(1).map((id) => reverse(publication, id)));
    expect(await publication.countOf(reader.id)).toBe(0);
    for (const { id } of milestones) expect(await statuses(publication, id)).toEqual(['revoked']);
  });

  test('50 of them up and down at once end where the last of each left it', async () => {
    const { publication, reader, referrals } = await referrerWith(5);
    await Promise.all(range(50).map((n) => (n % 2 ? verify : reverse)(publication, referrals[Math.floor(n / 10)]!)));
    const states = await app.rows<{ state: string }>(`select state from referrals where publication_id = $1`, [
      publication.id,
    ]);
    expect(await publication.countOf(reader.id)).toBe(states.filter(({ state }) => state === 'verified').length);
  });
});
