import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

const NAMES = [
  'anna',
  'boris',
  'clara',
  'dmitri',
  'elif',
  'farid',
  'grace',
  'henri',
  'ines',
  'jomo',
  'karl',
  'lena',
  'mina',
  'nils',
  'olga',
  'pavel',
];

/** The n-th of a company signs up by this link and confirms, each from a home of their own if they have no office. */
async function colleague(publication: TestPublication, ref: string, domain: string, n: number, office?: string) {
  const browser = {
    ip: office ?? `203.0.113.${n + 1}`,
    userAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:1${n}.0) Gecko/20100101 Firefox/1${n}.0`,
  };
  const fields = { email: `${NAMES[n]}@${domain}`, ref };
  const headers = { 'x-forwarded-for': browser.ip, 'user-agent': browser.userAgent };
  expect((await app.http.post(`/join/${publication.slug}`).set(headers).type('form').send(fields)).status).toBe(303);
  await app.tick();
  app.advance(MINUTE);
  const [{ id }] = (await app.rows<{ id: string }>(
    'select id from subscribers where publication_id = $1 and email = $2',
    [publication.id, fields.email],
  )) as [{ id: string }];
  await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`).set(headers);
  app.advance(HOUR);
  return publication.referralOf(id);
}

async function strong(): Promise<TestPublication> {
  const publication = await newPublication(app);
  await publication.changeProgram({ fraudLevel: 'strong' });
  return publication;
}

async function team(size: number) {
  const publication = await strong();
  const reader = await publication.reader();
  const domain = `company-of-${size}.example`;
  const first = [];
  for (const n of range(size)) first.push(await colleague(publication, reader.code, domain, n));
  return { publication, reader, first };
}

describe('friends of a company that nobody here knew', () => {
  test('wait for five days from the second on, and count then without anybody’s doing', async () => {
    const { publication, reader, first } = await team(5);
    expect(first.map(({ state, heldFor }) => heldFor ?? state)).toEqual([
      'verified',
      ...Array<string>(4).fill('review'),
    ]);
    expect(first[1]!.reasons.map(({ code }) => code)).toEqual(['cluster']);
    expect(first[1]!.heldUntil!.getTime() - first[1]!.confirmedAt!.getTime()).toBe(5 * DAY);
    expect(await publication.countOf(reader.id)).toBe(1);
    app.advance(5 * DAY);
    await Promise.all(range(4).map(() => app.tick()));
    expect(await publication.countOf(reader.id)).toBe(5);
  });

  test('wait for a person when they have become more than a team', async () => {
    const { publication, reader } = await team(16);
    app.advance(5 * DAY);
    await app.tick();
    expect(await publication.countOf(reader.id)).toBe(1);
    const held = await app.rows<{ heldFor: string; heldUntil: Date | null }>(
      `select held_for, held_until from referrals where publication_id = $1 and state = 'held'`,
      [publication.id],
    );
    expect(held).toEqual(Array(15).fill({ heldFor: 'review', heldUntil: null }));
  });

  test('go on in an office, by the link of a colleague, however many they are', async () => {
    app.clock.set(new Date('2027-03-01T00:30:00Z'));
    const publication = await strong();
    const office = '198.51.100.44';
    await expect(colleague(publication, 'nobody', 'a-whole-office.example', 0, office)).rejects.toThrow('by nobody');
    const [ana] = await app.rows<{ id: string }>('select id from subscribers where publication_id = $1', [
      publication.id,
    ]);
    const code = await publication.codeOf(ana!.id);
    const standings = [];
    for (const n of range(13)) {
      const { state, heldFor } = await colleague(publication, code, 'a-whole-office.example', n + 1, office);
      standings.push(heldFor ?? state);
      app.advance(10 * HOUR);
    }
    // Until five kinds of browsers have been seen there on three days.
    expect(standings).toEqual([
      'verified',
      'verified',
      ...Array<string>(4).fill('review'),
      ...Array<string>(7).fill('verified'),
    ]);
    app.advance(5 * DAY);
    await app.tick();
    expect(await publication.countOf(ana!.id)).toBe(13);
  });

  test('do not wait where a reader of it is known who came otherwise, and a week before', async () => {
    const publication = await strong();
    const { code } = await publication.reader();
    await expect(colleague(publication, 'nobody', 'loaf-makers.example', 0)).rejects.toThrow('referred by nobody');
    app.advance(8 * DAY);
    for (const n of [1, 2, 3, 4, 5]) {
      expect((await colleague(publication, code, 'loaf-makers.example', n)).state).toBe('verified');
    }
  });
});
