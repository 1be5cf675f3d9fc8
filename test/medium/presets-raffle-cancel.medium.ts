import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { contestants } from '../support/contests.js';
import { inFlight, range } from '../support/make.js';

const app = await startApp();
const NOW = '2026-11-01T12:00:00Z';
const AFTER = new Date('2026-12-01T00:05:00Z');

test('a raffle that is called off is never drawn, and its page says so', async () => {
  const { publication, api, bring, raffle, prizes } = await contestants(app, NOW);
  const { id, body, get } = await raffle();
  expect(body.cancelledAt).toBeNull();
  app.clock.set(new Date('2026-11-10T12:00:00Z'));
  const ana = await publication.reader();
  await bring(ana, 2);
  const hub = `/hub/${app.token('hub', publication.id, ana.id, AFTER)}`;
  expect((await app.http.get(hub).expect(200)).text).toContain('The autumn draw');
  await api.delete(`/raffles/${id}`).expect(204);
  const first = (await get()).cancelledAt;
  app.advance(60_000);
  await api.delete(`/raffles/${id}`).expect(204);
  expect((await get()).cancelledAt).toBe(first);
  expect((await app.http.get(hub).expect(200)).text).not.toContain('The autumn draw');
  const page = (await app.http.get(`/raffle/${id}`).expect(200)).text;
  expect(page).toContain('Called off');
  expect(page).toContain(body.commitment);

  app.clock.set(AFTER);
  await app.tick();
  expect(await get()).toMatchObject({ drawnAt: null, seed: null, entries: null, winners: [] });
  expect(await prizes()).toEqual([]);
  await app.http.get(`/raffle/${id}/entries.txt`).expect(404);
  const { body: audit } = await api.get('/audit').expect(200);
  expect(audit.data.filter(({ act }: { act: string }) => act === 'raffle.cancel')).toHaveLength(1);
});

test('one that is drawn cannot be called off, nor one of another publication', async () => {
  const { api, raffle, get } = await contestants(app, NOW).then(async (one) => {
    const made = await one.raffle();
    return { ...one, raffle: made, get: made.get };
  });
  const other = await contestants(app, NOW);
  await other.api.delete(`/raffles/${raffle.id}`).expect(404);
  app.clock.set(AFTER);
  await app.tick();
  expect((await api.delete(`/raffles/${raffle.id}`).expect(409)).body.code).toBe('raffle/drawn');
  expect(await get()).toMatchObject({ cancelledAt: null, drawnAt: expect.any(String) });
});

test('fifty who call off while it is drawn: it is one or the other', async () => {
  const { publication, api, bring, raffle, prizes } = await contestants(app, NOW);
  const { id, get } = await raffle();
  app.clock.set(new Date('2026-11-10T12:00:00Z'));
  await bring(await publication.reader(), 1);
  app.clock.set(AFTER);
  const calls = inFlight(50, range(50), async () => (await api.delete(`/raffles/${id}`)).status);
  const [, statuses] = await Promise.all([app.tick(), calls]);
  const shown = await get();
  const isDrawn = shown.drawnAt !== null;
  expect([new Set(statuses), shown.cancelledAt === null]).toEqual([new Set([isDrawn ? 409 : 204]), isDrawn]);
  expect(await prizes()).toHaveLength(isDrawn ? 1 : 0);
});
