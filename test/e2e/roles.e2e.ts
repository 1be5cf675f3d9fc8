import { describe, expect, test } from 'vitest';
import { OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, range, type Role } from '../support/make.js';
import { call, operationsOf, pathOf } from '../support/operations.js';
import { goodBodies, parametersIn, populate } from '../support/populate.js';

const app = await startApp();
const operations = operationsOf(app);
const own = await populate(app);
const other = await populate(app);
const ROLES = ['admin', 'editor', 'marketing', 'site'] as const;
const [A, E, M, S] = ROLES;
type Caller = Role | 'operator';

/** Who may do what, by the contract. */
const MAY: Record<string, readonly Caller[]> = {
  'POST /api/v1/publications': ['operator'],
  'GET /api/v1/publications': ['operator'],
  'GET /api/v1/publications/{slug}': ['operator', A, E, M],
  'PATCH /api/v1/publications/{slug}': ['operator', A],
  'POST /api/v1/api-keys': [A],
  'GET /api/v1/api-keys': [A],
  'DELETE /api/v1/api-keys/{id}': [A],
  'PUT /api/v1/contents/{slug}': [A, E, S],
  'GET /api/v1/contents': [A, E, M, S],
  'POST /api/v1/subscribers': [A, S],
  'GET /api/v1/subscribers': [A, E, M, S],
  'GET /api/v1/subscribers/{id}': [A, E, M, S],
  'PATCH /api/v1/subscribers/{id}': [A, S],
  'DELETE /api/v1/subscribers/{id}': [A],
  'GET /api/v1/subscribers/{id}/attribution': [A, E, M],
  'POST /api/v1/subscribers/{id}/confirm': [A, S],
  'POST /api/v1/subscribers/{id}/unsubscribe': [A, S],
  'POST /api/v1/subscribers/{id}/hub-link': [A, S],
  'GET /api/v1/programs': [A, E, M],
  'GET /api/v1/programs/{slug}': [A, E, M],
  'PATCH /api/v1/programs/{slug}': [A, E],
  'POST /api/v1/programs': [A, E],
  'GET /api/v1/presets': [A, E, M],
  'POST /api/v1/programs/{slug}/preset': [A, E],
  'GET /api/v1/programs/{slug}/participants': [A, E, M],
  'POST /api/v1/programs/{slug}/participants': [A, E],
  'POST /api/v1/programs/{slug}/participants/{id}/approve': [A, E],
  'POST /api/v1/programs/{slug}/participants/{id}/reject': [A, E],
  'GET /api/v1/programs/{slug}/milestones': [A, E, M],
  'POST /api/v1/programs/{slug}/milestones': [A, E],
  'POST /api/v1/programs/{slug}/milestones/preview': [A, E],
  'GET /api/v1/programs/{slug}/milestones/{id}': [A, E, M],
  'GET /api/v1/programs/{slug}/milestones/{id}/versions': [A, E, M],
  'GET /api/v1/programs/{slug}/seasons': [A, E, M],
  'POST /api/v1/programs/{slug}/seasons': [A, E],
  'GET /api/v1/programs/{slug}/contests': [A, E, M],
  'POST /api/v1/programs/{slug}/contests': [A, E],
  'GET /api/v1/contests/{id}/standing': [A, E, M],
  'DELETE /api/v1/contests/{id}': [A, E],
  'GET /api/v1/programs/{slug}/raffles': [A, E, M],
  'POST /api/v1/programs/{slug}/raffles': [A, E],
  'GET /api/v1/raffles/{id}': [A, E, M],
  'DELETE /api/v1/raffles/{id}': [A, E],
  'GET /api/v1/reports/leaderboard': [A, E, M],
  'GET /api/v1/subscribers/{id}/adjustments': [A, E],
  'POST /api/v1/subscribers/{id}/adjustments': [A, E],
  'PATCH /api/v1/programs/{slug}/milestones/{id}': [A, E],
  'DELETE /api/v1/programs/{slug}/milestones/{id}': [A, E],
  'POST /api/v1/rewards': [A, E],
  'GET /api/v1/rewards': [A, E, M],
  'GET /api/v1/rewards/{id}': [A, E, M],
  'PATCH /api/v1/rewards/{id}': [A, E],
  'POST /api/v1/rewards/{id}/codes': [A, E],
  'GET /api/v1/grants': [A, E, M],
  'GET /api/v1/grants/shipping.csv': [A, E],
  'GET /api/v1/subscribers/{id}/ledger': [A, E, M],
  'GET /api/v1/subscribers/{id}/entitlements': [A, E, M],
  'POST /api/v1/grants/{id}/approve': [A, E],
  'POST /api/v1/grants/{id}/fulfil': [A, E],
  'POST /api/v1/grants/{id}/revoke': [A, E],
  'GET /api/v1/referrals': [A, E, M],
  'GET /api/v1/referrals/{id}': [A, E, M],
  'POST /api/v1/referrals/review': [A, E],
  'GET /api/v1/audit': [A],
  'GET /api/v1/leads': [A, M],
  'GET /api/v1/leads.csv': [A, M],
  'PATCH /api/v1/leads/{id}': [A, M],
  'POST /api/v1/events': [A, S],
  'GET /api/v1/reports/funnel': [A, E, M],
  'GET /api/v1/reports/funnel.csv': [A, E, M],
  'GET /api/v1/reports/summary': [A, E, M],
  'GET /api/v1/reports/contents': [A, E, M],
  'GET /api/v1/reports/economics': [A, E, M],
  'POST /api/v1/reports/forecast': [A, E, M],
  'GET /api/v1/reports/heard-from': [A, E, M],
  'GET /api/v1/mail-templates': [A, E, M],
  'GET /api/v1/mail-templates/{message}/{locale}': [A, E, M],
  'PUT /api/v1/mail-templates/{message}/{locale}': [A, E],
  'DELETE /api/v1/mail-templates/{message}/{locale}': [A, E],
  'GET /api/v1/mail-templates/{message}/{locale}/versions': [A, E, M],
  'POST /api/v1/mail-templates/{message}/{locale}/preview': [A, E, M],
  'GET /api/v1/fraud-lists': [A, E],
  'POST /api/v1/fraud-lists': [A, E],
  'DELETE /api/v1/fraud-lists/{id}': [A, E],
  'GET /api/v1/programs/{slug}/fraud-dry-run': [A, E, M],
  'GET /api/v1/subscribers.csv': [A, E, M],
  'POST /api/v1/imports': [A],
  'GET /api/v1/imports/{id}': [A],
  'GET /api/v1/imports/{id}/rows.csv': [A],
  'POST /api/v1/webhooks': [A],
  'GET /api/v1/webhooks': [A],
  'GET /api/v1/webhooks/{id}': [A],
  'PATCH /api/v1/webhooks/{id}': [A],
  'DELETE /api/v1/webhooks/{id}': [A],
  'POST /api/v1/webhooks/{id}/rotate-secret': [A],
  'GET /api/v1/webhooks/{id}/deliveries': [A],
  'POST /api/v1/deliveries/{id}/replay': [A],
};

