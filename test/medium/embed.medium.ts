import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const PERSON = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';

describe('GET /embed.js', () => {
  const get = (headers: Record<string, string> = {}) => app.http.get('/embed.js').set(headers);

  test('is a script of less than 3 kB, packed, that any site may load', async () => {
    const { status, headers, text } = await get({ 'accept-encoding': 'identity' });
    expect([status, headers['content-type'], headers['content-encoding']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      undefined,
    ]);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['set-cookie']).toBeUndefined();
    const size = gzipSync(text, { level: 9 }).length;
    console.log(`embed.js: ${text.length} letters, ${size} octets gzipped`);
    expect(size).toBeLessThan(3_000);
  });

  test('holds no line that is only a comment, and is whole', async () => {
    const { text } = await get();
    expect(text).not.toMatch(/^\s*\/\//m);
    expect(() => new Script(text)).not.toThrow();
  });

  test('is packed for whom takes it so, and is the same script', async () => {
    const plain = await get({ 'accept-encoding': 'identity' });
    for (const accepted of ['gzip', 'br, gzip;q=0.5, *;q=0.1', 'deflate,gzip']) {
      const answer = await fetch(`${app.url}/embed.js`, { headers: { 'accept-encoding': accepted } });
      expect([answer.headers.get('content-encoding'), answer.headers.get('vary')], accepted).toEqual([
        'gzip',
        expect.stringMatching(/accept-encoding/i),
      ]);
      expect(await answer.text()).toBe(plain.text);
    }
    for (const refused of ['br', 'gzip;q=0', 'gzip;q=0.0, br']) {
      const answer = await fetch(`${app.url}/embed.js`, { headers: { 'accept-encoding': refused } });
      expect(answer.headers.get('content-encoding'), refused).toBeNull();
    }
  });

  test('is kept for an hour, and not sent again to whom has it', async () => {
    const first = await get();
    expect(first.headers['cache-control']).toMatch(/public, max-age=3600/);
    const tag = first.headers['etag']!;
    for (const known of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
      const again = await get({ 'if-none-match': known });
      expect([again.status, again.text, again.headers['etag']], known).toEqual([304, '', tag]);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('POST /join with several clicks', () => {
  async function clicked(publication: TestPublication) {
    const readers = await Promise.all(range(3).map(() => publication.reader()));
    const clicks: string[] = [];
    for (const { code } of readers) {
      const { headers } = await app.http.get(`/r/${code}`).set('user-agent', PERSON);
      clicks.push(new URL(headers['location']!).searchParams.get('click')!);
    }
    return { readers, clicks };
  }
  const outcomes = (publication: TestPublication) =>
    app.rows<{ outcome: string }>('select outcome from referral_clicks where publication_id = $1 order by position', [
      publication.id,
    ]);
  const three = ['won', 'later_than_first', 'later_than_first'];

  const FORMS: [string, (clicks: string[]) => { type: string; body: string | object }][] = [
    ['with commas', (clicks) => ({ type: 'form', body: { email: 'a@mail.example', clicks: clicks.join(',') } })],
    ['with spaces', (clicks) => ({ type: 'form', body: { email: 'a@mail.example', clicks: ` ${clicks.join(' , ')},,` } })],
    ['repeated', (clicks) => ({ type: 'form', body: `email=a@mail.example&${clicks.map((c) => `clicks=${c}`).join('&')}` })],
    ['one apart', ([first, ...rest]) => ({ type: 'form', body: { email: 'a@mail.example', click: first, clicks: rest.join(',') } })],
    ['in JSON', (clicks) => ({ type: 'json', body: { email: 'a@mail.example', clicks } })],
    ['in JSON, with commas', (clicks) => ({ type: 'json', body: { email: 'a@mail.example', clicks: clicks.join(',') } })],
    ['among rubbish', (clicks) => ({ type: 'json', body: { email: 'a@mail.example', clicks: [null, 7, {}, 'x'.repeat(300), ...clicks, '%'] } })],
  ]; // prettier-ignore
  test.each(FORMS)('%s', async (_, form) => {
    const publication = await newPublication(app);
    const { readers, clicks } = await clicked(publication);
    const { type, body } = form(clicks);
    const { status } = await app.http.post(`/join/${publication.slug}`).type(type).send(body);
    expect(status).toBe(303);
    expect((await outcomes(publication)).map(({ outcome }) => outcome)).toEqual(three);
    const { body: list } = await publication.admin.get('/referrals');
    expect(list.data[0].referrer.id).toBe(readers[0]!.id);
  });

  test.each<[string, unknown]>([
    ['a number', 7],
    ['an object', { a: 1 }],
    ['nothing', null],
    ['a list of lists', [[['x']]]],
    ['a very long text', 'x,'.repeat(100_000)],
  ])('that are %s fail no signup', async (_, clicks) => {
    const publication = await newPublication(app);
    const { status } = await app.http
      .post(`/join/${publication.slug}`)
      .set('accept', 'application/json')
      .send({ email: 'a@mail.example', clicks });
    expect(status).toBe(202);
    expect((await publication.admin.get('/subscribers')).body.data).toHaveLength(1);
  });

  test('the hosted page keeps them, also for who has mistyped', async () => {
    const publication = await newPublication(app);
    const { clicks } = await clicked(publication);
    const query = `click=${clicks[0]}&clicks=${clicks[1]},${clicks[2]}`;
    const hidden = (html: string) =>
      ['click', 'clicks'].map((name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]);
    const form = await app.http.get(`/join/${publication.slug}?${query}`);
    expect(hidden(form.text)).toEqual([clicks[0], `${clicks[1]},${clicks[2]}`]);
    const wrong = await app.http
      .post(`/join/${publication.slug}`)
      .type('form')
      .send({ email: 'a', click: clicks[0], clicks: `${clicks[1]},${clicks[2]}` });
    expect([wrong.status, hidden(wrong.text)]).toEqual([422, [clicks[0], `${clicks[1]},${clicks[2]}`]]);
    const sent = await app.http
      .post(`/join/${publication.slug}`)
      .type('form')
      .send({ email: 'a@b.example', clicks: clicks[1] });
    expect(sent.headers['location']).toBe(`/join/${publication.slug}?clicks=${clicks[1]}&sent=1`);
  });
});

describe('another origin', () => {
  const OWN = 'https://loaf.example';
  const cors = (headers: Record<string, string>) =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));
  const preflight = (publication: TestPublication, origin: string) =>
    app.http
      .options(`/join/${publication.slug}`)
      .set('origin', origin)
      .set('access-control-request-method', 'POST')
      .set('access-control-request-headers', 'content-type');
  const post = (publication: TestPublication, origin: string, email = 'a') =>
    app.http.post(`/join/${publication.slug}`).set({ origin, accept: 'application/json' }).send({ email });

  test('that is the publication’s may ask and read, problems too, and without credentials', async () => {
    const publication = await newPublication(app, { allowedOrigins: [OWN, 'http://localhost:8080'] });
    for (const origin of [OWN, 'http://localhost:8080']) {
      const asked = await preflight(publication, origin);
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, origin]);
      expect(asked.headers['access-control-allow-methods']).toBe('POST');
      for (const answer of [
        asked,
        await post(publication, origin),
        await post(publication, origin, 'a@mail.example'),
      ]) {
        expect(answer.headers['access-control-allow-origin']).toBe(origin);
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
        expect(answer.headers['vary']).toMatch(/origin/i);
      }
    }
  });

  test.each([
    ['a suffix', 'https://loaf.example.evil.example'],
    ['a prefix', 'https://evil-loaf.example'],
    ['a prefix before a dot', 'https://evilloaf.example'],
    ['a subdomain', 'https://www.loaf.example'],
    ['its parent', 'https://example'],
    ['another port', 'https://loaf.example:8443'],
    ['the default port said', 'https://loaf.example:443'],
    ['another scheme', 'http://loaf.example'],
    ['upper case', 'https://LOAF.example'],
    ['a path', 'https://loaf.example/'],
    ['a user', 'https://loaf.example@evil.example'],
    ['two at once', 'https://loaf.example https://evil.example'],
    ['a list', 'https://loaf.example,https://evil.example'],
    ['null', 'null'],
    ['a star', '*'],
    ['nothing', ''],
  ])('that looks like it, by %s, may neither ask nor read', async (_, origin) => {
    const publication = await newPublication(app, { allowedOrigins: [OWN] });
    const asked = await preflight(publication, origin);
    expect([asked.status, cors(asked.headers)]).toEqual([204, []]);
    for (const email of ['a', 'a@mail.example']) {
      expect(cors((await post(publication, origin, email)).headers)).toEqual([]);
    }
  });

  test('is that of the site unless said, and another publication’s opens nothing', async () => {
    const [one, other] = [await newPublication(app), await newPublication(app)];
    const made = await app.api(OPERATOR_KEY).post('/publications', {
      slug: 'unsaid',
      name: 'Unsaid',
      siteUrl: 'https://Unsaid.example:443/blog?x',
      fromEmail: 'editor@unsaid.example',
    });
    expect(made.body.publication.allowedOrigins).toEqual(['https://unsaid.example']);
    expect(cors((await preflight(one, other.row.allowedOrigins[0]!)).headers)).toEqual([]);
    expect(cors((await preflight(one, one.row.allowedOrigins[0]!)).headers)).not.toEqual([]);
  });

  test('gets nothing from a publication that allows none', async () => {
    const publication = await newPublication(app, { allowedOrigins: [] });
    expect(cors((await preflight(publication, publication.row.siteUrl)).headers)).toEqual([]);
  });
});
