import { describe, expect, test, vi } from 'vitest';
import { GrantPast } from '../../src/flows/grant-past.js';
import { Owe } from '../../src/flows/owe.js';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { VerifyReferral } from '../../src/flows/verify-referral.js';
import { getProgram } from '../../src/publications/program.store.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { DAY, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const ROUTE = '/programs/default/milestones';

async function statuses(publication: TestPublication, of: { milestoneId?: string; subscriberId?: string } = {}) {
  return (await publication.grants(of)).map(({ status }) => status);
}

const tally = (all: readonly string[]) =>
  Object.fromEntries([...new Set(all)].sort().map((one) => [one, all.filter((other) => other === one).length]));

/** Readers with so many verified referrals, as staff say. */
async function readersWith(publication: TestPublication, count: number, readers: number) {
  return inFlight(10, range(readers), async () => {
    const reader = await publication.reader();
    await adjust(publication, reader.id, count);
    return reader;
  });
}

async function adjust(publication: TestPublication, id: string, delta: number) {
  const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, { delta, reason: 'told by phone' });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

function settle(publication: TestPublication, id: string, verified: boolean): Promise<void> {
  return app.database.transaction(async (tx) => {
    const referral = (await lockReferral(tx, publication.id, id))!;
    const program = await getProgram(tx, publication.id, referral.programId);
    if (verified) await app.get(VerifyReferral).within(tx, referral, program, 'key:test', app.clock.now());
    else await app.get(ReverseReferral).within(tx, referral, [], 'key:test', app.clock.now());
  });
}

async function problem(publication: TestPublication, fields: object) {
  const body = { name: 'Rung', stage: 'verified', threshold: 3, recipient: 'referrer', past: 'ignore', ...fields };
  const rewardId = (await publication.reward()).id;
  const answer = await publication.admin.post(ROUTE, { rewardId, ...body });
  return [answer.status, answer.body.errors?.[0]?.path];
}

