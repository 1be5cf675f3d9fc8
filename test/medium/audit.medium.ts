import { describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();

interface Entry {
  id: string;
  actor: string;
  keyName: string | null;
  role: string;
  act: string;
  subject: { kind: string; id: string };
  note: string | null;
  data: object;
  at: string;
}

async function audit(publication: TestPublication, query: object = {}): Promise<Entry[]> {
  const { status, body } = await publication.admin.get('/audit').query(query);
  expect(status).toBe(200);
  return body.data;
}

test('every decision is written down with who made it, the note and what it changed, and a refused one is not', async () => {
  const publication = await newPublication(app);
  const editor = app.api(await publication.key('editor'));
  await publication.milestone({ threshold: 1, approval: 'manual' });
  await publication.milestone({ threshold: 2, approval: 'manual' });
  const reader = await publication.reader();
  const { referral } = await publication.verifiedFriend(reader.code);
  await publication.verifiedFriend(reader.code);
  const [first, second] = await publication.grants({ subscriberId: reader.id });
  await editor.post(`/grants/${first!.id}/approve`);
  await editor.post(`/grants/${first!.id}/fulfil`);
  await editor.post(`/grants/${first!.id}/fulfil`).expect(409);
  await editor.post(`/grants/${second!.id}/revoke`, { reason: 'moved away' });
  await editor.patch('/programs/default', { verification: { holdDays: 3 } });
  await editor.post('/referrals/review', { ids: [referral.id], decision: 'reject', note: 'paid for it' });
  const made = (await publication.admin.post('/api-keys', { role: 'site', name: 'the shop' })).body;
  await publication.admin.delete(`/api-keys/${made.id}`);

  const [key] = await app.rows<{ id: string }>(
    `select id from api_keys where publication_id = $1 and role = 'editor'`,
    [publication.id],
  );
  const by = { actor: `key:${key!.id}`, keyName: 'editor', role: 'editor' };
  const program = await publication.program();
  const decided = (await audit(publication)).reverse().filter(({ actor }) => actor !== 'operator');
  expect(decided).toMatchObject([
    {
      ...by,
      act: 'grant.approve',
      subject: { kind: 'grant', id: first!.id },
      note: null,
      data: { from: 'awaiting_approval' },
    },
    { ...by, act: 'grant.fulfil', subject: { kind: 'grant', id: first!.id } },
    { ...by, act: 'grant.revoke', subject: { kind: 'grant', id: second!.id }, note: 'moved away' },
    {
      ...by,
      act: 'program.change',
      subject: { kind: 'program', id: program.id },
      data: { verification: { holdDays: 3 } },
    },
    {
      ...{ ...by, act: 'referral.reject', subject: { kind: 'referral', id: referral.id }, note: 'paid for it' },
      data: { from: { state: 'verified' }, to: { state: 'reversed' }, appeal: false },
    },
    {
      role: 'admin',
      keyName: 'first key',
      act: 'api-key.create',
      subject: { kind: 'api-key', id: made.id },
      data: { role: 'site' },
    },
    { role: 'admin', act: 'api-key.remove', subject: { kind: 'api-key', id: made.id } },
  ]);
});

describe('GET /audit', () => {
  test('filters by actor, act, subject and days, and pages', async () => {
    const publication = await newPublication(app, { timezone: 'Asia/Tokyo' });
    app.clock.set(new Date('2027-03-01T14:59:00Z')); // 23:59 in Tokyo
    const keys = [];
    for (const name of ['one', 'two', 'three']) {
      keys.push((await publication.admin.post('/api-keys', { role: 'site', name })).body);
      app.advance(DAY);
    }
    const whom = async (query: object) => (await audit(publication, query)).map(({ subject }) => subject.id);
    const ids = keys.map(({ id }) => id).reverse();
    expect(await whom({})).toEqual(ids);
    expect(await whom({ subject: keys[1].id })).toEqual([keys[1].id]);
    expect(await whom({ act: 'api-key.remove' })).toEqual([]);
    const [{ actor }] = (await audit(publication)) as [Entry];
    expect(await whom({ actor })).toEqual(ids);
    expect(await whom({ actor: 'operator' })).toEqual([]);
    expect(await whom({ from: '2027-03-02' })).toEqual(ids.slice(0, 2));
    expect(await whom({ to: '2027-03-01' })).toEqual([keys[0].id]);
    expect(await whom({ from: '2027-03-02', to: '2027-03-02' })).toEqual([keys[1].id]);
    const page = await publication.admin.get('/audit').query({ limit: 2 });
    expect(page.body.data).toHaveLength(2);
    expect(await whom({ limit: 2, after: page.body.nextCursor })).toEqual([keys[0].id]);
    for (const [path, value] of Object.entries({ from: 'yesterday', subject: 'x', limit: 0, colour: 'red' })) {
      const { status, body } = await publication.admin.get('/audit').query({ [path]: value });
      expect([status, body.errors?.length], path).toEqual([422, 1]);
    }
    expect((await app.api(await publication.key('editor')).get('/audit')).status).toBe(403);
  });

  test('shows no other publication', async () => {
    const [publication, other] = [await newPublication(app), await newPublication(app)];
    const { body } = await publication.admin.post('/api-keys', { role: 'site', name: 'ours' });
    expect(await audit(other)).toEqual([]);
    expect(await audit(other, { subject: body.id })).toEqual([]);
  });
});

describe('a note', () => {
  const decide = (publication: TestPublication, ids: string[], note: string) =>
    publication.admin.post('/referrals/review', { ids, decision: 'reject', note });

  test('is forgotten with any of the people whom the call was about, and with whose address stands in it', async () => {
    const publication = await newPublication(app);
    const [reader, neighbour] = [await publication.reader(), await publication.reader()];
    const friends = [];
    for (const { code } of [reader, reader, neighbour]) friends.push(await publication.verifiedFriend(code));
    const [first, second, third] = friends;
    await decide(publication, [first!.referral.id, third!.referral.id], 'both are Zoe');
    await decide(publication, [second!.referral.id], `ask ${first!.friend.email.toUpperCase()} about it`);
    const bystander = await publication.verifiedFriend(neighbour.code);
    await decide(publication, [bystander.referral.id], 'kept');
    const notes = async () => (await audit(publication)).map(({ note }) => note).reverse();
    expect(await notes()).toEqual(['both are Zoe', 'both are Zoe', expect.stringContaining('about it'), 'kept']);
    await publication.admin.delete(`/subscribers/${first!.friend.id}`);
    expect(await notes()).toEqual([null, null, null, 'kept']);
    await publication.admin.delete(`/subscribers/${neighbour.id}`);
    expect(await notes()).toEqual([null, null, null, null]);
  });
});
