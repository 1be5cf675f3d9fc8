import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { firstPurchaseOf } from '../../src/referrals/purchase.store.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { audienceFacts } from '../../src/subscribers/audience.store.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

const tell = (publication: TestPublication, event: object) =>
  publication.admin.post('/events', { id: randomUUID(), ...event });

async function told(publication: TestPublication, event: object): Promise<void> {
  const { status, body } = await tell(publication, event);
  expect([status, body]).toEqual([202, { accepted: true, duplicate: false }]);
}

async function counts(publication: TestPublication): Promise<Record<string, number>> {
  const found = await app.rows<{ stage: string; count: number }>(
    `select stage, count from stage_counts where publication_id = $1 order by 1`,
    [publication.id],
  );
  return Object.fromEntries(found.map(({ stage, count }) => [stage, count]));
}

/** Counts are a cache: of each stage of referrals that count. */
async function countsByFacts(publication: TestPublication): Promise<Record<string, number>> {
  const found = await app.rows<{ stage: string; count: number }>(
    `select s.stage, count(*)::int as count from referral_stages s join referrals r on r.id = s.referral_id
     where s.publication_id = $1 and r.state = 'verified' group by 1 order by 1`,
    [publication.id],
  );
  return Object.fromEntries(found.map(({ stage, count }) => [stage, count]));
}

async function referred(stages: string[] = []) {
  const publication = await newPublication(app);
  await publication.changeProgram({ stages });
  const reader = await publication.reader();
  const { friend, referral } = await publication.verifiedFriend(reader.code);
  return { publication, reader, friend, referral, of: { subscriberId: friend.id } };
}