describe('a cap', () => {
  test('of twelve a year: the thirteenth counts and is not rewarded, and in January it is rewarded again', async () => {
    const publication = await newPublication(app, { timezone: 'Asia/Tokyo' });
    // Half past three in the afternoon of New Year's Eve in London is half past midnight of the new year in Tokyo.
    app.clock.set(new Date('2026-11-20T09:00:00Z'));
    await publication.milestone({ threshold: 1, every: 1, cap: { count: 12, per: 'year' } });
    const reader = await publication.reader();
    for (const _ of range(12)) await publication.verifiedFriend(reader.code);
    await app.tick();
    app.clock.set(new Date('2026-12-31T14:59:00Z'));
    await publication.verifiedFriend(reader.code);
    expect(tally(await statuses(publication, { subscriberId: reader.id }))).toEqual({ capped: 1, sent: 12 });
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.referralCount).toBe(13);
    app.clock.set(new Date('2026-12-31T15:30:00Z'));
    await publication.verifiedFriend(reader.code);
    await app.tick();
    expect(tally(await statuses(publication, { subscriberId: reader.id }))).toEqual({ capped: 1, sent: 13 });
    const mails = await app.rows(`select 1 from mails where publication_id = $1 and message = 'reward'`, [
      publication.id,
    ]);
    expect(mails).toHaveLength(13);
    app.clock.set(null);
  });

  test('is for each person, and holds with 50 confirmations at once', { timeout: 120_000 }, async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1, every: 1, cap: { count: 7, per: 'month' } });
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const tokens = await inFlight(10, range(50), async (n) => {
      const { id } = await publication.signUp(undefined, { ref: n < 40 ? ana.code : ben.code });
      return app.confirmToken(publication.id, id);
    });
    const answers = await inFlight(50, tokens, async (token) => (await app.http.post(`/confirm/${token}`)).status);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(tally(await statuses(publication, { subscriberId: ana.id }))).toEqual({ capped: 33, due: 7 });
    expect(tally(await statuses(publication, { subscriberId: ben.id }))).toEqual({ capped: 3, due: 7 });
    expect(await publication.grants({ milestoneId: milestone.id })).toHaveLength(50);
  });

  test('a revoked grant frees its place, and a capped one stays capped', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, every: 1, cap: { count: 2, per: 'ever' } });
    const reader = await publication.reader();
    const grantOf: Record<string, string> = {};
    const status = async (referral: string) =>
      (await publication.grants({ subscriberId: reader.id })).find(({ occurrence }) => occurrence === referral)?.status;
    const friend = async () => (await publication.verifiedFriend(reader.code)).referral.id;
    const [a, b, c] = [await friend(), await friend(), await friend()];
    for (const { id, occurrence } of await publication.grants()) grantOf[occurrence] = id;
    expect([await status(a), await status(b), await status(c)]).toEqual(['due', 'due', 'capped']);
    await publication.admin.post(`/grants/${grantOf[b]}/revoke`, { reason: 'a mistake' });
    expect(await status(c)).toBe('capped');
    const d = await friend();
    expect(await status(d)).toBe('due');
    // What falls frees its place too; what comes back finds it taken, and stays capped when there is room again.
    await settle(publication, a, false);
    const e = await friend();
    await settle(publication, a, true);
    expect([await status(a), await status(e)]).toEqual(['capped', 'due']);
    await settle(publication, d, false);
    expect(await status(d)).toBe('revoked');
    await settle(publication, d, true);
    expect([await status(a), await status(d)]).toEqual(['capped', 'due']);
  });

  test('goes by the time at which a stage was reached, however late it is told', async () => {
    const publication = await newPublication(app);
    app.clock.set(new Date('2027-01-10T09:00:00Z'));
    const milestone = { stage: 'purchased', threshold: 1, every: 1, cap: { count: 1, per: 'year' as const } };
    await publication.milestone(milestone);
    const reader = await publication.reader();
    const buy = async (id: string, at: string) => {
      const { friend } = await publication.verifiedFriend(reader.code);
      const event = { id, type: 'purchased', subscriberId: friend.id, at };
      expect((await publication.admin.post('/events', event)).status).toBe(202);
    };
    await buy('p1', '2026-12-30T09:00:00Z');
    await buy('p2', '2027-01-05T09:00:00Z');
    await buy('p3', '2026-12-31T09:00:00Z');
    expect(tally(await statuses(publication))).toEqual({ capped: 1, due: 2 });
    app.clock.set(null);
  });

  test.each([
    [{ cap: { count: 0, per: 'year' } }, 'cap.count'],
    [{ cap: { count: 1.5, per: 'year' } }, 'cap.count'],
    [{ cap: { count: 1, per: 'week' } }, 'cap.per'],
    [{ cap: { count: 1 } }, 'cap.per'],
    [{ stage: 'signed_up' }, 'stage'],
    [{ stage: 'demo_done' }, 'stage'],
    [{ audience: { all: [] } }, 'audience.all'],
    [{ audience: { any: [] } }, 'audience.all'],
    [{ audience: { all: [{ attribute: 'plan' }] } }, 'audience.all[0]'],
    [{ audience: { all: [{ attribute: 'plan', is: 'pro', not: 'free' }] } }, 'audience.all[0]'],
    [{ audience: { all: [{ attribute: 'nps', atLeast: 'nine' }] } }, 'audience.all[0].atLeast'],
    [{ audience: { all: [{ attribute: 'plan', like: 'pro' }] } }, 'audience.all[0].like'],
    [{ recipient: 'referred' }, 'threshold'],
    [{ recipient: 'referred', threshold: 1, every: 2 }, 'every'],
  ])('%j is refused at %s', async (fields, path) => {
    expect(await problem(await newPublication(app), fields)).toEqual([422, path]);
  });
});

test('a stage that the program names itself can be a milestone, and rewards a friend who reaches it', async () => {
  const publication = await newPublication(app);
  await publication.changeProgram({ stages: ['demo_done'] });
  await publication.milestone({ stage: 'demo_done', threshold: 1, recipient: 'referred' });
  const { friend } = await publication.verifiedFriend((await publication.reader()).code);
  await publication.admin.post('/events', { id: 'd1', type: 'demo_done', subscriberId: friend.id });
  expect(await publication.grants()).toMatchObject([{ subscriberId: friend.id, status: 'due' }]);
});

