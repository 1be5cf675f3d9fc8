import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Api, OPERATOR_KEY, startApp } from '../support/app.js';

const app = await startApp();
const SCRIPT = path.resolve(import.meta.dirname, '../../public/raffle-check.mjs');

/*
 * The story of the year's end, by HTTP alone: a monthly contest whose first place is a tie, and a raffle over the same month that a
 * stranger draws again.
 */
describe('November', () => {
  let api: Api;
  let contest: string;
  let raffle: { id: string; url: string; commitment: string };
  const codes: Record<string, string> = {};
  const emails: Record<string, string> = {};

  const clock = (at: string) => app.http.post('/dev/clock').send({ now: at }).expect(200);
  const tick = () => app.http.post('/dev/tick').send({}).expect(200);
  const brings = async (name: string, at: string) => {
    await clock(at);
    const friend = { email: `friend-${at.replace(/\W/g, '')}@mail.example`, ref: codes[name], confirmed: true };
    expect((await api.post('/subscribers', friend)).body.referral.state).toBe('verified');
  };

  beforeAll(async () => {
    await clock('2026-10-31T20:00:00Z');
    const made = await app.api(OPERATOR_KEY).post('/publications', {
      ...{ slug: 'weekly-loaf', name: 'The Weekly Loaf', siteUrl: 'https://loaf.example' },
      ...{ fromEmail: 'editor@loaf.example', timezone: 'Europe/Berlin' },
    });
    api = app.api(made.body.apiKey.secret);
    const reward = async (name: string) => (await api.post('/rewards', { kind: 'custom', name })).body.id as string;
    const [basket, book, week] = [await reward('Basket'), await reward('Book'), await reward('A week at the mill')];
    const prizes = [
      { rank: 1, rewardId: basket },
      { rank: 2, rewardId: book },
    ];
    const best = await api.post('/programs/default/contests', { name: 'Reader of the month', period: 'month', prizes });
    contest = best.body.id;
    raffle = (
      await api.post('/programs/default/raffles', {
        ...{ name: 'The autumn draw', from: '2026-11-01', to: '2026-11-30' },
        prizes: [{ rewardId: week, count: 2 }],
      })
    ).body;
    for (const name of ['ana', 'ben', 'cyd']) {
      emails[name] = `${name}@reader.example`;
      const { body } = await api.post('/subscribers', { email: emails[name], confirmed: true });
      codes[name] = body.subscriber.shareCode;
    }
  });

  test('is won by who had three friends first, and the draw is checked by a stranger', async () => {
    await brings('ben', '2026-10-31T22:59:00Z'); // October still, in Berlin
    await brings('ana', '2026-10-31T23:00:00Z'); // November
    await brings('ana', '2026-11-10T08:00:00Z');
    await brings('ben', '2026-11-11T08:00:00Z');
    await brings('ben', '2026-11-12T08:00:00Z');
    await brings('ben', '2026-11-20T08:00:00Z'); // three, first
    await brings('ana', '2026-11-21T08:00:00Z'); // three, too
    await brings('cyd', '2026-11-30T22:58:00Z');
    await brings('cyd', '2026-11-30T23:00:00Z'); // December, in Berlin
    await clock('2026-11-30T23:30:00Z');
    await tick();
    await tick();

    const november = (await api.get(`/contests/${contest}/standing?round=2026-11`)).body;
    expect(
      november.data.map((one: { subscriber: { email: string }; count: number; prize: { name: string } | null }) => [
        one.subscriber.email,
        one.count,
        one.prize?.name ?? null,
      ]),
    ).toEqual([
      [emails['ben'], 3, 'Basket'],
      [emails['ana'], 3, 'Book'],
      [emails['cyd'], 1, null],
    ]);
    const october = (await api.get(`/contests/${contest}/standing?round=2026-10`)).body;
    expect(october.data).toMatchObject([{ subscriber: { email: emails['ben'] }, count: 1 }]);
    const december = (await api.get(`/contests/${contest}/standing`)).body;
    expect(december).toMatchObject({ round: '2026-12', data: [{ subscriber: { email: emails['cyd'] }, count: 1 }] });
    const board = (await api.get('/reports/leaderboard?period=2026-11&limit=2')).body;
    expect(board.data.map(({ subscriber }: { subscriber: { email: string } }) => subscriber.email)).toEqual([
      emails['ben'],
      emails['ana'],
    ]);

    const grants = (await api.get('/grants')).body.data as { status: string; reward: { name: string } }[];
    expect(grants.map(({ status, reward }) => `${reward.name} ${status}`).sort()).toEqual([
      ...['A week at the mill sent', 'A week at the mill sent'],
      ...['Basket sent', 'Basket sent', 'Book sent'],
    ]);

    const { winners, ...drawn } = (await api.get(`/raffles/${raffle.id}`)).body;
    expect(drawn).toMatchObject({ entries: 7, commitment: raffle.commitment });
    const script = spawn(process.execPath, [SCRIPT, raffle.url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [[code], said] = await Promise.all([once(script, 'close') as Promise<[number]>, text(script.stdout)]);
    expect([code, said.trim().split('\n')]).toEqual([
      0,
      winners.map(
        (one: { number: number; position: number; entry: string }) => `${one.number}: ${one.position} ${one.entry}`,
      ),
    ]);
    // The script is what the page offers to everybody.
    const page = await app.http.get(new URL(raffle.url).pathname).expect(200);
    expect(page.text).toContain('href="/assets/raffle-check.mjs"');
    expect((await app.http.get('/assets/raffle-check.mjs').expect(200)).text).toContain('entries.txt');
  });
});
