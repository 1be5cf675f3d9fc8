import { afterEach, describe, expect, test } from 'vitest';
import { TargetLookup } from '../../src/clicks/target-lookup.js';
import { appendClicks } from '../../src/clicks/click.store.js';
import { ClickBatcher } from '../../src/clicks/click-batcher.js';
import { Ids } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp();
const PERSON =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

afterEach(() => app.clock.set(null));

/** A visit; without headers that of a person, from an address of their own if none is said. */
function visit(path: string, { method = 'get', ip = '198.51.100.1', ...headers }: Record<string, string> = {}) {
  const request = app.http[method as 'get' | 'head'](path).set('user-agent', PERSON).set('x-forwarded-for', ip);
  for (const [name, value] of Object.entries(headers)) request.set(name, value);
  return request;
}

async function classes(publicationId: string): Promise<string[]> {
  const clicks = await app.rows<{ class: string }>(
    'select class from clicks where publication_id = $1 order by at, id',
    [publicationId],
  );
  return clicks.map((click) => click.class);
}

async function sharer(settings: { landingUrl?: string | null } = {}) {
  const publication = await newPublication(app);
  if (settings.landingUrl !== undefined) await publication.changeProgram({ landingUrl: settings.landingUrl });
  return { publication, reader: await publication.reader() };
}

/** Holds the clicks table so that nothing can be appended until it is let go. */
async function blockClicks(): Promise<() => Promise<void>> {
  const source = await openDatabase({ poolSize: 1 });
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  await runner.query('lock table clicks in share mode');
  return async () => {
    await runner.rollbackTransaction();
    await runner.release();
  };
}