describe('an audience', () => {
  test('is looked at when the milestone is crossed; who comes into it later gets it when the past is granted', async () => {
    const publication = await newPublication(app);
    const audience = { all: [{ attribute: 'plan', in: ['pro', 'team'] }] };
    const milestone = await publication.milestone({ threshold: 1, audience });
    const pro = await publication.reader(undefined, { attributes: { plan: 'Pro' } });
    const free = await publication.reader(undefined, { attributes: { plan: 'free' } });
    const none = await publication.reader();
    for (const { code } of [pro, free, none]) await publication.verifiedFriend(code);
    expect((await publication.grants()).map(({ subscriberId }) => subscriberId)).toEqual([pro.id]);
    await publication.admin.patch(`/subscribers/${free.id}`, { attributes: { plan: 'team' } });
    await publication.verifiedFriend(free.code);
    expect(await publication.grants()).toHaveLength(1);
    const { body } = await publication.admin.patch(`${ROUTE}/${milestone.id}`, { past: 'grant' });
    expect(body).toMatchObject({ version: 2, audience, pastRun: { state: 'done', granted: 1, capped: 0 } });
    const people = (await publication.grants()).map(({ subscriberId }) => subscriberId);
    expect(new Set(people)).toEqual(new Set([pro.id, free.id]));
  });

  test('is of whom the reward is for', async () => {
    const publication = await newPublication(app);
    const audience = { all: [{ attribute: 'industry', is: 'bakery' }] };
    await publication.milestone({ threshold: 1, recipient: 'referred', audience });
    const reader = await publication.reader(undefined, { attributes: { industry: 'bakery' } });
    await publication.verifiedFriend(reader.code);
    expect(await publication.grants()).toEqual([]);
    const attributes = { industry: 'Bakery' };
    const friend = await publication.reader(undefined, { ref: reader.code, attributes });
    expect(await publication.grants()).toMatchObject([{ subscriberId: friend.id }]);
  });
});

