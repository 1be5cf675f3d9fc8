import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, range } from '../support/make.js';
import { call, type Operation, operationsOf, pathOf } from '../support/operations.js';
import { goodBodies, parametersIn, populate } from '../support/populate.js';

const app = await startApp();
const own = await populate(app);
const { publication } = own;
const { admin } = publication;
const operations = operationsOf(app);
const bodies = goodBodies(own);
const withBody = operations.filter(({ bodyType }) => bodyType === 'application/json');
const NUL = '\u0000';
const HALF = '\ud800';

/** What a browser kept never fails a signup, however wrong it is. */
const IGNORED_WHEN_LONG = new Set(['ref', 'click', 'content', 'channel']);

function keyFor({ name }: Operation): string {
  return name === 'POST /api/v1/publications' || name === 'GET /api/v1/publications'
    ? OPERATOR_KEY
    : publication.adminKey;
}

/** Sends a body to an operation of our own publication, good but for what is in it. */
function send(operation: Operation, body: string | Buffer, type?: string) {
  const path = pathOf(operation, parametersIn(operation.path, own));
  return call(app, operation, { path, key: keyFor(operation), body, ...(type && { type }) });
}

let before: unknown;
beforeEach(async () => (before = await app.snapshot()));
afterEach(async () => expect(await app.snapshot()).toEqual(before));

test('every operation that takes JSON has a good body here, and takes it', () => {
  expect(Object.keys(bodies).sort()).toEqual(withBody.map(({ name }) => name).sort());
});