test('the table of who may do what names every operation and no other', () => {
  expect(Object.keys(MAY).sort()).toEqual(operations.map(({ name }) => name).sort());
});

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const path = pathOf(operation, { id: own.ids.referrals, slug: 'no-such-slug' });
  /** Nothing that could be read: whoever is told so was let in first. */
  const body = operation.method === 'get' ? undefined : '{"broken';

  test.each([
    ['no key', undefined],
    ['an empty key', ''],
    ['an unknown key', 'kuchikomi_admin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['the operator key with a letter changed', `${OPERATOR_KEY.slice(0, -1)}X`],
  ])('answers 401 to %s, before the body is looked at', async (_, key) => {
    const answer = await call(app, operation, { path, key, body });
    expect([answer.status, answer.body.code]).toEqual([401, expect.stringMatching(/^auth\/key-(missing|unknown)$/)]);
  });

  test.each(['operator', ...ROLES] as Caller[])('is decided for %s before the body is looked at', async (caller) => {
    const key = caller === 'operator' ? OPERATOR_KEY : await own.publication.key(caller);
    const answer = await call(app, operation, { path, key, body });
    if (MAY[name]!.includes(caller)) expect([401, 403, 500]).not.toContain(answer.status);
    else expect([answer.status, answer.body.code]).toEqual([403, 'auth/forbidden']);
  });
});