describe('a milestone that is changed', () => {
  test('from 5 to 3 with 40 past: exactly 40, also a second time and when it dies in the middle', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    await readersWith(publication, 4, 40);
    await readersWith(publication, 2, 5);
    const [first] = await readersWith(publication, 5, 1);
    expect(await publication.grants()).toHaveLength(1);
    const change = { threshold: 3, past: 'grant' };
    const owe = vi.spyOn(app.get(Owe), 'within');
    let calls = 0;
    owe.mockImplementation(async () => {
      if (++calls > 17) throw new Error('killed');
    });
    expect((await publication.admin.patch(`${ROUTE}/${milestone.id}`, change)).status).toBe(500);
    owe.mockRestore();
    expect(await publication.grants()).toHaveLength(1);
    const answer = await publication.admin.patch(`${ROUTE}/${milestone.id}`, change);
    expect(answer.body).toMatchObject({ threshold: 3, version: 2, pastRun: { state: 'done', granted: 40 } });
    expect(await publication.grants()).toHaveLength(41);
    const again = await publication.admin.patch(`${ROUTE}/${milestone.id}`, change);
    expect(again.body).toMatchObject({ version: 3, pastRun: { state: 'done', granted: 0 } });
    const grants = await publication.grants();
    expect(new Set(grants.map(({ subscriberId }) => subscriberId)).size).toBe(41);
    expect(grants.filter(({ subscriberId }) => subscriberId === first!.id)).toHaveLength(1);
  });

  test('of a large program is granted in steps, each once, though one dies and others confirm meanwhile', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 9 });
    const readers = await readersWith(publication, 4, 230);
    const change = { threshold: 3, every: 4, past: 'grant' };
    const { body } = await publication.admin.patch(`${ROUTE}/${milestone.id}`, change);
    expect(body.pastRun).toEqual({ state: 'running', granted: 100, capped: 0 });
    // While it runs nobody may change what it goes by.
    const refused = await publication.admin.patch(`${ROUTE}/${milestone.id}`, { threshold: 2 });
    expect([refused.status, refused.body.code]).toEqual([409, 'milestone/past-running']);
    const season = await publication.admin.post('/programs/default/seasons');
    expect([season.status, season.body.code]).toEqual([409, 'milestone/past-running']);
    const owe = vi.spyOn(app.get(Owe), 'within').mockRejectedValueOnce(new Error('killed'));
    await expect(app.get(GrantPast).step(publication.id)).rejects.toThrow('killed');
    owe.mockRestore();
    expect(await publication.grants()).toHaveLength(100);
    // Some cross the second time before and some after the schedule has come to them.
    const quick = readers.filter((_, n) => n % 10 === 0);
    await Promise.all([
      inFlight(5, quick, ({ id }) => adjust(publication, id, 3)),
      app.get(GrantPast).run(publication.id),
      app.get(GrantPast).run(publication.id),
    ]);
    await app.tick();
    const grants = await publication.grants();
    const of = (id: string) =>
      grants
        .filter((g) => g.subscriberId === id)
        .map((g) => g.occurrence)
        .sort();
    for (const reader of readers) {
      expect(of(reader.id)).toEqual(quick.includes(reader) ? ['1:1', '1:2'] : ['1:1']);
    }
    const done = await publication.admin.get(`${ROUTE}/${milestone.id}`);
    expect(done.body.pastRun.state).toBe('done');
  });

  test('by two editors at once is changed by one of them, and the other is told', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    const answers = await Promise.all(
      range(8).map((n) => publication.admin.patch(`${ROUTE}/${milestone.id}`, { version: 1, threshold: 10 + n })),
    );
    expect(tally(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`))).toEqual({
      '200 ': 1,
      '409 milestone/changed': 7,
    });
    const { body } = await publication.admin.get(`${ROUTE}/${milestone.id}/versions`);
    const winner = answers.find(({ status }) => status === 200)!.body.threshold;
    expect(
      body.data.map((v: { version: number; rule: { threshold: number } }) => [v.version, v.rule.threshold]),
    ).toEqual([
      [2, winner],
      [1, 5],
    ]);
  });

  test('by somebody who saw an older version is not, whether the body or If-Match says so', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.milestone();
    await publication.admin.patch(`${ROUTE}/${id}`, { name: 'second' });
    const stale = await publication.admin.patch(`${ROUTE}/${id}`, { version: 1, name: 'third' });
    expect([stale.status, stale.body.code]).toEqual([409, 'milestone/changed']);
    const header = await publication.admin.patch(`${ROUTE}/${id}`, { name: 'third' }).set('if-match', '"1"');
    expect([header.status, header.body.code]).toEqual([409, 'milestone/changed']);
    const fresh = await publication.admin.patch(`${ROUTE}/${id}`, { name: 'third' }).set('if-match', '"2"');
    expect(fresh.body).toMatchObject({ name: 'third', version: 3 });
    const nothing = await publication.admin.patch(`${ROUTE}/${id}`, { name: 'third' });
    expect(nothing.body.version).toBe(3);
  });

  test('keeps what was granted, and gives by the new rule only what is owed beyond it', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 3, every: 3 });
    const reader = await publication.reader();
    await adjust(publication, reader.id, 7);
    const names = async () => (await publication.grants({ subscriberId: reader.id })).map((g) => g.occurrence);
    expect(await names()).toEqual(['1:1', '1:2']);
    const edit = (change: object) => publication.admin.patch(`${ROUTE}/${milestone.id}`, { past: 'grant', ...change });
    await edit({ threshold: 5, every: 5 }); // owes one at 7, and there are two
    expect(await names()).toEqual(['1:1', '1:2']);
    await adjust(publication, reader.id, 8); // 15: the third
    expect(await names()).toEqual(['1:1', '1:2', '1:3']);
    await edit({ every: null });
    expect(await names()).toHaveLength(3);
    await edit({ threshold: 2, every: 4 }); // at 15: 2, 6, 10, 14
    expect(await names()).toEqual(['1:1', '1:2', '1:3', '1:4']);
  });

  test('cannot become what no milestone can be', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.milestone();
    const other = await (await newPublication(app)).reward();
    for (const [change, path] of [
      [{ recipient: 'referred' }, 'threshold'],
      [{ rewardId: other.id }, 'rewardId'],
      [{ stage: 'nowhere' }, 'stage'],
      [{ threshold: 0 }, 'threshold'],
      [{ cap: 3 }, 'cap'],
      [{ version: 0 }, 'version'],
      [{ id: 'x' }, 'id'],
    ] as const) {
      const { status, body } = await publication.admin.patch(`${ROUTE}/${id}`, change);
      expect([status, body.errors?.[0]?.path]).toEqual([422, path]);
    }
    expect((await publication.admin.get(`${ROUTE}/${id}`)).body.version).toBe(1);
  });
});

describe('a preview', () => {
  test('says what a new milestone would do to the past, and then it does that', async () => {
    const publication = await newPublication(app);
    await readersWith(publication, 4, 12);
    const [one] = await readersWith(publication, 11, 1);
    const body = {
      ...{ name: 'Rung', stage: 'verified', threshold: 3, every: 2, recipient: 'referrer' },
      ...{ rewardId: (await publication.reward()).id, cap: { count: 3, per: 'month' } },
    };
    const before = await app.snapshot();
    const preview = await publication.admin.post(`${ROUTE}/preview`, body);
    expect(await app.snapshot()).toEqual(before);
    // 3 for everybody, and 5, 7 and above the cap 9 and 11 for one.
    expect(preview.body).toMatchObject({ grants: 15, capped: 2, people: 13, cost: [] });
    expect(preview.body.sample).toHaveLength(10);
    const made = await publication.admin.post(ROUTE, { ...body, past: 'grant' });
    expect(made.body.pastRun).toEqual({ state: 'done', granted: 15, capped: 2 });
    expect(tally(await statuses(publication, { subscriberId: one!.id }))).toEqual({ capped: 2, due: 3 });
  });

  test('of a change counts only what is not there yet, and with ignore nothing', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    await readersWith(publication, 6, 2);
    await readersWith(publication, 3, 4);
    const change = { id: milestone.id, threshold: 3 };
    const { body } = await publication.admin.post(`${ROUTE}/preview`, change);
    expect(body).toMatchObject({ grants: 4, people: 4 });
    const ignored = await publication.admin.post(`${ROUTE}/preview`, { ...change, past: 'ignore' });
    expect(ignored.body).toMatchObject({ grants: 0, people: 0, sample: [] });
    expect((await publication.admin.get(`${ROUTE}/${milestone.id}`)).body.version).toBe(1);
  });

  test('of what cannot be says why', async () => {
    const publication = await newPublication(app);
    const whole = await publication.admin.post(`${ROUTE}/preview`, { name: 'Rung' });
    expect([whole.status, whole.body.errors.map(({ path }: { path: string }) => path).sort()]).toEqual([
      422,
      ['recipient', 'rewardId', 'stage', 'threshold'],
    ]);
    const id = (await (await newPublication(app)).milestone()).id;
    expect((await publication.admin.post(`${ROUTE}/preview`, { id, threshold: 3 })).status).toBe(404);
  });
});

describe('a season', () => {
  test('begins all counts anew: what repeats is granted again, the rest is not, and lifetime counts stay', async () => {
    const publication = await newPublication(app);
    const [once, again] = [
      await publication.milestone({ threshold: 2 }),
      await publication.milestone({ threshold: 2, every: 2 }),
    ];
    const reader = await publication.reader();
    for (const _ of range(3)) await publication.verifiedFriend(reader.code);
    const begun = await publication.admin.post('/programs/default/seasons', { ends: 1 });
    expect([begun.status, begun.body.season]).toEqual([201, 2]);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(body).toMatchObject({ referralCount: 0, lifetimeReferralCount: 3, nextMilestone: { id: again.id } });
    const footer = await app.http.get(`/footer/${reader.code}.json`);
    expect(footer.body).toMatchObject({ count: 0 });
    const { referral } = await publication.verifiedFriend(reader.code);
    await publication.verifiedFriend(reader.code);
    const names = async (milestoneId: string) => (await publication.grants({ milestoneId })).map((g) => g.occurrence);
    expect([await names(once.id), await names(again.id)]).toEqual([['once'], ['1:1', '2:1']]);
    // A friend of this season who is taken back leaves this season's count.
    await settle(publication, referral.id, false);
    const after = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(after.body).toMatchObject({ referralCount: 1, lifetimeReferralCount: 4 });
    const seasons = await publication.admin.get('/programs/default/seasons');
    expect(seasons.body.data.map((s: { season: number }) => s.season)).toEqual([2, 1]);
  });

  test('that several begin at once begins once', async () => {
    const publication = await newPublication(app);
    const answers = await Promise.all(
      range(6).map(() => publication.admin.post('/programs/default/seasons', { ends: 1 })),
    );
    expect(tally(answers.map(({ status }) => String(status)))).toEqual({ 201: 1, 409: 5 });
    expect((await publication.program()).season).toBe(2);
  });

  test('while friends confirm: each is counted in one season, and none is lost', { timeout: 120_000 }, async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const tokens = await inFlight(10, range(40), async () => {
      const { id } = await publication.signUp(undefined, { ref: reader.code });
      return app.confirmToken(publication.id, id);
    });
    const confirming = inFlight(20, tokens, async (token) => (await app.http.post(`/confirm/${token}`)).status);
    const begun = await publication.admin.post('/programs/default/seasons');
    expect(begun.status).toBe(201);
    expect(new Set(await confirming)).toEqual(new Set([200]));
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(body.lifetimeReferralCount).toBe(40);
    const off = await app.rows(
      `select c.season, c.count from stage_counts c
       left join referral_stages s on s.publication_id = c.publication_id and s.season = c.season and s.stage = c.stage
       where c.publication_id = $1 group by 1, 2 having c.count <> count(s.referral_id)`,
      [publication.id],
    );
    expect(off).toEqual([]);
  });
});

describe('a correction of a count', () => {
  test('crosses milestones up and down, and is kept with who made it and why', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 3 });
    await publication.milestone({ threshold: 5 });
    const reader = await publication.reader();
    expect(await adjust(publication, reader.id, 5)).toMatchObject({ program: 'default', delta: 5, referralCount: 5 });
    expect(await statuses(publication)).toEqual(['due', 'due']);
    await adjust(publication, reader.id, -1);
    expect((await statuses(publication)).sort()).toEqual(['due', 'revoked']);
    await app.tick();
    await adjust(publication, reader.id, -2);
    expect((await statuses(publication)).sort()).toEqual(['revoked', 'sent']);
    await adjust(publication, reader.id, 3);
    expect((await statuses(publication)).sort()).toEqual(['due', 'sent']);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}/adjustments`);
    expect(body.data.map(({ delta }: { delta: number }) => delta)).toEqual([3, -2, -1, 5]);
    expect(body.data[0]).toMatchObject({
      reason: 'told by phone',
      source: 'staff',
      actor: expect.stringMatching(/^key:/),
    });
  });

  test('never takes a count below nothing, also with twenty at once', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    await adjust(publication, reader.id, 7);
    const answers = await inFlight(20, range(20), () =>
      publication.admin.post(`/subscribers/${reader.id}/adjustments`, { delta: -1, reason: 'x' }),
    );
    expect(tally(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`))).toEqual({
      '201 ': 7,
      '409 adjustment/below-zero': 13,
    });
    expect(await publication.countOf(reader.id)).toBe(0);
  });

  test.each([
    [{ delta: 0, reason: 'x' }, 422, 'delta'],
    [{ delta: 1.5, reason: 'x' }, 422, 'delta'],
    [{ delta: 1 }, 422, 'reason'],
    [{ delta: 1, reason: '' }, 422, 'reason'],
    [{ delta: 1, reason: 'x', program: 'other' }, 422, 'program'],
  ])('%j is refused', async (body, status, path) => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, body);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([status, path]);
  });

  test('of a reader who is erased is not possible, and what was written about them is emptied', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    await publication.admin.post(`/subscribers/${id}/adjustments`, { delta: 2, reason: 'Ana Marker called' });
    expect((await publication.admin.delete(`/subscribers/${id}`)).status).toBe(204);
    const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, { delta: 1, reason: 'x' });
    expect([answer.status, answer.body.code]).toEqual([409, 'subscriber/erased']);
    const rows = await app.rows(
      `select to_jsonb(a)::text as text from referral_adjustments a where publication_id = $1`,
      [publication.id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('Marker');
    const audit = await app.rows(`select note from audit_entries where publication_id = $1`, [publication.id]);
    expect(JSON.stringify(audit)).not.toContain('Marker');
  });
});

test('a grant that waits is given back the same row when the count is there again', async () => {
  const publication = await newPublication(app);
  await publication.milestone({ threshold: 2, holdDays: 7, approval: 'manual' });
  await publication.milestone({ threshold: 2, holdDays: 7 });
  const reader = await publication.reader();
  const { referral } = await publication.verifiedFriend(reader.code);
  await publication.verifiedFriend(reader.code);
  const before = await publication.grants();
  expect(before.map(({ status }) => status)).toEqual(['awaiting_approval', 'due']);
  await settle(publication, referral.id, false);
  expect(await statuses(publication)).toEqual(['revoked', 'revoked']);
  app.advance(DAY);
  await settle(publication, referral.id, true);
  expect(await publication.grants()).toEqual(before);
  const [ledger] = await app.rows(
    `select coalesce(sum(quantity), 0)::int as owed from ledger_entries where publication_id = $1`,
    [publication.id],
  );
  expect(ledger).toEqual({ owed: 1 });
});
