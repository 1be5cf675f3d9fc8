import { describe, expect, test } from 'vitest';
import { Leave } from '../../src/flows/leave.js';
import { DAY, MINUTE, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

async function referrerOf(publication: TestPublication, friends: number) {
  const reader = await publication.reader();
  for (let n = 0; n < friends; n++) await publication.verifiedFriend(reader.code);
  return reader;
}

async function statuses(publication: TestPublication, of: { milestoneId?: string; subscriberId?: string }) {
  return (await publication.grants(of)).map(({ status }) => status);
}

/** What the ledger says is owed or was given, in pieces. */
async function owed(publication: TestPublication, grantId?: string): Promise<number> {
  const [row] = await app.rows<{ sum: number }>(
    `select coalesce(sum(quantity), 0)::int as sum from ledger_entries where publication_id = $1 and ($2::uuid is null or grant_id = $2)`,
    [publication.id, grantId ?? null],
  );
  return row!.sum;
}

async function rewardMails(
  publication: TestPublication,
): Promise<{ subscriberId: string; data: Record<string, unknown> & { reward: { code?: string } } }[]> {
  return app.rows(
    `select subscriber_id, data from mails where publication_id = $1 and message = 'reward' order by id`,
    [publication.id],
  );
}

describe('a milestone', () => {
  test('is granted when it is crossed, once, and the count goes on', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 3 });
    const reader = await referrerOf(publication, 2);
    expect(await publication.grants()).toEqual([]);
    await publication.verifiedFriend(reader.code);
    await publication.verifiedFriend(reader.code);
    expect(await publication.grants()).toMatchObject([{ subscriberId: reader.id, occurrence: 'once', status: 'due' }]);
    await app.tick();
    await app.tick();
    expect(await statuses(publication, { milestoneId: milestone.id })).toEqual(['sent']);
    expect((await rewardMails(publication)).map(({ subscriberId, data }) => [subscriberId, data.count])).toEqual([
      [reader.id, 3],
    ]);
  });

  test('that repeats is granted at each of its crossings', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 2, every: 3 });
    const reader = await referrerOf(publication, 8);
    const occurrences = (await publication.grants({ subscriberId: reader.id })).map(({ occurrence }) => occurrence);
    expect(occurrences).toEqual(['1:1', '1:2', '1:3']); // at 2, 5 and 8
  });

  test('for each friend is granted for each, by the id of the referral', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, every: 1 });
    const reader = await publication.reader();
    const referrals = [];
    for (let n = 0; n < 3; n++) referrals.push((await publication.verifiedFriend(reader.code)).referral.id);
    const occurrences = (await publication.grants({ subscriberId: reader.id })).map(({ occurrence }) => occurrence);
    expect(occurrences).toEqual(referrals);
  });

  test('for the referred person rewards the friend and not the referrer', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, recipient: 'referred' });
    const reader = await publication.reader();
    const { friend } = await publication.verifiedFriend(reader.code);
    expect(await publication.grants()).toMatchObject([{ subscriberId: friend.id, status: 'due' }]);
    await app.tick();
    const mails = await rewardMails(publication);
    expect(mails).toMatchObject([{ subscriberId: friend.id, data: { recipient: 'referred', shareUrl: null } }]);
  });

  test.each([
    ['ignore', []],
    ['grant', ['once', 'once']],
  ] as const)('made with past: %s treats those who are past it so', async (past, expected) => {
    const publication = await newPublication(app);
    const readers = [
      await referrerOf(publication, 3),
      await referrerOf(publication, 2),
      await referrerOf(publication, 4),
    ];
    const milestone = await publication.milestone({ threshold: 3, past });
    const grants = await publication.grants({ milestoneId: milestone.id });
    expect(grants.map(({ occurrence }) => occurrence)).toEqual(expected);
    // Whoever crosses it from now on gets it either way; whoever is past it gets no second one.
    for (const { code } of readers) await publication.verifiedFriend(code);
    const after = await publication.grants({ milestoneId: milestone.id });
    expect(after.map(({ subscriberId }) => subscriberId)).toEqual([
      ...grants.map((g) => g.subscriberId),
      readers[1]!.id,
    ]);
  });

  test('that repeats, made for the past, grants every crossing of it', async () => {
    const publication = await newPublication(app);
    const reader = await referrerOf(publication, 5);
    await publication.milestone({ threshold: 1, every: 2, past: 'grant' });
    expect((await publication.grants({ subscriberId: reader.id })).map((g) => g.occurrence)).toEqual([
      '1:1',
      '1:2',
      '1:3',
    ]);
  });

  test('out of force grants nothing more; its grants stay and go out', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1, holdDays: 1 });
    await referrerOf(publication, 1);
    expect((await publication.admin.delete(`/programs/default/milestones/${milestone.id}`)).status).toBe(204);
    await referrerOf(publication, 1);
    app.advance(DAY);
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['sent']);
  });
});