describe.each(withBody.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const good = bodies[name]!;

  test('refuses a wrong type in each field, by its path, and an unknown field', async () => {
    for (const field of Object.keys(good)) {
      for (const wrong of [-1.5, [[]], { x: {} }, 'x'.repeat(20_001)]) {
        if (typeof wrong === 'string' && IGNORED_WHEN_LONG.has(field)) continue;
        const answer = await send(operation, JSON.stringify({ ...good, [field]: wrong }));
        const shown = `${field} = ${JSON.stringify(wrong).slice(0, 20)}`;
        expect([answer.status, answer.body.code], shown).toEqual([422, 'request/invalid']);
        expect(answer.body.errors[0].path, shown).toMatch(new RegExp(`^${field}\\b`));
      }
    }
    const unknown = await send(operation, JSON.stringify({ ...good, surprise: 1, another: 2 }));
    expect([unknown.status, unknown.body.errors.map(({ path }: { path: string }) => path)]).toEqual([
      422,
      ['surprise', 'another'],
    ]);
  });

  test('says which field is missing', async () => {
    for (const field of operation.body?.required ?? []) {
      const { [field]: _, ...rest } = good;
      const answer = await send(operation, JSON.stringify(rest));
      expect([answer.status, answer.body.errors[0].path], field).toEqual([422, field]);
    }
  });

  test('refuses a NUL and half a surrogate in any string, by its path', async () => {
    for (const { path, put } of strings(good)) {
      for (const [bad, words] of [
        [NUL, 'holds a NUL character'],
        [HALF, 'is not well-formed Unicode'],
      ]) {
        const answer = await send(operation, JSON.stringify(put(bad!)));
        expect([answer.status, answer.body.errors], `${path} ${words}`).toEqual([422, [{ path, message: words }]]);
      }
    }
    const key = await send(operation, JSON.stringify({ ...good, [`a${NUL}`]: 1 }));
    expect(key.status).toBe(422);
  });

  test('refuses what is no JSON object in UTF-8', async () => {
    const json = JSON.stringify(good);
    const unreadable: [what: string, body: string | Buffer][] = [
      ['cut off', json.slice(0, -1)],
      ['two values', `${json}${json}`],
      ['a comment', `// x\n${json}`],
      ['single quotes', `{'a': 1}`],
      ['Latin-1', Buffer.from('{"name": "Käse"}', 'latin1')],
      ['UTF-16', Buffer.from(`\ufeff${json}`, 'utf16le')],
      ['a cut UTF-8 sequence', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xe3, 0x81]), Buffer.from('"}')])],
      ['an overlong sequence', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')])],
      [
        'a surrogate in UTF-8',
        Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      ],
      ['__proto__', '{"__proto__": {"role": "admin"}}'],
      ['constructor.prototype', '{"constructor": {"prototype": {"role": "admin"}}}'],
    ];
    for (const [what, body] of unreadable) {
      const answer = await send(operation, body);
      expect([answer.status, answer.body.code], what).toEqual([400, 'request/malformed']);
    }
    for (const body of ['[]', '"x"', '1', 'true', `[${json}]`]) {
      const answer = await send(operation, body);
      expect([answer.status, answer.body.code], body).toEqual([422, 'request/invalid']);
    }
    const deep = await send(operation, `${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect([400, 422]).toContain(deep.status);
  });

  test('refuses too much, and other kinds of content', async () => {
    const large = await send(operation, JSON.stringify({ ...good, x: 'x'.repeat(1_048_576) }));
    expect([large.status, large.body.code]).toEqual([413, 'request/too-large']);
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      'application/x-www-form-urlencoded',
      'nonsense',
    ]) {
      const answer = await send(operation, JSON.stringify(good), type);
      expect([answer.status, answer.body.code], type).toEqual([415, 'request/unsupported-media-type']);
    }
  });
});

/** Every string in a JSON value: its path as problems name it, and the value with another text put there. */
function strings(value: Record<string, unknown>): { path: string; put: (text: string) => unknown }[] {
  const found: { path: string; put: (text: string) => unknown }[] = [];
  const walk = (here: unknown, path: string, rebuild: (inner: unknown) => unknown): void => {
    if (typeof here === 'string') found.push({ path, put: (bad) => rebuild(`${here}${bad}`) });
    else if (Array.isArray(here)) {
      here.forEach((inner, n) => walk(inner, `${path}[${n}]`, (changed) => rebuild(here.with(n, changed))));
    } else if (typeof here === 'object' && here !== null) {
      for (const [name, inner] of Object.entries(here)) {
        walk(inner, path === '' ? name : `${path}.${name}`, (changed) => rebuild({ ...here, [name]: changed }));
      }
    }
  };
  walk(value, '', (changed) => changed);
  return found;
}

describe('an address', () => {
  const label = 'x'.repeat(63);
  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['no @', 'ana'],
    ['nothing before the @', '@mail.example'],
    ['nothing after the @', 'ana@'],
    ['two @', 'ana@home@mail.example'],
    ['no dot in the domain', 'ana@localhost'],
    ['a blank inside', 'ana maria@mail.example'],
    ['two addresses', 'ana@mail.example,ben@mail.example'],
    ['a name and an address', 'Ana <ana@mail.example>'],
    ['a line break', 'ana@mail.example\r\nBcc: eve@mail.example'],
    ['a line break inside quotes', '"ana\r\nBcc: eve@mail.example"@mail.example'],
    ['a quoted part', '"ana"@mail.example'],
    ['a control character', 'ana\u0007@mail.example'],
    ['a zero-width space', 'an\u200ba@mail.example'],
    ['a bidi override', 'ana\u202e@mail.example'],
    ['a soft hyphen', 'an\u00ada@mail.example'],
    ['an IP literal', 'ana@[192.0.2.1]'],
    ['an IPv6 literal', 'ana@[IPv6:2001:db8::1]'],
    ['a bare IP', 'ana@192.0.2.1'],
    ['two dots', 'ana..b@mail.example'],
    ['a dot at the end', 'ana.@mail.example'],
    ['a label that starts with a hyphen', 'ana@-mail.example'],
    ['a domain with an empty label', 'ana@mail..example'],
    ['more than 64 octets before the @', `${'x'.repeat(65)}@mail.example`],
    ['more than 254 octets', `ana@${label}.${label}.${label}.${label}.example`],
    ['half a surrogate', `ana${HALF}@mail.example`],
    ['a NUL', `ana${NUL}@mail.example`],
    ['letters that are not ASCII before the @', 'añá@mail.example'],
  ])('with %s is refused by the API and the form', async (_, email) => {
    const api = await admin.post('/subscribers', { email });
    expect([api.status, api.body.errors[0].path]).toEqual([422, 'email']);
    const json = await app.http.post(`/join/${publication.slug}`).set('accept', 'application/json').send({ email });
    expect([json.status, json.body.errors[0].path]).toEqual([422, 'email']);
    const form = await app.http
      .post(`/join/${publication.slug}`)
      .type('form')
      .send({ email: wellFormed(email) });
    expect(form.status).toBe(422);
    const door = await app.http
      .post('/hub')
      .type('form')
      .send({ publication: publication.slug, email: wellFormed(email) });
    expect(door.status).toBe(422);
  });
});

describe('what names something', () => {
  const named = operations.filter(({ path }) => path.includes('{'));

  test.each(named.map((operation) => [operation.name, operation] as const))(
    '%s answers 404 to what is nobody',
    async (name, operation) => {
      const body =
        operation.bodyType === 'text/csv' ? 'Code\nX\n' : operation.bodyType ? JSON.stringify(bodies[name]) : undefined;
      const parameters = parametersIn(operation.path, own);
      const last = ['id', 'message'].find((one) => operation.path.includes(`{${one}}`)) ?? 'slug';
      const bad = [
        'x',
        '0',
        '-1',
        '01890a5d-ac96-774b-bcce-b302099a8057',
        '00000000-0000-0000-0000-000000000000',
        'null',
        '%00',
        'a%00b',
        '%ED%A0%80',
        '%FF',
        '..%2f',
        '%27%20or%201=1',
        'x'.repeat(201),
      ];
      for (const value of name === 'PUT /api/v1/contents/{slug}'
        ? bad.filter((text) => /[^a-z0-9-]/.test(text))
        : bad) {
        const answer = await call(app, operation, {
          path: pathOf(operation, { ...parameters, [last]: value }),
          key: publication.adminKey,
          body,
        });
        expect([answer.status, problemCode(answer.text)], value.slice(0, 40)).toEqual([404, 'request/not-found']);
      }
    },
  );

  test.each(['/r', '/join', '/confirm', '/unsubscribe', '/hub'])(
    '%s/… answers 404 to what is nobody',
    async (prefix) => {
      for (const value of ['x', '%00', 'a%00b', '%FF', '..%2f', 'x'.repeat(70), 'x'.repeat(250), '%F0%9F%91%8B']) {
        const got = await app.http.get(`${prefix}/${value}`);
        expect(got.status, value).toBe(404);
        if (prefix === '/r') continue;
        const posted = await app.http.post(`${prefix}/${value}`).type('form').send('List-Unsubscribe=One-Click');
        expect(posted.status, value).toBe(404);
      }
    },
  );
});

/** What a form can carry of a text. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function problemCode(text: string): string {
  return (JSON.parse(text) as { code: string }).code;
}

describe('a query', () => {
  const lists = operations.filter(({ method, query }) => method === 'get' && query.length > 0);

  test.each(lists.map((operation) => [operation.name, operation] as const))(
    'of %s is checked by name',
    async (_, operation) => {
      const wrong: Record<string, string[]> = {
        limit: ['0', '201', '-1', '1.5', 'abc', '', '1e9', '0x10000'],
        after: ['x', 'AAAA', Buffer.from('no uuid', 'latin1').toString('base64url'), own.ids.subscribers, 'null'],
        from: ['2026-02-30', 'yesterday', '2026-1-1', '20260101', ''],
        to: ['2026-13-01', '0', '2026-01-01T00:00:00Z'],
        by: ['nobody', '', 'content,nobody', 'content,content', 'day,content,channel'],
        level: ['weak', ''],
        list: ['grey', ''],
        kind: ['country', ''],
        channel: ['pigeon'],
        status: ['gone', 'ACTIVE'],
        state: ['gone'],
        referrerId: ['x', '1'],
        subscriberId: ['x', '1'],
      };
      const ask = (query: string) =>
        call(app, operation, {
          path: `${pathOf(operation, parametersIn(operation.path, own))}?${query}`,
          key: keyFor(operation),
        });
      for (const { name } of operation.query) {
        for (const value of wrong[name] ?? []) {
          const answer = await ask(`${name}=${encodeURIComponent(value)}`);
          expect([answer.status, answer.body.errors?.[0].path], `${name}=${value}`).toEqual([422, name]);
        }
        const nul = await ask(`${name}=a%00`);
        expect([nul.status, nul.body.errors?.[0]], name).toEqual([
          422,
          { path: name, message: 'holds a NUL character' },
        ]);
        const twice = await ask(`${name}=1&${name}=2`);
        // Others may be missed beside it, where a report takes several.
        const paths = twice.body.errors.map(({ path }: { path: string }) => path);
        expect([twice.status, paths], `${name} twice`).toEqual([422, expect.arrayContaining([name])]);
        expect((await ask(`${name}=%ED%A0%80`)).status, `${name} half a surrogate`).toBeLessThan(500);
      }
      expect((await ask('surprise=1')).status).toBe(422);
    },
  );
});

describe('the codes of a coupon', () => {
  test.each([
    ['nothing', ''],
    ['a header alone', 'Code\n'],
    ['another column', 'Coupon\nX\n'],
    ['an empty code', 'Code,Value\n,1\n'],
    ['a code too long', `Code\n${'x'.repeat(101)}\n`],
    ['a control character', 'Code\nA\u0007B\n'],
    ['a NUL', `Code\nA${NUL}\n`],
    ['an open quote', 'Code\n"A\n'],
    ['rows of other lengths', 'Code,Value\nA\nB,1,2\n'],
    ['one bad row among good ones', `Code\nGOOD-1\n${'x'.repeat(101)}\nGOOD-2\n`],
  ])('with %s are refused as a whole', async (_, csv) => {
    const answer = await admin.post(`/rewards/${own.ids.rewards}/codes`).set('content-type', 'text/csv').send(csv);
    expect([answer.status, answer.body.code]).toEqual([422, 'request/invalid']);
  });

  test('are refused as JSON, in Latin-1, for another kind of reward, and above 16 MB', async () => {
    const post = (id: string, type: string, body: string | Buffer) => {
      const codes = operations.find(({ path }) => path.endsWith('/codes'))!;
      return call(app, codes, { path: `/api/v1/rewards/${id}/codes`, key: publication.adminKey, body, type });
    };
    expect((await post(own.ids.rewards, 'application/json', '["A"]')).status).toBe(415);
    expect((await post(own.ids.rewards, 'text/csv', Buffer.from('Code\nKäse\n', 'latin1'))).status).toBe(400);
    expect((await post(own.ids.rewards, 'text/csv', `Code\n${'x'.repeat(16 * 1_048_576)}`)).status).toBe(413);
  });
});

describe('settings that cannot be', () => {
  test.each([
    ['timezone', 'Mars/Olympus'],
    ['timezone', '+05:00'],
    ['siteUrl', 'javascript:alert(1)'],
    ['siteUrl', 'https://user:pass@loaf.example'],
    ['siteUrl', 'loaf.example'],
    ['fromEmail', 'editor@loaf.example\r\nBcc: x@y.example'],
    ['fromName', 'Editor\r\nBcc: x'],
    ['name', '   '],
    ['allowedOrigins', ['*']],
    ['allowedOrigins', range(21).map((n) => `https://${n}.example`)],
    ['postalAddress', ''],
    ['locale', 'fr'],
  ])('%s: %j', async (field, value) => {
    const answer = await admin.patch(`/publications/${publication.slug}`, { [field]: value });
    expect([answer.status, answer.body.errors[0].path]).toEqual([
      422,
      expect.stringMatching(new RegExp(`^${field}\\b`)),
    ]);
  });

  test.each([
    ['delivery.cron', { delivery: { when: 'scheduled', cron: 'every monday' } }],
    ['delivery.cron', { delivery: { when: 'scheduled', cron: '0 0 30 2 *x' } }],
    ['delivery.cron', { delivery: { when: 'scheduled', cron: '@daily' } }],
    ['delivery.timezone', { delivery: { when: 'scheduled', cron: '0 9 * * 1', timezone: 'Nowhere' } }],
    ['delivery.cron', { delivery: { when: 'scheduled' } }],
    ['delivery.cron', { delivery: { cron: '0 9 * * 1' } }],
    ['verification.doubleOptIn', { verification: { doubleOptIn: 'no' } }],
    ['verification.requireEngagement', { verification: { requireEngagement: 1 } }],
    ['fraud.level', { fraud: { level: 'weak' } }],
    ['attribution.windowDays', { attribution: { model: 'first', windowDays: 0 } }],
    ['verification.holdDays', { verification: { holdDays: 31 } }],
    ['landingUrl', { landingUrl: 'ftp://loaf.example' }],
  ])('%s of a program', async (path, body) => {
    const answer = await admin.patch('/programs/default', body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
  });

  test('a slug that is taken, a threshold above 1 for a friend, an external id of somebody else', async () => {
    const taken = await app
      .api(OPERATOR_KEY)
      .post('/publications', { ...bodies['POST /api/v1/publications'], slug: publication.slug });
    expect([taken.status, taken.body.code]).toEqual([409, 'publication/slug-taken']);
    const rung = {
      ...bodies['POST /api/v1/programs/{slug}/milestones'],
      recipient: 'referred',
      threshold: 2,
      every: null,
    };
    const milestone = await admin.post('/programs/default/milestones', rung);
    expect([milestone.status, milestone.body.errors[0].path]).toEqual([422, 'threshold']);
    const often = await admin.post('/programs/default/milestones', { ...rung, threshold: 1, every: 5 });
    expect([often.status, often.body.errors[0].path]).toEqual([422, 'every']);
    const letter = await newPublication(app);
    await letter.reader('one@mail.example', { externalId: 'crm-7' });
    before = await app.snapshot();
    const stolen = await letter.admin.post('/subscribers', { email: 'two@mail.example', externalId: 'crm-7' });
    expect([stolen.status, stolen.body.code]).toEqual([409, 'subscriber/external-id-taken']);
  });
});
