import { describe, expect, test } from 'vitest';
import { findContest } from '../../src/contests/contest.store.js';
import { CloseContest } from '../../src/flows/close-contest.js';
import { RunSchedules } from '../../src/flows/run-schedules.js';
import { VerifyReferral } from '../../src/flows/verify-referral.js';
import { lockReferralOf } from '../../src/referrals/referral.store.js';
import { contestants } from '../support/contests.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { inFlight, range } from '../support/make.js';

const app = await startApp();

const shown = (standing: { data: { rank: number; subscriber: { id: string }; count: number }[] }) =>
  standing.data.map(({ rank, subscriber, count }) => [rank, subscriber.id, count]);

describe('a monthly contest', () => {
  test('gives its prizes once when the month is over, ties to whoever got there first, and begins anew', async () => {
    const { publication, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const [ana, ben, cyd] = [await publication.reader(), await publication.reader(), await publication.reader()];
    const { first, second, standing } = await contest();
    await bring(ana, 1);
    await bring(ben, 2); // there first with two
    await bring(ana, 1);
    await bring(cyd, 1);
    const expected = [
      [1, ben.id, 2],
      [2, ana.id, 2],
      [3, cyd.id, 1],
    ];
    expect(shown(await standing())).toEqual(expected);

    app.clock.set(new Date('2026-12-01T00:00:30Z'));
    await app.tick();
    expect(await prizes()).toEqual([]);
    app.clock.set(new Date('2026-12-01T00:01:00Z'));
    await app.tick();
    await app.tick();
    expect(await prizes()).toMatchObject([
      { occurrence: '2026-11:1', subscriberId: ben.id, rewardId: first, status: 'sent' },
      { occurrence: '2026-11:2', subscriberId: ana.id, rewardId: second, status: 'sent' },
    ]);
    const closed = await standing('2026-11');
    expect(shown(closed)).toEqual(expected);
    expect(closed).toMatchObject({ closedAt: expect.stringMatching(/^2026-12-01T00:01:00/), rounds: ['2026-11'] });
    expect(await standing()).toMatchObject({ round: '2026-12', closedAt: null, data: [] });

    const mail = (await app.mails(ben.email)).find(({ subject }) => subject.includes('First'));
    expect(mail?.text).toContain('You have won: Reader of the month.');
  });

  test('ends when the month does where the publication is', async () => {
    const { publication, bring, contest, prizes } = await contestants(app, '2026-11-30T14:57:00Z', 'Asia/Tokyo');
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const { standing } = await contest();
    await bring(ana); // 23:58 in Tokyo
    app.clock.set(new Date('2026-11-30T15:00:00Z'));
    await bring(ben, 2); // December in Tokyo
    await app.tick();
    expect((await prizes()).map(({ subscriberId }) => subscriberId)).toEqual([ana.id]);
    expect(shown(await standing('2026-12'))).toEqual([[1, ben.id, 2]]);
  });

  test('is closed month by month after a long silence, each by what it brought', async () => {
    const { publication, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const { standing } = await contest();
    await bring(ana);
    app.clock.set(new Date('2027-01-05T00:00:00Z'));
    await bring(ben);
    app.clock.set(new Date('2027-02-20T00:00:00Z'));
    await app.tick();
    expect((await prizes()).map(({ occurrence, subscriberId }) => [occurrence, subscriberId])).toEqual([
      ['2026-11:1', ana.id],
      ['2027-01:1', ben.id],
    ]);
    expect((await standing()).rounds).toEqual(['2027-01', '2026-12', '2026-11']);
  });

  test('counts no adjustments, no other program and no other stage', async () => {
    const { publication, api, bring, contest } = await contestants(app, '2026-11-10T12:00:00Z');
    const ana = await publication.reader();
    const { standing } = await contest();
    const { standing: sold } = await contest({ stage: 'purchased' });
    const adjusted = { program: 'default', delta: 5, reason: 'told by phone' };
    expect((await api.post(`/subscribers/${ana.id}/adjustments`, adjusted)).status).toBe(201);
    const { friend } = (await bring(ana))[0]!;
    expect([shown(await standing()), shown(await sold())]).toEqual([[[1, ana.id, 1]], []]);
    const at = app.clock.now().toISOString();
    const sale = { id: 'sale-1', type: 'purchased', subscriberId: friend.id, at };
    expect((await api.post('/events', sale)).status).toBeLessThan(300);
    expect(shown(await sold())).toEqual([[1, ana.id, 1]]);
  });

  test('once closed is not rewritten by a reversal, which flags the place and the prize', async () => {
    const { publication, api, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const { id, standing } = await contest();
    const [, won] = await bring(ana, 2);
    await bring(ben, 1);
    app.clock.set(new Date('2026-12-02T00:00:00Z'));
    await app.tick();
    const [later] = await bring(ana, 1);
    const review = { ids: [later!.referral.id], decision: 'reject', note: 'fraud' };
    await api.post('/referrals/review', review);
    expect((await standing('2026-11')).data.map(({ flagged }: { flagged: boolean }) => flagged)).toEqual([
      false,
      false,
    ]);
    await api.post('/referrals/review', { ...review, ids: [won!.referral.id] });

    const { data } = await standing('2026-11');
    expect(data.map((one: Record<string, unknown>) => [one['rank'], one['count'], one['flagged']])).toEqual([
      [1, 2, true],
      [2, 1, false],
    ]);
    expect((await prizes()).map(({ flaggedAt }) => flaggedAt !== null)).toEqual([true, false]);
    await expect(app.rows('delete from contest_results where contest_id = $1', [id])).rejects.toThrow('never changed');
  });

  test('leaves out who is erased before it ends, and gives nothing on of who is erased later', async () => {
    const { publication, api, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const [ana, ben, cyd] = [await publication.reader(), await publication.reader(), await publication.reader()];
    const { standing } = await contest();
    await bring(ana, 3);
    await bring(ben, 2);
    await bring(cyd, 1);
    await api.delete(`/subscribers/${ana.id}`);
    app.clock.set(new Date('2026-12-02T00:00:00Z'));
    await app.tick();
    expect((await prizes()).map(({ subscriberId }) => subscriberId)).toEqual([ben.id, cyd.id]);
    await api.delete(`/subscribers/${ben.id}`);
    await app.tick();
    expect((await prizes()).map(({ subscriberId }) => subscriberId)).toEqual([ben.id, cyd.id]);
    expect((await standing('2026-11')).data[0]).toMatchObject({ rank: 1, subscriber: { id: ben.id, email: null } });
  });

  test('that is ended has no winners any more', async () => {
    const { publication, api, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const ana = await publication.reader();
    const { id } = await contest();
    await bring(ana);
    expect((await api.delete(`/contests/${id}`)).status).toBe(204);
    expect((await api.delete(`/contests/${id}`)).status).toBe(204);
    app.clock.set(new Date('2026-12-02T00:00:00Z'));
    await app.tick();
    expect(await prizes()).toEqual([]);
    expect((await api.get('/programs/default/contests')).body.data).toMatchObject([
      { id, endedAt: expect.stringMatching(/^2026-11-10/) },
    ]);
  });

  test('whose prizes a person approves gives none before', async () => {
    const { publication, api, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
    const ana = await publication.reader();
    await contest({ approval: 'manual' });
    await bring(ana);
    app.clock.set(new Date('2026-12-02T00:00:00Z'));
    await app.tick();
    expect((await prizes()).map(({ status }) => status)).toEqual(['awaiting_approval']);
    const { data } = (await api.get('/grants?status=awaiting_approval')).body;
    expect(data).toMatchObject([{ milestone: null, contest: { name: 'Reader of the month' }, raffle: null }]);
    expect((await api.post(`/grants/${data[0].id}/approve`)).body.status).toBe('due');
  });
});

test('a contest of some days ends with them, and no round follows', async () => {
  const { publication, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
  const ana = await publication.reader();
  await bring(ana); // before it
  const { standing } = await contest({ period: { from: '2026-11-11', to: '2026-11-12' } });
  app.clock.set(new Date('2026-11-12T23:58:00Z'));
  await bring(ana);
  app.clock.set(new Date('2026-11-13T12:00:00Z'));
  await app.tick();
  expect((await prizes()).map(({ occurrence }) => occurrence)).toEqual(['2026-11-11/2026-11-12:1']);
  expect(await standing()).toMatchObject({ rounds: ['2026-11-11/2026-11-12'], data: [{ count: 1 }] });
});

test('fifty at once close a round once', async () => {
  const { publication, bring, contest, prizes } = await contestants(app, '2026-11-10T12:00:00Z');
  const ana = await publication.reader();
  const { id, standing } = await contest();
  await bring(ana);
  app.clock.set(new Date('2026-12-02T00:00:00Z'));
  const row = (await findContest(app.database.reader, publication.id, id))!;
  await Promise.all(range(50).map(() => app.get(CloseContest).run(row, app.clock.now())));
  expect(await prizes()).toHaveLength(1);
  expect(await standing()).toMatchObject({ round: '2026-12', rounds: ['2026-11'] });
});

test('five processes close 20 contests and draw 5 raffles once each', async () => {
  const others = await Promise.all(range(4).map(() => startApp({}, { poolSize: 4 })));
  const { publication, bring, contest, raffle, prizes } = await contestants(app, '2026-11-01T12:00:00Z');
  const [ana, ben] = [await publication.reader(), await publication.reader()];
  await inFlight(5, range(20), () => contest());
  const raffles = await inFlight(5, range(5), () => raffle({ from: '2026-11-02', to: '2026-11-30' }));
  app.clock.set(new Date('2026-11-20T12:00:00Z'));
  await bring(ana, 2);
  await bring(ben, 1);
  for (const one of [app, ...others]) one.clock.set(new Date('2026-12-02T00:00:00Z'));
  await Promise.all([app, ...others].map((one) => one.get(RunSchedules).run()));
  expect(await prizes()).toHaveLength(20 * 2 + 5);
  for (const { get } of raffles) expect((await get()).winners).toHaveLength(1);
  const runs = await app.rows(
    `select schedule from schedule_runs where publication_id = $1 and schedule ~ '^(contest|raffle)'`,
    [publication.id],
  );
  expect(runs).toHaveLength(25);
  await Promise.all(others.map((one) => one.close()));
});

test('a verification that is under way when the month ends is waited for and counts', async () => {
  const { publication, bring, contest, prizes } = await contestants(app, '2026-11-30T23:57:00Z');
  const [ana, ben] = [await publication.reader(), await publication.reader()];
  const { standing } = await contest();
  await bring(ana); // 23:58
  app.advance(30_000);
  // Ben's friend at 23:58:30, in a transaction that commits only when the closing has long begun.
  const program = await publication.program();
  let commit: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (commit = resolve));
  let verified: () => void = () => undefined;
  const hasVerified = new Promise<void>((resolve) => (verified = resolve));
  const friends = await Promise.all([
    publication.signUp(undefined, { ref: ben.code }),
    publication.signUp(undefined, { ref: ben.code }),
  ]);
  const slow = app.database.transaction(async (tx) => {
    for (const { id } of friends) {
      const referral = (await lockReferralOf(tx, publication.id, id))!;
      await app.get(VerifyReferral).within(tx, referral, program, 'reader', app.clock.now());
    }
    verified();
    await held;
  });
  await hasVerified;
  app.clock.set(new Date('2026-12-01T00:01:00Z'));
  const closing = app.get(RunSchedules).run();
  setTimeout(commit, 200);
  await Promise.all([slow, closing]);
  expect(shown(await standing('2026-11'))).toEqual([
    [1, ben.id, 2],
    [2, ana.id, 1],
  ]);
  expect(await prizes()).toHaveLength(2);
});

describe('the leaderboard', () => {
  test('has the rule of contests, for all time, the month, or a month', async () => {
    const { publication, api, bring } = await contestants(app, '2026-10-31T12:00:00Z');
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    await bring(ana, 1);
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    await bring(ben, 2);
    await bring(ana, 1);
    const board = async (query = '') => shown((await api.get(`/reports/leaderboard${query}`)).body);
    const both = [
      [1, ben.id, 2],
      [2, ana.id, 2],
    ];
    expect(await board()).toEqual(both);
    expect(await board('?period=all&program=default')).toEqual(both);
    expect(await board('?period=month')).toEqual([
      [1, ben.id, 2],
      [2, ana.id, 1],
    ]);
    expect(await board('?period=2026-10')).toEqual([[1, ana.id, 1]]);
    expect(await board('?limit=1')).toEqual(both.slice(0, 1));
    for (const query of ['?period=2026-13', '?period=0000-01', '?period=year', '?limit=0', '?limit=101']) {
      expect((await api.get(`/reports/leaderboard${query}`)).status, query).toBe(422);
    }
    expect((await api.get('/reports/leaderboard?program=none')).status).toBe(404);
  });
});

test.each([
  ['name', { name: '' }],
  ['period', { period: 'week' }],
  ['period.to', { period: { from: '2026-11-20', to: '2026-11-19' } }],
  ['period.to', { period: { from: '2026-11-01', to: '2026-11-09' } }],
  ['stage', { stage: 'reviewed' }],
  ['prizes', { prizes: [] }],
  ['prizes[0].rank', { prizes: [{ rank: 101, rewardId: '0193515c-7a2e-7000-8000-000000000001' }] }],
  ['prizes[0].rewardId', { prizes: [{ rank: 1, rewardId: '0193515c-7a2e-7000-8000-000000000001' }] }],
])('what is wrong with a contest is told: %s', async (path, wrong) => {
  const { publication, api } = await contestants(app, '2026-11-10T12:00:00Z');
  const { id: rewardId } = await publication.reward();
  const good = { name: 'Best', period: 'month', prizes: [{ rank: 1, rewardId }] };
  const answer = await api.post('/programs/default/contests', { ...good, ...wrong });
  expect([answer.status, answer.body.errors.map((one: { path: string }) => one.path)]).toEqual([422, [path]]);
  const twice = { ...good, prizes: [good.prizes[0], good.prizes[0]] };
  expect((await api.post('/programs/default/contests', twice)).body.errors[0].path).toBe('prizes[1].rank');
});

test('the ledger is looked through once a night, and what does not fit is told', async () => {
  const { publication } = await contestants(app, '2026-11-10T12:00:00Z', 'Europe/Berlin');
  const runs = async () =>
    (
      await app.rows<{ runKey: string }>(
        `select run_key from schedule_runs where publication_id = $1 and schedule = 'ledger' order by run_key`,
        [publication.id],
      )
    ).map(({ runKey }) => runKey);
  await app.tick();
  expect(await runs()).toEqual([]); // it was not there last night
  app.clock.set(new Date('2026-11-11T03:10:00Z'));
  await Promise.all(range(50).map(() => app.get(RunSchedules).run()));
  app.advance(-HOUR);
  await app.tick();
  expect(await runs()).toEqual(['2026-11-11T04:10']);

  const reader = await publication.reader();
  const milestone = await publication.milestone({ threshold: 1 });
  await publication.verifiedFriend(reader.code);
  await app.tick();
  await app.rows(`update grants set status = 'revoked' where milestone_id = $1`, [milestone.id]);
  app.clock.set(new Date('2026-11-12T03:10:00Z'));
  const before = app.logged.length;
  await app.tick();
  expect(await runs()).toEqual(['2026-11-11T04:10', '2026-11-12T04:10']);
  const line = app.logged.slice(before).find((one) => one.includes('do not fit together'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ publicationId: publication.id, count: 1 });
  app.advance(DAY);
});
