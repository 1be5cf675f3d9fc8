import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CleanUp } from '../../src/flows/clean-up.js';
import { ApiDocument } from '../../src/http/docs.controller.js';
import { HOUR, OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp();

function post(secret: string, path: string, body: object | string | undefined, key: string) {
  const request = app.http
    .post(`/api/v1${path}`)
    .set('authorization', `Bearer ${secret}`)
    .set('idempotency-key', key)
    .set('content-type', typeof body === 'string' ? 'text/csv' : 'application/json');
  return body === undefined ? request : request.send(body);
}

const rowsOf = (key: string) => app.rows('select * from idempotency_keys where key = $1', [key]);

describe('the same key', () => {
  test('with the same body gives the same answer and has no second effect', async () => {
    const publication = await newPublication(app);
    const [key, body] = [randomUUID(), { name: 'Guide', kind: 'link', url: 'https://loaf.example/guide' }];
    const first = await post(publication.adminKey, '/rewards', body, key);
    // Read as JSON it is the same, whatever the spaces.
    const again = await post(publication.adminKey, '/rewards', JSON.stringify(body, null, 4), key).type('json');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect((await publication.admin.get('/rewards')).body.data).toHaveLength(1);
  });

  test('with another body, path or role is 422, and changes nothing', async () => {
    const publication = await newPublication(app);
    const [key, body] = [randomUUID(), { email: 'ana@mail.example', confirmed: true }];
    expect((await post(publication.adminKey, '/subscribers', body, key)).status).toBe(201);
    const others = [
      await post(publication.adminKey, '/subscribers', { ...body, email: 'ben@mail.example' }, key),
      await post(publication.adminKey, '/rewards', body, key),
      // The admin was told more of Ana than a site key may see.
      await post(await publication.key('site'), '/subscribers', body, key),
    ];
    for (const { status, body: problem } of others) {
      expect([status, problem.code]).toEqual([422, 'idempotency/other-body']);
    }
    expect((await publication.admin.get('/subscribers')).body.data).toHaveLength(1);
  });

  test('in another publication is another key', async () => {
    const [one, two] = [await newPublication(app), await newPublication(app)];
    const key = randomUUID();
    const answers = await Promise.all(
      [one, two].map(({ adminKey }) => post(adminKey, '/subscribers', { email: 'ana@mail.example' }, key)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]!.body.subscriber.id).not.toBe(answers[1]!.body.subscriber.id);
  });

  test('50 times at once has one effect; the others are told to wait or get its answer', async () => {
    const publication = await newPublication(app);
    const key = randomUUID();
    const answers = await Promise.all(
      range(50).map(() => post(publication.adminKey, '/api-keys', { role: 'site', name: 'site' }, key)),
    );
    const made = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(made.length + waiting.length).toBe(50);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(made.filter(({ body }) => body.secret !== null)).toHaveLength(1);
    expect(new Set(waiting.map(({ body }) => body.code))).toEqual(
      new Set(waiting.length > 0 ? ['idempotency/in-progress'] : []),
    );
    expect(
      await app.rows(`select 1 from api_keys where publication_id = $1 and role = 'site'`, [publication.id]),
    ).toHaveLength(1);
  });
});

test('a secret is told once: the kept answer and every repetition have null in its place', async () => {
  const publication = await newPublication(app);
  const key = randomUUID();
  const first = await post(publication.adminKey, '/api-keys', { role: 'editor', name: 'press' }, key);
  const again = await post(publication.adminKey, '/api-keys', { role: 'editor', name: 'press' }, key);
  expect(first.body.secret).toMatch(/^kuchikomi_editor_/);
  expect(again.body).toEqual({ ...first.body, secret: null });
  expect(JSON.stringify(await rowsOf(key))).not.toContain(first.body.secret);
});

test("the operator's keys belong to no publication", async () => {
  const [key, slug] = [randomUUID(), `slug-${Date.now()}`];
  const body = { slug, name: 'Loaf', siteUrl: 'https://loaf.example', fromEmail: 'editor@loaf.example' };
  const first = await post(OPERATOR_KEY, '/publications', body, key);
  const again = await post(OPERATOR_KEY, '/publications', body, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual({ ...first.body, apiKey: { ...first.body.apiKey, secret: null } });
  expect((await rowsOf(key)).map(({ publicationId }) => publicationId)).toEqual([
    '00000000-0000-0000-0000-000000000000',
  ]);
  // A conflict came of carrying it out: it is kept, with its request id.
  const taken = randomUUID();
  const conflict = await post(OPERATOR_KEY, '/publications', body, taken);
  expect([conflict.status, conflict.body.code]).toEqual([409, 'publication/slug-taken']);
  expect((await post(OPERATOR_KEY, '/publications', body, taken)).text).toBe(conflict.text);
});

test('what was refused for its form uses up no key', async () => {
  const publication = await newPublication(app);
  const key = randomUUID();
  expect((await post(publication.adminKey, '/subscribers', { email: 'nobody' }, key)).status).toBe(422);
  expect(
    (await post(await publication.key('marketing'), '/subscribers', { email: 'ana@mail.example' }, key)).status,
  ).toBe(403);
  expect((await post(publication.adminKey, `/grants/${randomUUID()}/approve`, undefined, key)).status).toBe(404);
  expect(await rowsOf(key)).toEqual([]);
  expect((await post(publication.adminKey, '/subscribers', { email: 'ana@mail.example' }, key)).status).toBe(201);
});

test('answers without a body, and bodies of CSV, are kept too', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const [link, codes] = [randomUUID(), randomUUID()];
  for (const replayed of [undefined, 'true']) {
    const answer = await post(publication.adminKey, `/subscribers/${reader.id}/hub-link`, undefined, link);
    expect([answer.status, answer.text, answer.headers['idempotent-replayed']]).toEqual([202, '', replayed]);
  }
  const coupon = await publication.coupon([]);
  const path = `/rewards/${coupon.id}/codes`;
  for (const replayed of [undefined, 'true']) {
    const answer = await post(publication.adminKey, path, 'Code\nA\nB\n', codes);
    expect([answer.body, answer.headers['idempotent-replayed']]).toEqual([{ added: 2, skipped: 0 }, replayed]);
  }
  expect((await post(publication.adminKey, path, 'Code\nC\n', codes)).body.code).toBe('idempotency/other-body');
});

test('a file that is read as it arrives is compared whole', async () => {
  const publication = await newPublication(app);
  const key = randomUUID();
  const file = `email,firstName\n${range(50_000)
    .map((n) => `reader-${n}@import.example,Ana\n`)
    .join('')}`;
  const send = (body: string) => post(publication.adminKey, '/imports?consent=asked', body, key);
  const first = await send(file);
  const again = await send(file);
  expect([first.status, again.status]).toEqual([202, 202]);
  expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
  expect((await send(`${file}one-more@import.example,Ben\n`)).body.code).toBe('idempotency/other-body');
  expect((await send(file.replace('reader-9@', 'reader-X@'))).body.code).toBe('idempotency/other-body');
  expect((await publication.admin.get(`/imports/${first.body.id}`)).status).toBe(200);
});

test.each(['', ' ', 'ü', 'a\tb', 'x'.repeat(256)])('%j is no key', async (key) => {
  const publication = await newPublication(app);
  const answer = await fetch(`${app.url}/api/v1/subscribers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${publication.adminKey}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ email: 'ana@mail.example' }),
  });
  expect([answer.status, ((await answer.json()) as { errors?: unknown }).errors]).toEqual([
    422,
    [{ path: 'Idempotency-Key', message: expect.any(String) }],
  ]);
});

test('a key whose process went away is of unknown outcome, once nobody has renewed its lease', async () => {
  const publication = await newPublication(app);
  const key = randomUUID();
  const body = { role: 'site', name: 'site' };
  await post(publication.adminKey, '/api-keys', body, key);
  // As a killed process leaves it: taken, never answered.
  const set = (lease: string) =>
    app.rows(
      `update idempotency_keys set status = null, response = null, lease_until = now() + $2::interval where key = $1`,
      [key, lease],
    );
  await set('10 seconds');
  expect((await post(publication.adminKey, '/api-keys', body, key)).body.code).toBe('idempotency/in-progress');
  await set('-1 seconds');
  const unknown = await post(publication.adminKey, '/api-keys', body, key);
  expect([unknown.status, unknown.body.code]).toEqual([409, 'idempotency/outcome-unknown']);
  const other = await post(publication.adminKey, '/api-keys', { ...body, name: 'other' }, key);
  expect(other.body.code).toBe('idempotency/other-body');
});

test('an answer is kept for 24 hours, and gone after them', async () => {
  const publication = await newPublication(app);
  const key = randomUUID();
  const body = { email: 'planted-marker@mail.example' };
  const first = await post(publication.adminKey, '/subscribers', body, key);
  app.advance(23 * HOUR);
  await app.get(CleanUp).run();
  expect((await post(publication.adminKey, '/subscribers', body, key)).text).toBe(first.text);
  app.advance(1.1 * HOUR);
  // New before the job has come by, and new after it.
  expect((await post(publication.adminKey, '/subscribers', body, key)).status).toBe(200);
  app.advance(24.1 * HOUR);
  await app.get(CleanUp).run();
  expect(await rowsOf(key)).toEqual([]);
  app.clock.set(null);
});

test('every POST of the API says that it takes the header, and no other operation does', () => {
  for (const [route, item] of Object.entries(app.get(ApiDocument).current!.paths)) {
    for (const [method, described] of Object.entries(item)) {
      const operation = described as {
        parameters?: { name: string }[];
        responses: Record<string, { description: string }>;
      };
      const named = (operation.parameters ?? []).some(({ name }) => name === 'Idempotency-Key');
      expect(named, `${method} ${route}`).toBe(method === 'post');
      if (method !== 'post') continue;
      expect(operation.responses['409']?.description).toContain('idempotency/outcome-unknown');
      expect(operation.responses['422']?.description).toContain('idempotency/other-body');
    }
  }
});