const ago = (milliseconds: number) => new Date(app.clock.now().getTime() - milliseconds).toISOString();
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('an event', () => {
  test('finds its person by address in any spelling, by id and by the id of the own systems', async () => {
    const { publication, friend } = await referred();
    await publication.admin.patch(`/subscribers/${friend.id}`, { externalId: 'crm-1' });
    const [local, domain] = friend.email.split('@');
    for (const person of [
      { email: `${local!.toUpperCase()}@${domain!.toUpperCase()}` },
      { subscriberId: friend.id },
      { externalId: 'crm-1' },
    ]) {
      await told(publication, { type: 'purchased', ...person });
    }
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
  });

  test('of a person who is not known, or is somebody of another publication, is not accepted and leaves nothing', async () => {
    const { publication, friend } = await referred();
    const other = await newPublication(app);
    const before = await app.snapshot();
    for (const person of [{ email: 'nobody@mail.example' }, { subscriberId: randomUUID() }, { externalId: 'nobody' }]) {
      const { status, body } = await tell(publication, { type: 'purchased', ...person });
      expect([status, body]).toEqual([202, { accepted: false, duplicate: false }]);
    }
    const foreign = await tell(other, { type: 'purchased', subscriberId: friend.id });
    expect(foreign.body).toEqual({ accepted: false, duplicate: false });
    expect(await app.snapshot()).toEqual(before);
  });

  test('that was not accepted is taken in later under the same id', async () => {
    const publication = await newPublication(app);
    const event = { id: 'o-1', type: 'purchased', email: 'late@mail.example' };
    expect((await tell(publication, event)).body.accepted).toBe(false);
    await publication.reader('late@mail.example');
    expect((await tell(publication, event)).body).toEqual({ accepted: true, duplicate: false });
  });

  test('comes once for ever: the same again is a duplicate, another body a conflict, in each publication by itself', async () => {
    const { publication, friend, of } = await referred();
    const at = ago(HOUR);
    const event = { id: 'o-1', type: 'purchased', ...of, at, value: usd(4900), plan: 'pro' };
    await told(publication, event);
    app.advance(400 * DAY);
    // Other order of fields, another spelling of the time, null for what is not there.
    const same = {
      value: { currency: 'USD', amount: 4900 },
      ...{ plan: 'pro', type: 'purchased', subscriberId: friend.id, id: 'o-1', seats: null },
      at: at.replace('Z', '+00:00'),
    };
    expect((await publication.admin.post('/events', same)).body).toEqual({ accepted: true, duplicate: true });
    for (const change of [{ value: usd(4901) }, { plan: 'free' }, { type: 'qualified' }, { at: null }, { seats: 2 }]) {
      const answer = await publication.admin.post('/events', { ...event, ...change });
      expect([answer.status, answer.body.code], JSON.stringify(change)).toEqual([409, 'event/other-body']);
    }
    const stranger = await publication.admin.post('/events', { ...event, subscriberId: randomUUID() });
    expect(stranger.body.code).toBe('event/other-body');
    const other = await referred();
    await told(other.publication, { ...event, ...other.of });
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
  });

  test('that is told 50 times at once has one effect', async () => {
    const { publication, of } = await referred();
    const milestone = await publication.milestone({ stage: 'purchased', threshold: 1, every: 1 });
    const event = { id: 'o-1', type: 'purchased', ...of, value: usd(100), at: ago(HOUR) };
    const answers = await Promise.all(range(50).map(() => publication.admin.post('/events', event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect(await app.rows(`select 1 from purchases where publication_id = $1`, [publication.id])).toHaveLength(1);
    expect(await publication.grants({ milestoneId: milestone.id })).toHaveLength(1);
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
  });

  test('with one id and 50 bodies at once is taken in once, the others are conflicts', async () => {
    const { publication, of } = await referred();
    const answers = await Promise.all(
      range(50).map((n) => publication.admin.post('/events', { id: 'o-1', type: 'purchased', ...of, seats: n + 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...range(49).map(() => 409)]);
  });
});

describe('a purchase', () => {
  test('counts the referral and not the purchases, until the last one is refunded', async () => {
    const { publication, of } = await referred();
    const milestone = await publication.milestone({ stage: 'purchased', threshold: 1, holdDays: 30 });
    await told(publication, { id: 'o-1', type: 'purchased', ...of, at: ago(3 * HOUR) });
    await told(publication, { id: 'o-2', type: 'purchased', ...of, at: ago(2 * HOUR) });
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
    await told(publication, { type: 'refunded', ...of, of: 'o-1' });
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
    await told(publication, { type: 'refunded', ...of });
    expect(await counts(publication)).toEqual({ purchased: 0, verified: 1 });
    expect((await publication.grants({ milestoneId: milestone.id })).map(({ status }) => status)).toEqual(['revoked']);
    expect((await publication.admin.get('/referrals')).body.data[0]).toMatchObject({
      state: 'verified',
      stages: [{ stage: 'verified' }],
    });
  });

  test('of somebody who is not confirmed verifies nobody, and counts once they are', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const milestones = [];
    for (const stage of ['purchased', 'qualified', 'verified']) {
      milestones.push(await publication.milestone({ stage, threshold: 1 }));
    }
    const friend = await publication.signUp(undefined, { ref: reader.code });
    await told(publication, { type: 'purchased', subscriberId: friend.id });
    await told(publication, { type: 'qualified', subscriberId: friend.id });
    expect([(await publication.referralOf(friend.id)).state, await counts(publication)]).toEqual(['pending', {}]);
    await publication.admin.post(`/subscribers/${friend.id}/confirm`);
    expect(await counts(publication)).toEqual({ purchased: 1, qualified: 1, verified: 1 });
    for (const { id } of milestones) expect(await publication.grants({ milestoneId: id })).toHaveLength(1);
  });

  test('from before somebody was referred counts once they are confirmed', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const friend = await publication.signUp();
    await told(publication, { type: 'purchased', subscriberId: friend.id, value: usd(100) });
    await publication.signUp(friend.email, { ref: reader.code, confirmed: true, source: 'api' });
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
  });

  test('tells what a reward by plan and seats goes by: the first that stands', async () => {
    const { publication, of, friend, referral } = await referred();
    const first = () => firstPurchaseOf(app.database.reader, publication.id, referral.id);
    expect(await first()).toBeNull();
    await told(publication, {
      id: 'o-2',
      type: 'purchased',
      ...of,
      at: ago(DAY),
      plan: 'pro',
      seats: 5,
      value: usd(9000),
    });
    await told(publication, { id: 'o-1', type: 'purchased', ...of, at: ago(2 * DAY), plan: 'free' });
    expect(await first()).toMatchObject({ plan: 'free', seats: null, amount: null, currency: null });
    await told(publication, { type: 'refunded', ...of, of: 'o-1' });
    expect(await first()).toMatchObject({ plan: 'pro', seats: 5, amount: 9000, currency: 'USD' });
    await told(publication, { type: 'nps', ...of, score: 9, attributes: { industry: 'bread', plan: 'none' } });
    expect(await audienceFacts(app.database.reader, publication.id, friend.id)).toEqual({
      ...{ industry: 'bread', plan: 'pro', nps: 9 },
    });
  });

  test('may not be refunded by another reader', async () => {
    const { publication, reader, of } = await referred();
    await told(publication, { id: 'o-1', type: 'purchased', ...of });
    await told(publication, { id: 'q-1', type: 'qualified', ...of });
    for (const [person, named] of [
      [{ subscriberId: reader.id }, 'o-1'],
      [of, 'q-1'],
    ] as const) {
      const answer = await tell(publication, { type: 'refunded', ...person, of: named });
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'of']);
    }
    expect(await counts(publication)).toMatchObject({ purchased: 1 });
  });
});

describe('events in any order', () => {
  const DAY_OF = { a: 5, b: 6, r: 7, s: 8 };
  const on = (day: number) => new Date(Date.UTC(2026, 9, day)).toISOString();
  const EVENTS = [
    { id: 'a', type: 'purchased', at: on(DAY_OF.a), value: usd(100), plan: 'one' },
    { id: 'b', type: 'purchased', at: on(DAY_OF.b), value: usd(200), plan: 'two' },
    { id: 'r', type: 'refunded', at: on(DAY_OF.r) },
    { id: 's', type: 'refunded', at: on(DAY_OF.s), of: 'a' },
    { id: 'q', type: 'qualified', at: on(6) },
    { id: 'd', type: 'demo', at: on(4) },
    { id: 'e', type: 'demo', at: on(3) },
    { id: 'n', type: 'nps', at: on(4), score: 8 },
    { id: 'm', type: 'nps', at: on(5), score: 10 },
    { id: 'v', type: 'reviewed', at: on(5) },
  ];

  /** Everything that the events of one friend can change, without ids. */
  async function outcome(publication: TestPublication) {
    const { id } = publication;
    return {
      counts: Object.fromEntries(Object.entries(await counts(publication)).filter(([, count]) => count > 0)),
      facts: await countsByFacts(publication),
      stages: await app.rows(
        `select stage, at from referral_stages where publication_id = $1 and stage <> 'verified' order by 1`,
        [id],
      ),
      purchases: await app.rows(`select event_id, refunded_at from purchases where publication_id = $1 order by 1`, [
        id,
      ]),
      opinions: await app.rows(`select nps_score, nps_at, reviewed_at from opinions where publication_id = $1`, [id]),
    };
  }

  test('end the same, whenever the friend confirms', { timeout: 120_000 }, async () => {
    const play = async (events: readonly object[], confirmAfter: number) => {
      const publication = await newPublication(app);
      await publication.changeProgram({ stages: ['demo'] });
      const reader = await publication.reader();
      const friend = await publication.signUp(undefined, { ref: reader.code });
      for (const [n, event] of [...events, null].entries()) {
        if (n === confirmAfter) await publication.admin.post(`/subscribers/${friend.id}/confirm`);
        if (event !== null) await told(publication, { ...event, subscriberId: friend.id });
      }
      return outcome(publication);
    };
    const expected = await play(EVENTS, 0);
    expect(expected.counts).toEqual({ demo: 1, qualified: 1, verified: 1 });
    expect(expected.purchases.map(({ refundedAt }) => refundedAt)).toEqual([new Date(on(8)), new Date(on(7))]);
    expect(expected.facts).toEqual(expected.counts);
    const order = fc.shuffledSubarray(EVENTS, { minLength: EVENTS.length });
    await fc.assert(
      fc.asyncProperty(order, fc.nat(EVENTS.length), async (events, confirmAfter) => {
        expect(await play(events, confirmAfter)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('50 at once of five friends of one reader, with reversals between them, leave counts that are what the facts say', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const milestones = [];
    for (const stage of ['purchased', 'qualified']) {
      milestones.push(await publication.milestone({ stage, threshold: 3, holdDays: 30 }));
    }
    const friends = await inFlight(1, range(5), () => publication.verifiedFriend(reader.code));
    const types = ['purchased', 'refunded', 'qualified', 'purchased', 'refunded'];
    const reverse = (id: string) =>
      app.database.transaction(async (tx) => {
        const referral = (await lockReferral(tx, publication.id, id))!;
        if (referral.state !== 'verified') return;
        await app.get(ReverseReferral).within(tx, referral, [], 'key:test', app.clock.now());
      });
    const answers = await Promise.all(
      range(50).map((n) => {
        const { friend, referral } = friends[n % 5]!;
        if (n === 20 || n === 31) return reverse(referral.id);
        return tell(publication, {
          type: types[Math.floor(n / 5) % 5],
          subscriberId: friend.id,
          at: ago(HOUR * (n % 7)),
        });
      }),
    );
    expect(answers.filter((answer) => answer !== undefined && answer.status !== 202)).toEqual([]);
    const positive = Object.entries(await counts(publication)).filter(([, count]) => count > 0);
    expect(Object.fromEntries(positive)).toEqual(await countsByFacts(publication));
    const now = Object.fromEntries(positive);
    for (const [n, stage] of ['purchased', 'qualified'].entries()) {
      const statuses = (await publication.grants({ milestoneId: milestones[n]!.id })).map(({ status }) => status);
      expect(
        statuses.filter((status) => status === 'due'),
        stage,
      ).toHaveLength((now[stage] ?? 0) >= 3 ? 1 : 0);
    }
  });
});