describe('a visit to a share link', () => {
  test.each<[what: string, expected: string, headers: Record<string, string>]>([
    ['a person', 'human', {}],
    ['a person in the browser of an app', 'human', { 'user-agent': `${PERSON} Line/15.1.0` }],
    ['a crawler', 'bot', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
    ['a link preview', 'bot', { 'user-agent': 'facebookexternalhit/1.1' }],
    ['a program', 'bot', { 'user-agent': 'curl/8.14.1' }],
    ['nobody who says who', 'bot', { 'user-agent': '' }],
    ['HEAD', 'bot', { method: 'head' }],
    ['a prefetch', 'prefetch', { 'sec-purpose': 'prefetch;prerender' }],
    ['an old prefetch', 'prefetch', { purpose: 'prefetch' }],
    ['a preview of Safari', 'prefetch', { 'x-purpose': 'preview' }],
  ])('by %s is %s, and the redirect is the same for all', async (_, expected, headers) => {
    const { publication, reader } = await sharer({ landingUrl: 'https://letter.example/welcome' });
    const { status, headers: sent } = await visit(`/r/${reader.code}`, headers);
    const target = new URL(sent['location']!);
    expect([status, target.origin + target.pathname]).toEqual([302, 'https://letter.example/welcome']);
    expect([...target.searchParams.keys()]).toEqual(['ref', 'click']);
    expect(await classes(publication.id)).toEqual([expected]);
  });

  test('is a repeat in the same UTC hour and on the same link, and counts again in the next hour', async () => {
    const { publication, reader } = await sharer();
    await publication.content('rye');
    app.clock.set(new Date('2027-01-01T10:05:00Z'));
    for (const path of ['', '', '/rye', '?via=x', '?via=x']) await visit(`/r/${reader.code}${path}`);
    expect(await classes(publication.id)).toEqual(['human', 'repeat', 'human', 'human', 'repeat']);
    app.clock.set(new Date('2027-01-01T11:00:00Z'));
    await visit(`/r/${reader.code}`);
    await visit(`/r/${reader.code}`, { ip: '198.51.100.2' });
    expect((await classes(publication.id)).slice(5)).toEqual(['human', 'human']);
    const { body } = await publication.admin.get('/reports/funnel');
    expect(body.data[0]).toMatchObject({ clicks: 5, visitors: 2 });
  });

  test('is their own when the browser opened their page, or confirmed their address', async () => {
    const { publication, reader } = await sharer();
    const token = app.token('hub', publication.id, reader.id, new Date(app.clock.now().getTime() + DAY));
    const hub = await app.http.get(`/hub/${token}`);
    const cookie = String(hub.headers['set-cookie']).split(';')[0]!;
    await visit(`/r/${reader.code}`, { cookie });
    const stranger = await publication.reader();
    await visit(`/r/${stranger.code}`, { cookie });
    await visit(`/r/${reader.code}`, { cookie: cookie.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A')) });
    expect(await classes(publication.id)).toEqual(['self', 'human', 'human']);
  });

  test('keeps no address and no user agent, and its visitor is another one tomorrow', async () => {
    const { publication, reader } = await sharer();
    app.clock.set(new Date('2027-01-01T12:00:00Z'));
    await visit(`/r/${reader.code}`);
    app.clock.set(new Date('2027-01-02T12:00:00Z'));
    await visit(`/r/${reader.code}`);
    const rows = await app.rows<{ visitor: Buffer }>('select * from clicks where publication_id = $1', [
      publication.id,
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/198\.51|Safari/);
    expect(new Set(rows.map(({ visitor }) => visitor.toString('hex'))).size).toBe(2);
  });

  test('200 of one visitor at once: one human click', async () => {
    const { publication, reader } = await sharer();
    const answers = await Promise.all(range(200).map(() => visit(`/r/${reader.code}`).then(({ status }) => status)));
    expect(new Set(answers)).toEqual(new Set([302]));
    const found = await classes(publication.id);
    expect([found.length, found.filter((kind) => kind === 'human').length]).toEqual([200, 1]);
  });
});

describe('a redirect', () => {
  test('passes the visitor’s parameters on, never over the stored ones or ours, and takes via away', async () => {
    const { publication, reader } = await sharer();
    await publication.content('rye', 'https://letter.example/rye?issue=7&ref=old#top');
    const query = 'via=LINE&issue=8&ref=evil&click=evil&utm_source=%E5%8F%A3&utm_source=two&%68ost=x';
    const { headers } = await visit(`/r/${reader.code.toUpperCase()}/rye?${query}`);
    const target = new URL(headers['location']!);
    expect([target.hash, target.searchParams.getAll('utm_source')]).toEqual(['#top', ['口', 'two']]);
    expect(target.searchParams.getAll('issue')).toEqual(['7']);
    expect(target.searchParams.getAll('ref')).toEqual([reader.code]);
    expect(target.searchParams.get('click')).toMatch(/^[\w-]{70}$/);
    expect(target.searchParams.has('via')).toBe(false);
    const [click] = await app.rows('select channel from clicks where publication_id = $1', [publication.id]);
    expect(click).toEqual({ channel: 'line' });
  });

  test('passes at most 20 parameters and 2 kB on', async () => {
    const { reader } = await sharer();
    const many = await visit(
      `/r/${reader.code}?${range(50)
        .map((n) => `p${n}=1`)
        .join('&')}`,
    );
    expect([...new URL(many.headers['location']!).searchParams.keys()]).toHaveLength(22);
    const long = await visit(`/r/${reader.code}?a=${'x'.repeat(3_000)}&b=1`);
    expect([...new URL(long.headers['location']!).searchParams.keys()]).toEqual(['b', 'ref', 'click']);
  });

  test('leads nowhere outside but where the publication says, whatever Host and query say', async () => {
    const { publication, reader } = await sharer();
    for (const path of [
      `/r/${reader.code}?url=https://evil.example`,
      `/r/${reader.code}/no-such-content`,
      `/r/${reader.code}/..%2f..%2fevil`,
    ]) {
      const { headers } = await visit(path, { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
      expect(new URL(headers['location']!).href.startsWith(`${app.url}/join/${publication.slug}?`), path).toBe(true);
    }
  });

  test('of an unknown code is a page that says so, and no click', async () => {
    const before = await app.snapshot();
    for (const code of ['nobody99', 'a', 'x'.repeat(40), '%F0%9F%8D%9E', "';--"]) {
      const answer = await visit(`/r/${code}`);
      expect([answer.status, answer.headers['location']], code).toEqual([404, undefined]);
    }
    expect(await app.snapshot()).toEqual(before);
  });

  test('does not wait for a slow database: no click in the address, and the click is stored later', async () => {
    const { publication, reader } = await sharer();
    await visit(`/r/${reader.code}`, { ip: '198.51.100.9' }); // the link is known
    const release = await blockClicks();
    const { headers } = await app.impatiently(() => visit(`/r/${reader.code}`)); // answered while nothing can be stored
    await release();
    expect([...new URL(headers['location']!).searchParams.keys()]).toEqual(['ref']);
    await expect.poll(() => classes(publication.id)).toEqual(['human', 'human']);
  });

  test('of a known link goes on while the database is away', async () => {
    const away = await startApp({}, { poolSize: 2 });
    const { reader } = await sharer();
    await away.http.get(`/r/${reader.code}`).set('user-agent', PERSON);
    await away.database.source.destroy();
    const known = await away.http.get(`/r/${reader.code}`).set('user-agent', PERSON);
    expect([known.status, [...new URL(known.headers['location']!).searchParams.keys()]]).toEqual([302, ['ref']]);
    const unknown = await away.http.get('/r/nobody88').set('user-agent', PERSON);
    expect([unknown.status, unknown.headers['location']]).toEqual([503, undefined]);
    expect(Number(unknown.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('the batcher', () => {
  function click(publicationId: string, participantId: string, visitKey: string) {
    const id = app.get(Ids).next();
    const kind = { channel: 'other', class: 'human' as const, contentId: null };
    return {
      ...kind,
      publicationId,
      id,
      participantId,
      visitor: Buffer.from(visitKey),
      visitKey: Buffer.from(visitKey),
      at: new Date(),
    };
  }

  test('of two processes at once counts each visitor once and loses no click', async () => {
    const { publication, reader } = await sharer();
    const batchers = [
      new ClickBatcher(app.database),
      new ClickBatcher(new Database(await openDatabase({ poolSize: 5 }))),
    ];
    // 1,000 clicks of 50 visitors, in other orders in the two processes: the order of locks must not matter.
    const clicks = batchers.flatMap((batcher, process) =>
      range(500).map(
        (n) => () => batcher.store(click(publication.id, reader.id, `v${process === 0 ? n % 50 : 49 - (n % 50)}`)),
      ),
    );
    await Promise.all(clicks.map((store) => store()));
    const found = await classes(publication.id);
    expect([found.length, found.filter((kind) => kind === 'human').length]).toEqual([1_000, 50]);
  });

  test('of many processes that meet the same visitors in other orders waits in line: no deadlock', async () => {
    const { publication, reader } = await sharer();
    const rounds = range(20).map((round) => range(500).map((n) => `round ${round}, visitor ${n}`));
    for (const visitors of rounds) {
      const orders = [visitors, visitors.toReversed(), visitors, visitors.toReversed()];
      await Promise.all(
        orders.map((order) =>
          appendClicks(
            app.database.reader,
            order.map((visitor) => click(publication.id, reader.id, visitor)),
          ),
        ),
      );
    }
    const found = await classes(publication.id);
    expect([found.length, found.filter((kind) => kind === 'human').length]).toEqual([40_000, 10_000]);
  });

  test('takes all visitors of a batch in one statement, a repeat within it too', async () => {
    const { publication, reader } = await sharer();
    await appendClicks(
      app.database.reader,
      ['a', 'b', 'a'].map((key) => click(publication.id, reader.id, key)),
    );
    expect((await classes(publication.id)).sort()).toEqual(['human', 'human', 'repeat']);
  });

  test('refuses what would fill its memory while the database stands still, and takes clicks again afterwards', async () => {
    const { publication, reader } = await sharer();
    const batcher = new ClickBatcher(app.database);
    const release = await blockClicks();
    const given = range(11_500).map((n) =>
      batcher.store(click(publication.id, reader.id, `v${n}`)).then(
        () => true,
        () => false,
      ),
    );
    await release();
    const stored = (await Promise.all(given)).filter(Boolean).length;
    expect(stored).toBeGreaterThanOrEqual(10_000);
    expect(stored).toBeLessThan(11_500);
    expect(await classes(publication.id)).toHaveLength(stored);
    await expect(batcher.store(click(publication.id, reader.id, 'after'))).resolves.toBeUndefined();
  });

  test('goes on after a batch that could not be written', async () => {
    const { publication, reader } = await sharer();
    const batcher = new ClickBatcher(app.database);
    const bad = { ...click(publication.id, reader.id, 'bad'), class: 'nonsense' as never };
    await expect(batcher.store(bad)).rejects.toThrow('clicks_class_check');
    await expect(batcher.store(click(publication.id, reader.id, 'good'))).resolves.toBeUndefined();
    expect(await classes(publication.id)).toEqual(['human']);
  });

  test('looks up many links at once, each for its own', async () => {
    const publication = await newPublication(app);
    const readers = await Promise.all(range(30).map(() => publication.reader()));
    const lookup = new TargetLookup(app.database);
    const asked = [...readers.map(({ code }) => code), 'nobody-has-this', readers[0]!.code];
    const targets = await Promise.all(asked.map((code) => lookup.find(code)));
    expect(targets.map((target) => target?.subscriberId)).toEqual([
      ...readers.map(({ id }) => id),
      undefined,
      readers[0]!.id,
    ]);
  });

  test('goes on after a look-up that failed', async () => {
    const { reader } = await sharer();
    const lookup = new TargetLookup(app.database);
    await expect(lookup.find('\0')).rejects.toThrow();
    expect(await lookup.find(reader.code)).toMatchObject({ subscriberId: reader.id });
  });

  test('a link of an hour ago still ties a signup to its click', async () => {
    const { publication, reader } = await sharer();
    const { headers } = await visit(`/r/${reader.code}?via=email`);
    app.advance(HOUR);
    const friend = await publication.signUp(undefined, {
      click: new URL(headers['location']!).searchParams.get('click')!,
    });
    expect(await publication.referralOf(friend.id)).toMatchObject({ channel: 'email', clickId: expect.any(String) });
  });
});
