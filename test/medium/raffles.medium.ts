import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { findRaffle } from '../../src/contests/raffle.store.js';
import { commitmentTo } from '../../src/domain/raffle.js';
import { DrawRaffle } from '../../src/flows/draw-raffle.js';
import { contestants } from '../support/contests.js';
import { startApp } from '../support/app.js';
import { range } from '../support/make.js';

const app = await startApp();
const SCRIPT = path.resolve(import.meta.dirname, '../../public/raffle-check.mjs');

/** What the independent script says, and how it ends. */
async function check(url: string): Promise<{ code: number; lines: string[] }> {
  const script = spawn(process.execPath, [SCRIPT, url], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out] = await Promise.all([once(script, 'close') as Promise<[number]>, text(script.stdout)]);
  return { code, lines: out.trim().split('\n') };
}

const drawn = '2026-12-01T00:01:00Z';

describe('a raffle', () => {
  test('has one entry for each verified referral of its period, and an independent script draws the same', async () => {
    const { publication, bring, raffle, prizes } = await contestants(app, '2026-11-01T12:00:00Z');
    const [week, jar] = [await publication.reward({ name: 'A week' }), await publication.reward({ name: 'A jar' })];
    const { id, body, get } = await raffle({
      prizes: [
        { rewardId: week.id, count: 1 },
        { rewardId: jar.id, count: 2 },
      ],
    });
    const readers = [];
    for (let n = 0; n < 6; n++) readers.push(await publication.reader());
    await bring(readers[0]!, 1); // before it begins
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    for (const [n, reader] of readers.entries()) if (n > 0) await bring(reader, n);
    app.clock.set(new Date(drawn));
    await app.tick();
    await app.tick();

    const after = await get();
    expect(after).toMatchObject({ commitment: body.commitment, entries: 15 });
    expect(commitmentTo(after.seed)).toBe(body.commitment);
    const won = after.winners as { number: number; position: number; entry: string; subscriberId: string }[];
    expect(won.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(new Set(won.map(({ subscriberId }) => subscriberId)).size).toBe(3);
    expect(won.map(({ subscriberId }) => subscriberId)).not.toContain(readers[0]!.id);
    expect((await prizes()).map(({ rewardId }) => rewardId)).toEqual([week.id, jar.id, jar.id]);
    expect((await prizes()).map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);

    expect(await check(body.url)).toEqual({
      code: 0,
      lines: won.map(({ number, position, entry }) => `${number}: ${position} ${entry}`),
    });
    const list = (await app.http.get(`/raffle/${id}/entries.txt`)).text;
    expect(list).toMatch(/^(\d+ [0-9a-f]{20} [0-9a-f]{20}\n){15}$/);
    const page = (await app.http.get(`/raffle/${id}`)).text;
    for (const told of [after.seed, after.commitment, after.listHash, won[0]!.entry, 'not changed afterwards']) {
      expect(page).toContain(told);
    }
    for (const { id: person, email } of readers) {
      for (const hidden of [person, email]) expect(page + list).not.toContain(hidden);
    }
  });

  test('that was changed afterwards is found out', async () => {
    const { publication, bring, raffle } = await contestants(app, '2026-11-01T12:00:00Z');
    const { id, body } = await raffle();
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    for (let n = 0; n < 3; n++) await bring(await publication.reader(), 2);
    app.clock.set(new Date(drawn));
    await app.tick();
    const change = async (sql: string) => {
      await app.database.transaction(async (tx) => {
        await tx.query(`set local session_replication_role = replica`);
        await tx.query(sql, [id]);
      });
    };
    await expect(app.rows(`update raffle_winners set position = 1 where raffle_id = $1`, [id])).rejects.toThrow();
    await expect(app.rows(`delete from raffle_entries where raffle_id = $1`, [id])).rejects.toThrow();
    expect((await check(body.url)).code).toBe(0);
    await change(`update raffle_winners set position = position % 6 + 1 where raffle_id = $1`);
    expect((await check(body.url)).lines.at(-1)).toBe('other entries would have won');
    await change(`update raffle_winners set position = (position + 4) % 6 + 1 where raffle_id = $1`);
    expect((await check(body.url)).code).toBe(0);
    await change(`update raffle_entries set entry = reverse(entry) where position = 2 and raffle_id = $1`);
    expect((await check(body.url)).lines).toContain('the list is not the one that was drawn from');
    await change(`update raffle_entries set entry = reverse(entry) where position = 2 and raffle_id = $1`);
    await change(`update raffles set seed = reverse(seed) where id = $1`);
    expect(await check(body.url)).toMatchObject({ code: 1 });
  });

  test('shows its commitment from the start, and its seed to nobody before the draw', async () => {
    const { publication, api, bring, raffle } = await contestants(app, '2026-11-01T12:00:00Z');
    const { id, body, get } = await raffle();
    const [{ seed }] = (await app.rows<{ seed: string }>('select seed from raffles where id = $1', [id])) as [
      { seed: string },
    ];
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    await bring(await publication.reader(), 1);
    app.clock.set(new Date('2026-11-30T23:59:59Z'));
    await app.tick();
    const told = [
      JSON.stringify([
        body,
        await get(),
        (await api.get('/programs/default/raffles')).body,
        (await api.get('/audit')).body,
      ]),
      (await app.http.get(`/raffle/${id}`)).text,
      (await app.http.get(`/raffle/${id}/draw.json`)).text,
    ];
    for (const one of told) {
      expect(one).toContain(commitmentTo(seed));
      expect(one).not.toContain(seed);
    }
    expect((await app.http.get(`/raffle/${id}/entries.txt`)).status).toBe(404);
    expect(await get()).toMatchObject({ seed: null, drawnAt: null, winners: [] });
  });

  test('is drawn once by fifty at once', async () => {
    const { publication, bring, raffle, prizes } = await contestants(app, '2026-11-01T12:00:00Z');
    const { id, get } = await raffle();
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    for (let n = 0; n < 3; n++) await bring(await publication.reader(), 2);
    app.clock.set(new Date(drawn));
    const row = (await findRaffle(app.database.reader, publication.id, id))!;
    await Promise.all(range(50).map(() => app.get(DrawRaffle).run(row, app.clock.now())));
    expect(await prizes()).toHaveLength(1);
    expect(await get()).toMatchObject({ entries: 6, winners: [{ number: 1 }] });
  });

  test('has no entries of erased readers and reversed referrals, and stays as it was drawn', async () => {
    const { publication, api, bring, raffle, prizes } = await contestants(app, '2026-11-01T12:00:00Z');
    const { get, body } = await raffle();
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    const [ana, ben, cyd] = [await publication.reader(), await publication.reader(), await publication.reader()];
    await bring(ana, 3);
    const [first] = await bring(ben, 2);
    const [only] = await bring(cyd, 1);
    await api.delete(`/subscribers/${ana.id}`);
    const review = { ids: [only!.referral.id], decision: 'reject', note: 'fraud' };
    await api.post('/referrals/review', review);
    app.clock.set(new Date(drawn));
    await app.tick();
    const before = await get();
    expect(before).toMatchObject({ entries: 2, winners: [{ subscriberId: ben.id, flagged: false }] });

    const winning =
      before.winners[0].position === 1
        ? first!
        : (
            await publication.app.rows<{ referralId: string }>(
              `select referral_id from raffle_entries where raffle_id = $1 and position = 2`,
              [before.id],
            )
          ).map(({ referralId }) => ({ referral: { id: referralId } }))[0]!;
    await api.post('/referrals/review', { ...review, ids: [winning.referral.id] });
    await api.delete(`/subscribers/${ben.id}`);
    await app.tick();
    expect(await get()).toMatchObject({ entries: 2, winners: [{ subscriberId: ben.id, flagged: true }] });
    expect(await prizes()).toHaveLength(1);
    expect((await check(body.url)).code).toBe(0);
  });

  test('that nobody entered is drawn without winners', async () => {
    const { raffle, prizes } = await contestants(app, '2026-11-01T12:00:00Z');
    const { get, body } = await raffle();
    app.clock.set(new Date(drawn));
    await app.tick();
    expect(await get()).toMatchObject({ entries: 0, winners: [] });
    expect(await prizes()).toEqual([]);
    expect((await check(body.url)).code).toBe(0);
  });

  test('of earned entries has one for each grant of its reward that stands', async () => {
    const { publication, bring, raffle, api } = await contestants(app, '2026-11-01T12:00:00Z');
    const entry = await publication.reward({ kind: 'entry', name: 'Entry' });
    await publication.milestone({ threshold: 2, every: 2, rewardId: entry.id });
    const { get } = await raffle({ entryRewardId: entry.id });
    app.clock.set(new Date('2026-11-10T12:00:00Z'));
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    await bring(ana, 5); // two entries
    const [, second] = await bring(ben, 2);
    await app.tick();
    // An entry that was sent stays with its grant, flagged: it is none any more.
    await api.post('/referrals/review', { ids: [second!.referral.id], decision: 'reject', note: 'fraud' });
    app.clock.set(new Date(drawn));
    await app.tick();
    expect(await get()).toMatchObject({ entries: 2, winners: [{ subscriberId: ana.id }] });
  });
});

test('the page of a reader shows where they stand, and names nobody else', async () => {
  const { publication, bring, contest, raffle } = await contestants(app, '2026-11-01T12:00:00Z');
  await contest();
  const { id } = await raffle();
  app.clock.set(new Date('2026-11-10T12:00:00Z'));
  const [ana, ben] = [await publication.reader(), await publication.reader(undefined, { firstName: 'Benedikt' })];
  await bring(ben, 3);
  await bring(ana, 2);
  const token = app.token('hub', publication.id, ana.id, new Date('2026-12-01T00:00:00Z'));
  const page = (await app.http.get(`/hub/${token}`)).text;
  expect(page).toContain('You are number 2 with 2 friends. First place has 3.');
  expect(page).toMatch(/entries are yours<\/dt><dd>2<\/dd>[^]*entries in all<\/dt><dd>5<\/dd>/);
  expect(page).toContain(`href="/raffle/${id}"`);
  expect(page).not.toContain('Benedikt');
});

test.each<[string, { count?: number; second?: string } & Record<string, unknown>]>([
  ['from', { from: '2026-11-01', to: '2026-11-30' }],
  ['from', { from: '2026-10-01', to: '2026-11-30' }],
  ['to', { from: '2026-11-10', to: '2026-11-09' }],
  ['prizes', { prizes: [] }],
  ['prizes[0].count', { count: 0 }],
  ['prizes', { count: 100 }],
  ['prizes[1].rewardId', { second: '0193515c-7a2e-7000-8000-000000000001' }],
  ['entryRewardId', { entryRewardId: '0193515c-7a2e-7000-8000-000000000001' }],
])('what is wrong with a raffle is told: %s', async (path, { count = 1, second, ...wrong }) => {
  const { publication, api } = await contestants(app, '2026-11-01T00:00:00Z');
  const { id: rewardId } = await publication.reward();
  const prizes = [
    { rewardId, count },
    { rewardId: second ?? rewardId, count: 1 },
  ];
  const answer = await api.post('/programs/default/raffles', {
    name: 'Draw',
    from: '2026-11-02',
    to: '2026-11-30',
    prizes,
    ...wrong,
  });
  expect([answer.status, answer.body.errors.map((one: { path: string }) => one.path)]).toEqual([422, [path]]);
});

test.each([
  '/raffle/x',
  '/raffle/0193515c-7a2e-7000-8000-000000000001',
  '/raffle/x/draw.json',
  '/raffle/%00/entries.txt',
])('%s is nothing', async (where) => {
  expect((await app.http.get(where)).status).toBe(404);
});
