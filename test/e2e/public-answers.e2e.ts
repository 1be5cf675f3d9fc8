import type supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { Leave } from '../../src/flows/leave.js';
import { startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

/** All that a client can see of an answer, but for what differs between any two: date, request id, the cookie's value. */
function visible({ status, headers, text }: supertest.Response): unknown {
  const { date: _, 'x-request-id': __, 'set-cookie': cookies, ...rest } = headers as Record<string, unknown>;
  const cookieNames = ((cookies ?? []) as string[]).map((cookie) =>
    cookie.replace(/=[^;]*/, '').replace(/Expires=[^;]*/, ''),
  );
  return { status, headers: rest, cookieNames, text };
}

const KINDS = [
  'new',
  'active',
  'pending',
  'unsubscribed',
  'bounced',
  'throw-away',
  'alias of a reader',
  'over the limit',
  'honeypot',
];

/** Fields of the form for an address of this kind, each time another address. */
let made = 0;
async function fieldsOf(kind: string, publication: Awaited<ReturnType<typeof newPublication>>): Promise<object> {
  const n = ++made;
  const email = `who-${n}@mail.example`;
  switch (kind) {
    case 'active':
      await publication.reader(email);
      break;
    case 'pending':
      await publication.signUp(email);
      break;
    case 'unsubscribed':
    case 'bounced': {
      const { id } = await publication.reader(email);
      await app.get(Leave).run(publication.id, id, kind, 'mail');
      break;
    }
    case 'throw-away':
      return { email: `who-${n}@mailinator.com` };
    case 'alias of a reader':
      await publication.reader(`some.who${n}@gmail.com`);
      return { email: `somewho${n}+x@gmail.com` };
    case 'over the limit':
      for (let times = 0; times < 4; times++) await publication.signUp(email);
      break;
    case 'honeypot':
      return { email, website: 'https://spam.example' };
  }
  return { email };
}

describe('one answer for every address', () => {
  test.each([
    ['the join form', (slug: string, fields: object) => app.http.post(`/join/${slug}`).type('form').send(fields)],
    [
      'the join form with an unknown link',
      (slug: string, fields: object) =>
        app.http
          .post(`/join/${slug}`)
          .type('form')
          .send({ ...fields, ref: 'nobody' }),
    ],
    [
      'the join form as JSON',
      (slug: string, fields: object) => app.http.post(`/join/${slug}`).set('accept', 'application/json').send(fields),
    ],
    [
      'the door of the hub',
      (slug: string, fields: object) =>
        app.http
          .post('/hub')
          .type('form')
          .send({ ...fields, publication: slug }),
    ],
  ])('%s', async (_, send) => {
    const publication = await newPublication(app);
    const answers = new Map<string, unknown>();
    for (const kind of KINDS) {
      answers.set(kind, visible(await send(publication.slug, await fieldsOf(kind, publication))));
    }
    for (const kind of KINDS) expect(answers.get(kind), kind).toEqual(answers.get('new'));
  });

  test('who has mistyped goes back to the form with their friend still in it', async () => {
    const publication = await newPublication(app);
    const { code } = await publication.reader();
    const fields = { email: 'mistyped@mial.example', ref: code, channel: 'line' };
    const { headers } = await app.http.post(`/join/${publication.slug}`).type('form').send(fields);
    const sent = await app.http.get(headers['location']!);
    const back = /<a href="(\/join\/[^"]+)"/.exec(sent.text)![1]!.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const form = await app.http.get(back);
    expect(form.text).toContain(`name="ref" value="${code}"`);
    expect(form.text).toContain('name="channel" value="line"');
  });

  test('filling the field that people do not see makes nobody a subscriber', async () => {
    const publication = await newPublication(app);
    await app.http.post(`/join/${publication.slug}`).type('form').send({ email: 'bot@mail.example', website: 'x' });
    expect((await publication.admin.get('/subscribers')).body.data).toEqual([]);
  });

  test('a known reader who joins again is mailed the way to their page, a pending one the confirm mail within limits', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('again@mail.example');
    const join = () => app.http.post(`/join/${publication.slug}`).type('form').send({ email: 'again@mail.example' });
    await join();
    await join();
    const mails = await app.rows(`select message from mails where subscriber_id = $1 order by id`, [reader.id]);
    expect(mails.map(({ message }) => message)).toEqual(['welcome', 'hub-link']);
    const pending = await publication.signUp();
    const confirms = () => app.rows(`select 1 from mails where subscriber_id = $1`, [pending.id]);
    for (const [minutes, expected] of [
      [14, 1],
      [1, 2],
      [15, 3],
      [15, 3],
      [24 * 60 - 45, 4],
    ] as const) {
      app.advance(minutes * 60_000 + 1_000);
      await publication.signUp(pending.email);
      expect(await confirms(), `${minutes} min later`).toHaveLength(expected);
    }
    app.clock.set(null);
  });
});