describe('a grant', () => {
  test('that needs a person waits for approval, is owed from then on, goes out and can be fulfilled', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, approval: 'manual' });
    await referrerOf(publication, 1);
    await app.tick();
    const [grant] = await publication.grants();
    expect([grant!.status, await owed(publication)]).toEqual(['awaiting_approval', 0]);
    const approved = await publication.admin.post(`/grants/${grant!.id}/approve`);
    expect([approved.status, approved.body.status, await owed(publication)]).toEqual([200, 'due', 1]);
    expect((await publication.admin.post(`/grants/${grant!.id}/approve`)).body.code).toBe('grant/wrong-status');
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['sent']);
    expect((await publication.admin.post(`/grants/${grant!.id}/revoke`)).body.code).toBe('grant/wrong-status');
    const fulfilled = await publication.admin.post(`/grants/${grant!.id}/fulfil`);
    expect([fulfilled.status, fulfilled.body.status, await owed(publication)]).toEqual([200, 'fulfilled', 1]);
    expect(await rewardMails(publication)).toHaveLength(1);
  });

  test('that is revoked gives its coupon back and owes nothing; the next one in line gets the code', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, holdDays: 5, rewardId: (await publication.coupon(['ONLY'])).id });
    const [first, second] = [await referrerOf(publication, 1), await referrerOf(publication, 1)];
    const [grant] = await publication.grants({ subscriberId: first.id });
    expect(await statuses(publication, {})).toEqual(['due', 'out_of_stock']);
    const revoked = await publication.admin.post(`/grants/${grant!.id}/revoke`, { reason: 'a mistake' });
    expect([revoked.status, revoked.body.status, revoked.body.reason]).toEqual([200, 'revoked', 'a mistake']);
    expect(await owed(publication, grant!.id)).toBe(0);
    await app.tick();
    app.advance(5 * DAY);
    await app.tick();
    expect(await publication.grants()).toMatchObject([
      { status: 'revoked', code: null },
      { status: 'sent', code: 'ONLY', subscriberId: second.id },
    ]);
    expect((await rewardMails(publication)).map(({ data }) => data.reward.code)).toEqual(['ONLY']);
    expect(await owed(publication)).toBe(1);
  });

  test('that is revoked while it awaits approval was never owed', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, approval: 'manual' });
    await referrerOf(publication, 1);
    const [grant] = await publication.grants();
    await publication.admin.post(`/grants/${grant!.id}/revoke`);
    expect([await statuses(publication, {}), await owed(publication)]).toEqual([['revoked'], 0]);
  });

  test('can be decided once: of 20 approvals and 20 revocations at once one wins', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, approval: 'manual' });
    await referrerOf(publication, 1);
    const [grant] = await publication.grants();
    const answers = await Promise.all(
      range(20).flatMap(() =>
        ['approve', 'revoke'].map((act) => publication.admin.post(`/grants/${grant!.id}/${act}`).then()),
      ),
    );
    const good = answers.filter(({ status }) => status === 200);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    // An approval may be followed by a revocation, never by another approval, and nothing follows a revocation.
    expect(good.map(({ body }) => body.status).filter((status) => status === 'due').length).toBeLessThanOrEqual(1);
    const [after] = await publication.grants();
    expect(await owed(publication)).toBe(after!.status === 'due' ? 1 : 0);
  });

  test('is held for the days of its milestone, then released', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, holdDays: 3 });
    await referrerOf(publication, 1);
    app.advance(3 * DAY - MINUTE);
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['due']);
    app.advance(MINUTE);
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['sent']);
  });

  test('of a program that delivers on Mondays at nine in Berlin goes out then, in local time, and no earlier', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({
      deliveryWhen: 'scheduled',
      deliveryCron: '0 9 * * 1',
      deliveryTimezone: 'Europe/Berlin',
    });
    await publication.milestone({ threshold: 1 });
    const before = app.clock.now();
    app.clock.set(new Date('2027-03-26T12:00:00Z')); // a Friday; on Sunday the clocks go forward
    await referrerOf(publication, 1);
    app.clock.set(new Date('2027-03-29T06:59:00Z')); // 08:59 in Berlin
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['due']);
    app.clock.set(new Date('2027-03-29T07:00:01Z'));
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['sent']);
    app.clock.set(before);
  });

  test('waits while its person is gone, and goes out when they are back', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, holdDays: 1 });
    const reader = await referrerOf(publication, 1);
    await app.get(Leave).run(publication.id, reader.id, 'unsubscribed', 'mail');
    app.advance(2 * DAY);
    await app.tick();
    expect([await statuses(publication, {}), await rewardMails(publication)]).toEqual([['due'], []]);
    await publication.signUp(reader.email, { confirmed: true });
    await app.tick();
    expect(await statuses(publication, {})).toEqual(['sent']);
  });

  test('of a coupon carries the same code in every copy of its mail', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, rewardId: (await publication.coupon(['RYE-1', 'RYE-2'])).id });
    const reader = await referrerOf(publication, 1);
    await app.tick();
    const [mail] = (await app.mails(reader.email)).filter(({ subject }) => subject.includes('for you'));
    expect([mail!.text, mail!.html].map((body) => body.includes('RYE-1'))).toEqual([true, true]);
    expect((await publication.grants()).map(({ code }) => code)).toEqual(['RYE-1']);
  });
});
