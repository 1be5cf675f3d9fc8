import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Referral } from '../../src/referrals/referral.entities.js';
import { DAY, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

/** Puts referrals before a reviewer, as the checks do. */
async function hold(publication: TestPublication, ...referrals: Referral[]): Promise<void> {
  await app.rows(
    `update referrals set state = 'held', held_for = 'review', held_until = null, reasons = '[{"code": "same_device", "weight": 2}]'
     where publication_id = $1 and id = any ($2::uuid[])`,
    [publication.id, referrals.map(({ id }) => id)],
  );
}

/** A friend who confirmed, waiting for a reviewer. `holdDays` keeps it from counting before. */
async function heldFriends(publication: TestPublication, code: string, count: number): Promise<Referral[]> {
  await publication.changeProgram({ holdDays: 30 });
  const friends = await inFlight(8, range(count), () => publication.verifiedFriend(code));
  await publication.changeProgram({ holdDays: 0 });
  const referrals = friends.map(({ referral }) => referral);
  await hold(publication, ...referrals);
  return referrals;
}

const review = async (publication: TestPublication, ids: string[], decision: string, note?: string) =>
  app.api(await publication.key('editor')).post('/referrals/review', { ids, decision, note });

const get = async (publication: TestPublication, id: string) => (await publication.admin.get(`/referrals/${id}`)).body;
const codes = (referral: { reasons: { code: string }[] }) => referral.reasons.map(({ code }) => code);

describe('a review', () => {
  test('approves and rejects what is held, counts and grants at once, and tells of each id what became of it', async () => {
    const publication = await newPublication(app);
    const other = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1 });
    const reader = await publication.reader();
    const [first, second, third] = await heldFriends(publication, reader.code, 3);
    const { referral: foreign } = await other.verifiedFriend((await other.reader()).code);
    const pending = await publication.referralOf((await publication.signUp(undefined, { ref: reader.code })).id);
    expect(await publication.countOf(reader.id)).toBe(0);

    const unknown = randomUUID();
    const ids = [first!.id, first!.id.toUpperCase(), pending.id, foreign.id, unknown, second!.id];
    const { status, body } = await review(publication, ids, 'approve', 'they are colleagues');
    expect([status, body.data]).toEqual([
      200,
      [
        { id: first!.id, result: 'approved', state: 'verified', heldFor: null, detail: null },
        {
          id: pending.id,
          result: 'wrong_state',
          state: 'pending',
          heldFor: null,
          detail: expect.stringContaining('confirmed'),
        },
        { id: foreign.id, result: 'not_found', state: null, heldFor: null, detail: expect.any(String) },
        { id: unknown, result: 'not_found', state: null, heldFor: null, detail: expect.any(String) },
        { id: second!.id, result: 'approved', state: 'verified', heldFor: null, detail: null },
      ],
    ]);
    expect([
      await publication.countOf(reader.id),
      (await publication.grants({ milestoneId: milestone.id })).length,
    ]).toEqual([2, 1]);

    const rejected = await review(publication, [third!.id, first!.id], 'reject');
    expect(rejected.body.data).toMatchObject([
      { id: third!.id, result: 'rejected', state: 'rejected' },
      { id: first!.id, result: 'rejected', state: 'reversed' },
    ]);
    expect(codes(await get(publication, third!.id))).toEqual(['same_device', 'rejected_by_reviewer']);
    expect(codes(await get(publication, first!.id))).toEqual(['same_device', 'fraud_found']);
    expect(await publication.countOf(reader.id)).toBe(1);

    const again = await review(publication, [third!.id, first!.id], 'reject');
    expect(again.body.data).toMatchObject([{ result: 'unchanged' }, { result: 'unchanged' }]);
    const back = await review(publication, [third!.id, first!.id], 'approve');
    expect(back.body.data).toMatchObject([
      { result: 'approved', state: 'verified' },
      { result: 'approved', state: 'verified' },
    ]);
    expect([
      await publication.countOf(reader.id),
      (await publication.grants({ milestoneId: milestone.id })).length,
    ]).toEqual([3, 1]);
    expect((await other.referralOf(foreign.referredId)).state).toBe('verified');
  });

  test('ends the review alone: the delay and the click that the program asks for come after it', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const [held] = await heldFriends(publication, reader.code, 1);
    await publication.changeProgram({ holdDays: 7, requireEngagement: true });
    app.advance(DAY);
    const approved = await review(publication, [held!.id], 'approve');
    expect(approved.body.data).toMatchObject([{ result: 'approved', state: 'held', heldFor: 'delay' }]);
    const again = await review(publication, [held!.id], 'approve');
    expect(again.body.data).toMatchObject([{ result: 'unchanged', heldFor: 'delay' }]);
    app.advance(7 * DAY);
    await app.tick();
    expect(await get(publication, held!.id)).toMatchObject({ state: 'held', heldFor: 'engagement' });
    const { history } = await get(publication, held!.id);
    const editor = `key:${(await keyIds(publication, 'editor'))[0]}`;
    expect(history.at(0)).toMatchObject({ from: null, to: 'pending', actor: 'reader' });
    expect(history.slice(-2)).toMatchObject([
      { from: 'held', to: 'held', heldFor: 'delay', actor: editor },
      { from: 'held', to: 'held', heldFor: 'engagement', actor: 'schedule' },
    ]);
  });

  test('lets nobody count whose address was never confirmed, and rejects a signup before it is', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: reader.code });
    const { id } = await publication.referralOf(friend.id);
    expect((await review(publication, [id], 'reject')).body.data).toMatchObject([
      { result: 'rejected', state: 'rejected' },
    ]);
    expect((await review(publication, [id], 'approve')).body.data).toMatchObject([
      { result: 'wrong_state', state: 'rejected' },
    ]);
    await app.http.post(`/confirm/${await app.confirmToken(publication.id, friend.id)}`);
    expect([(await publication.referralOf(friend.id)).state, await publication.countOf(reader.id)]).toEqual([
      'rejected',
      0,
    ]);
    expect((await review(publication, [id], 'approve')).body.data).toMatchObject([
      { result: 'approved', state: 'verified' },
    ]);
    expect(await publication.countOf(reader.id)).toBe(1);
  });

  test('refuses more than 1,000 ids, none, what is no id and what is no decision, and names the field', async () => {
    const publication = await newPublication(app);
    const id = randomUUID();
    const problem = async (body: object) => {
      const answer = await publication.admin.post('/referrals/review', body);
      return [answer.status, ...answer.body.errors.map(({ path }: { path: string }) => path)];
    };
    const thousand = range(1_000).map(() => randomUUID());
    expect(await problem({ ids: [...thousand, id], decision: 'approve' })).toEqual([422, 'ids']);
    expect(await problem({ ids: [], decision: 'approve' })).toEqual([422, 'ids']);
    expect(await problem({ ids: [id, 'x'], decision: 'approve' })).toEqual([422, 'ids[1]']);
    expect(await problem({ ids: [id], decision: 'perhaps' })).toEqual([422, 'decision']);
    expect(await problem({ ids: [id], decision: 'reject', note: 'x'.repeat(1_001) })).toEqual([422, 'note']);
    const answer = await publication.admin.post('/referrals/review', { ids: thousand, decision: 'approve' });
    expect([answer.status, answer.body.data.length]).toEqual([200, 1_000]);
  });

  test('of 50 reviewers at once over the same referrals decides each once, and counts and grants it once', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1, every: 1 });
    const readers = await inFlight(4, range(3), () => publication.reader());
    const held: Referral[] = [];
    for (const { code } of readers) held.push(...(await heldFriends(publication, code, 8)));
    const ids = held.map(({ id }) => id);
    await publication.key('editor');
    const reviewers = range(50).map((n) => ({
      decision: n % 2 === 0 ? 'approve' : 'reject',
      ids: n % 3 === 0 ? ids.toReversed() : ids,
    }));
    const answers = await inFlight(50, reviewers, ({ decision, ids: named }) => review(publication, named, decision));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

    const events = await app.rows<{ referralId: string; fromState: string; toState: string }>(
      `select referral_id, from_state, to_state from referral_events
       where publication_id = $1 and referral_id = any ($2::uuid[]) and actor like 'key:%' order by id`,
      [publication.id, ids],
    );
    const done = answers.flatMap(({ body }) => body.data).filter(({ result }) => result !== 'unchanged');
    expect(done.length).toBe(events.length);
    for (const id of ids) {
      const own = events.filter(({ referralId }) => referralId === id);
      // Each decision found what the one before had left.
      for (const [n, { fromState }] of own.entries()) expect(fromState).toBe(n === 0 ? 'held' : own[n - 1]!.toState);
    }
    const standing = await app.rows<{ state: string; referrerId: string; id: string }>(
      `select id, state, referrer_id from referrals where publication_id = $1`,
      [publication.id],
    );
    const verified = standing.filter(({ state }) => state === 'verified').length;
    const counts = await Promise.all(readers.map(({ id }) => publication.countOf(id)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(verified);
    const grants = await publication.grants({ milestoneId: milestone.id });
    expect(new Set(grants.map(({ occurrence }) => occurrence)).size).toBe(grants.length);
    const entries = await app.rows(`select id from audit_entries where publication_id = $1 and act like 'referral.%'`, [
      publication.id,
    ]);
    expect(entries.length).toBe(events.length);
  });

  test('of two reviewers who approve at once grants once', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1, every: 1 });
    const reader = await publication.reader();
    const ids = (await heldFriends(publication, reader.code, 50)).map(({ id }) => id);
    await publication.key('editor');
    const answers = await inFlight(50, [...ids, ...ids], (id) => review(publication, [id], 'approve'));
    const results = answers.map(({ body }) => body.data[0].result);
    expect([
      results.filter((one) => one === 'approved').length,
      results.filter((one) => one === 'unchanged').length,
    ]).toEqual([50, 50]);
    expect([
      await publication.countOf(reader.id),
      (await publication.grants({ milestoneId: milestone.id })).length,
    ]).toEqual([50, 50]);
  });
});

async function keyIds(publication: TestPublication, role: string): Promise<string[]> {
  const keys = await app.rows<{ id: string }>(`select id from api_keys where publication_id = $1 and role = $2`, [
    publication.id,
    role,
  ]);
  return keys.map(({ id }) => id);
}

describe('staff', () => {
  test('list what waits for a reviewer, and read each reason with its sentence and page', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const [held] = await heldFriends(publication, reader.code, 1);
    await publication.changeProgram({ holdDays: 7 });
    await publication.verifiedFriend(reader.code);
    const { body } = await publication.admin.get('/referrals').query({ state: 'held', heldFor: 'review' });
    expect(body.data).toMatchObject([
      {
        id: held!.id,
        appeal: null,
        reasons: [
          {
            code: 'same_device',
            weight: 2,
            sentence: expect.stringContaining('browser'),
            docs: '/docs/reasons#same_device',
          },
        ],
      },
    ]);
    const page = await app.http.get('/docs/reasons');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('id="same_device"')]);
    expect((await publication.admin.get('/referrals').query({ heldFor: 'nothing' })).body.errors[0].path).toBe(
      'heldFor',
    );
  });
});