describe('the join route for the publication’s own site', () => {
  const post = (slug: string, origin: string) =>
    app.http
      .post(`/join/${slug}`)
      .set('accept', 'application/json')
      .set('origin', origin)
      .send({ email: 'site@mail.example' });

  test('answers 202 with an empty object, readable by the allowed origins and by no other', async () => {
    const publication = await newPublication(app, {
      allowedOrigins: ['https://loaf.example', 'https://www.loaf.example'],
    });
    const allowed = await post(publication.slug, 'https://www.loaf.example');
    expect([allowed.status, allowed.body]).toEqual([202, {}]);
    expect(allowed.headers['access-control-allow-origin']).toBe('https://www.loaf.example');
    for (const origin of ['https://evil.example', 'http://loaf.example', 'https://loaf.example.evil.example', 'null']) {
      const other = await post(publication.slug, origin);
      expect([other.status, other.headers['access-control-allow-origin']], origin).toEqual([202, undefined]);
      expect(other.headers['vary']).toMatch(/origin/i);
    }
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('answers a preflight of an allowed origin', async () => {
    const publication = await newPublication(app);
    const ask = (origin: string) =>
      app.http
        .options(`/join/${publication.slug}`)
        .set('origin', origin)
        .set('access-control-request-method', 'POST')
        .set('access-control-request-headers', 'content-type');
    const allowed = await ask(publication.row.siteUrl);
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([204, publication.row.siteUrl]);
    expect(allowed.headers['access-control-allow-headers']).toContain('content-type');
    expect((await ask('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a bad address is refused to a program as a problem and to a person on the form, with what they typed', async () => {
    const publication = await newPublication(app);
    const json = await app.http
      .post(`/join/${publication.slug}`)
      .set('accept', 'application/json')
      .send({ email: 'ana' });
    expect([json.status, json.body.errors[0].path]).toEqual([422, 'email']);
    const page = await app.http
      .post(`/join/${publication.slug}`)
      .type('form')
      .send({ email: '"><script>x</script>', firstName: 'Ana' });
    expect([page.status, page.text.includes('<script>x'), page.text.includes('value="Ana"')]).toEqual([
      422,
      false,
      true,
    ]);
  });
});

describe('the funnel by day', () => {
  test('cuts days in the zone of the publication, on days of 23 and of 25 hours too', async () => {
    const publication = await newPublication(app, { timezone: 'America/New_York' });
    const reader = await publication.reader();
    // The clocks of New York: forward on 2027-03-14 (23 h, from 05:00Z to 04:00Z), back on 2027-11-07 (25 h, 04:00Z to 05:00Z).
    const moments = [
      ['2027-03-14T04:59:59Z', '2027-03-13'],
      ['2027-03-14T05:00:01Z', '2027-03-14'],
      ['2027-03-15T03:59:58Z', '2027-03-14'],
      ['2027-03-15T04:00:01Z', '2027-03-15'],
      ['2027-11-07T03:59:58Z', '2027-11-06'],
      ['2027-11-07T04:00:01Z', '2027-11-07'],
      ['2027-11-08T04:59:58Z', '2027-11-07'],
      ['2027-11-08T05:00:01Z', '2027-11-08'],
    ] as const;
    for (const [moment] of moments) {
      app.clock.set(new Date(moment));
      await publication.verifiedFriend(reader.code);
    }
    app.clock.set(null);
    const expected = new Map<string, number>();
    for (const [, day] of moments) expected.set(day, (expected.get(day) ?? 0) + 1);
    const { body } = await publication.admin.get('/reports/funnel?by=day');
    expect(new Map(body.data.map((row: { key: string; verified: number }) => [row.key, row.verified]))).toEqual(
      expected,
    );
    for (const [day, count] of expected) {
      const one = await publication.admin.get(`/reports/funnel?by=total&from=${day}&to=${day}`);
      expect(one.body.data[0].signups, day).toBe(count);
    }
  });
});