describe('a key of one publication', () => {
  const withParameters = operations.filter(({ path }) => /\{id\}|publications\/\{slug\}/.test(path));

  test.each(withParameters.map((operation) => [operation.name, operation] as const))(
    'finds nothing of another by %s, and changes nothing there',
    async (name, operation) => {
      const path = pathOf(operation, parametersIn(operation.path, other));
      const body = operation.bodyType === 'text/csv' ? 'Code\nX\n' : JSON.stringify(goodBodies(own)[name]);
      const before = await app.snapshot();
      for (const role of ROLES.filter((role) => MAY[name]!.includes(role))) {
        const answer = await call(app, operation, { path, key: await own.publication.key(role), body });
        expect([answer.status, answer.body.code], role).toEqual([404, 'request/not-found']);
      }
      expect(await app.snapshot()).toEqual(before);
      // The same request with the key of its own publication finds it: 404 was about the tenant.
      if (operation.method === 'get') {
        expect((await call(app, operation, { path, key: other.publication.adminKey })).status).toBe(200);
      }
    },
  );

  test('finds nothing of another by an id in a query', async () => {
    const { admin } = own.publication;
    const { ids } = other;
    const referrer = await app.rows<{ id: string }>(
      `select p.subscriber_id as id from referrals r join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
       where r.publication_id = $1`,
      [other.publication.id],
    );
    const cursor = Buffer.from(ids.subscribers, 'latin1').toString('base64url');
    for (const [path, theirs] of [
      [`/grants?subscriberId=${referrer[0]!.id}`, []],
      [`/referrals?referrerId=${referrer[0]!.id}`, []],
      [`/leads?referrerId=${referrer[0]!.id}`, []],
      [`/subscribers?email=${(await other.publication.admin.get(`/subscribers/${ids.subscribers}`)).body.email}`, []],
    ] as const) {
      const answer = await admin.get(path);
      expect([answer.status, answer.body.data], path).toEqual([200, theirs]);
      expect((await other.publication.admin.get(path)).body.data, path).toHaveLength(1);
    }
    // A cursor is a place in an order and no row: it may be anybody's, and shows only one's own.
    const page = await admin.get(`/subscribers?after=${cursor}`);
    const foreign = await app.rows<{ id: string }>('select id from subscribers where publication_id <> $1', [
      own.publication.id,
    ]);
    expect(page.status).toBe(200);
    expect(page.body.data.filter((row: { id: string }) => foreign.some(({ id }) => id === row.id))).toEqual([]);
  });

  test('cannot name a row of another in a body', async () => {
    const before = await app.snapshot();
    const body = { ...goodBodies(own)['POST /api/v1/programs/{slug}/milestones'], rewardId: other.ids.rewards };
    const answer = await own.publication.admin.post('/programs/default/milestones', body);
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [{ path: 'rewardId', message: 'there is no such reward' }],
    ]);
    expect(await app.snapshot()).toEqual(before);
  });

  test('opens nothing any more once it was deleted', async () => {
    const made = await own.publication.admin.post('/api-keys', { role: 'admin', name: 'short-lived' });
    const api = app.api(made.body.secret);
    expect((await api.get('/contents')).status).toBe(200);
    expect((await own.publication.admin.delete(`/api-keys/${made.body.id}`)).status).toBe(204);
    expect((await api.get('/contents')).body.code).toBe('auth/key-unknown');
    const stored = await app.rows<{ hash: string }>(`select encode(secret_hash, 'escape') as hash from api_keys`);
    expect(JSON.stringify(stored)).not.toContain(made.body.secret);
  });

  test('of the last admin cannot be deleted, not even by two that delete each other 50 times at once', async () => {
    const publication = await newPublication(app);
    const second = await publication.admin.post('/api-keys', { role: 'admin', name: 'second' });
    const { data } = (await publication.admin.get('/api-keys')).body as { data: { id: string }[] };
    const first = data.find(({ id }) => id !== second.body.id)!;
    const apis = [publication.admin, app.api(second.body.secret)] as const;
    const answers = await Promise.all(
      range(50).map((n) => apis[n % 2]!.delete(`/api-keys/${n % 2 ? first.id : second.body.id}`)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => ![204, 401, 404, 409].includes(status))).toEqual([]);
    const left = await app.rows(`select id from api_keys where publication_id = $1`, [publication.id]);
    expect(left).toHaveLength(1);
    const keeper = left[0]!.id === first.id ? apis[0] : apis[1];
    expect((await keeper.delete(`/api-keys/${left[0]!.id}`)).body.code).toBe('api-key/last-admin');
  });

  test('of a site sees nothing of people but their card', async () => {
    const site = app.api(await own.publication.key('site'));
    const card = ['id', 'status', 'shareCode', 'shareUrl', 'referralCount'].sort();
    const list = await site.get('/subscribers');
    const one = await site.get(`/subscribers/${own.ids.subscribers}`);
    const made = await site.post('/subscribers', {
      email: 'by-site@mail.example',
      ref: await own.publication.codeOf(own.ids.subscribers),
    });
    const changed = await site.patch(`/subscribers/${own.ids.subscribers}`, { firstName: 'Ben' });
    for (const person of [...list.body.data, one.body, made.body.subscriber, changed.body]) {
      expect(Object.keys(person as object).sort()).toEqual(card);
    }
    expect(Object.keys(made.body.referral as object).sort()).toEqual(['id', 'state']);
    expect(JSON.stringify([list.body, one.body, made.body, changed.body])).not.toContain('@');
  });
});

test.each([
  '/nothing',
  '/api/v1/nothing',
  '/docs/../package.json',
  '/assets/%2e%2e/package.json',
  '/assets/..%2fpackage.json',
  '/assets/',
  '//api/v1/publications',
])('%s is nothing, for everybody', async (path) => {
  for (const key of [undefined, OPERATOR_KEY, own.publication.adminKey]) {
    const answer = await app.http.get(path).set(key === undefined ? {} : { authorization: `Bearer ${key}` });
    expect([answer.status, answer.body.code]).toEqual([404, 'request/not-found']);
  }
});
