import { describe, expect, test } from 'vitest';
import { Erase } from '../../src/flows/erase.js';
import { HOUR, MINUTE, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function strong(): Promise<TestPublication> {
  const publication = await newPublication(app);
  await publication.changeProgram({ fraudLevel: 'strong' });
  return publication;
}

type Entry = { list: 'block' | 'allow'; kind: 'address' | 'domain' | 'network'; value: string };
const put = (publication: TestPublication, ...[list, kind, value]: [Entry['list'], Entry['kind'], string]) =>
  publication.admin.post('/fraud-lists', { list, kind, value });

/** Signs a friend up through somebody's link and confirms them, as a site does. */
async function judged(publication: TestPublication, ref: string, email: string, ip: string | null = null) {
  const { id } = await publication.signUp(email, {
    ...{ ref, confirmed: true, source: 'api', from: { ip, userAgent: null } },
  });
  const { state, reasons } = await publication.referralOf(id);
  return [state, ...reasons.map(({ code }) => code)].join(' ');
}

describe('the block list', () => {
  test.each([
    ['address', 'bad.one+x@gmail.com', 'badone@gmail.com', null, 'other.one@gmail.com', null],
    ['domain', 'crumbs.example', 'who@mail.crumbs.example', null, 'who@notcrumbs.example', null],
    ['network', '198.51.100.0/25', 'who@rye.example', '198.51.100.9', 'whom@barley.example', '198.51.100.200'],
    ['network', '2001:db8::/33', 'who@rye.example', '2001:db8:1::9', 'whom@barley.example', '2001:db8:8000::9'],
    ['network', '198.51.100.9', 'who@rye.example', '::ffff:198.51.100.9', 'whom@barley.example', '198.51.100.8'],
  ] as const)('an entry of kind %s (%s) refuses whom it names and nobody else', async (kind, value, named, ip, other, otherIp) => {
    const publication = await strong();
    const { code } = await publication.reader();
    expect((await put(publication, 'block', kind, value)).status).toBe(201);
    expect(await judged(publication, code, named, ip)).toBe('rejected blocked');
    expect(await judged(publication, code, other, otherIp)).toBe('verified');
    const stranger = await strong();
    expect(await judged(stranger, (await stranger.reader()).code, named, ip)).toBe('verified');
  }); // prettier-ignore

  test('shows nowhere outside: the form answers the same, and no mail is sent', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader();
    await put(publication, 'block', 'domain', 'crumbs.example');
    const answers = await Promise.all(
      ['unseen@crumbs.example', 'seen@rye.example'].map((email) =>
        app.http.post(`/join/${publication.slug}`).set('accept', 'application/json').type('form').send({ email, ref }),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['202 {}']));
    await app.tick();
    const mails = [await app.mails('unseen@crumbs.example'), await app.mails('seen@rye.example')];
    expect(mails.map(({ length }) => length)).toEqual([0, 1]);
    const [blocked] = await app.rows(
      `select s.status, r.state, r.reasons from subscribers s join referrals r on r.referred_id = s.id where s.email = 'unseen@crumbs.example'`,
    );
    expect(blocked).toMatchObject({ status: 'pending', state: 'rejected', reasons: [{ code: 'blocked' }] });
  });

  test('meets who signed up before the entry and confirms after it, by address and by the network of the signup', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader();
    const from = { ip: '198.51.100.77', userAgent: null };
    const ids = [];
    for (const email of ['who@crumbs.example', 'who@rye.example']) ids.push((await publication.signUp(email, { ref, from })).id);
    await put(publication, 'block', 'domain', 'crumbs.example');
    await put(publication, 'block', 'network', '198.51.100.77');
    for (const id of ids) {
      await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`).set('user-agent', USER_AGENT);
      expect((await publication.referralOf(id)).reasons).toMatchObject([{ code: 'blocked' }]);
    }
  }); // prettier-ignore
});

describe('the allow list', () => {
  test('wins over block, throw-away domains, every sign and the caps, and takes no place under a cap', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader();
    await put(publication, 'allow', 'domain', 'mailinator.com');
    await put(publication, 'allow', 'domain', 'crumbs.example');
    await put(publication, 'block', 'address', 'who3@crumbs.example');
    expect(await judged(publication, ref, 'who@mailinator.com')).toBe('verified');
    for (const n of range(15)) expect(await judged(publication, ref, `who${n}@crumbs.example`, '203.0.113.9')).toBe('verified');
    for (const n of range(4)) expect(await judged(publication, ref, `who@rye-${n}.example`)).toBe('verified');
  }); // prettier-ignore

  test('does not win over a friend who is the referrer or somebody known', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader('ana@crumbs.example');
    await publication.reader('ben@crumbs.example');
    await put(publication, 'allow', 'domain', 'crumbs.example');
    expect(await judged(publication, ref, 'ana+2@crumbs.example')).toBe('rejected alias_of_referrer');
    expect(await judged(publication, ref, 'ben+2@crumbs.example')).toBe('rejected alias_of_existing');
  });
});

describe('the lists over the API', () => {
  test('answer what they hold, once each, and forget what is taken off', async () => {
    const publication = await strong();
    const { admin } = publication;
    const body = { list: 'block', kind: 'network', value: '203.0.113.77/24', note: 'a flood on Monday' };
    const added = await admin.post('/fraud-lists', body);
    expect(added.body).toMatchObject({ ...body, value: '203.0.113.0/24' });
    const again = await admin.post('/fraud-lists', { ...body, value: '203.0.113.0/24', note: null });
    expect([again.status, again.body]).toEqual([200, added.body]);
    await put(publication, 'allow', 'address', 'Ana@Crumbs.example');
    expect((await admin.get('/fraud-lists')).body.data.map(({ value }: Entry) => value)).toEqual(['Ana@crumbs.example', '203.0.113.0/24']);
    expect((await admin.get('/fraud-lists?list=block&kind=network')).body.data).toEqual([added.body]);
    const first = (await admin.get('/fraud-lists?limit=1')).body;
    expect((await admin.get(`/fraud-lists?limit=1&after=${first.nextCursor}`)).body).toEqual({ data: [added.body], nextCursor: null });
    expect((await admin.delete(`/fraud-lists/${added.body.id}`)).status).toBe(204);
    expect((await admin.delete(`/fraud-lists/${added.body.id}`)).status).toBe(404);
    expect(await judged(publication, (await publication.reader()).code, 'who@rye.example', '203.0.113.5')).toBe('verified');
  }); // prettier-ignore

  test.each([
    ['value', { list: 'block', kind: 'network', value: '0.0.0.0/0' }],
    ['value', { list: 'block', kind: 'address', value: 'crumbs.example' }],
    ['value', { list: 'allow', kind: 'domain', value: 'ana@crumbs.example' }],
    ['kind', { list: 'allow', kind: 'country', value: 'jp' }],
    ['list', { list: 'grey', kind: 'domain', value: 'crumbs.example' }],
  ])('name %s where an entry cannot be', async (path, body) => {
    const answer = await (await strong()).admin.post('/fraud-lists', body);
    expect([answer.status, answer.body.errors.map((problem: { path: string }) => problem.path)]).toEqual([422, [path]]);
  });

  test('are for admins and editors, of their own publication', async () => {
    const [publication, other] = [await strong(), await strong()];
    const { body } = await put(publication, 'block', 'domain', 'crumbs.example');
    for (const [role, status] of [['editor', 200], ['marketing', 403], ['site', 403]] as const) {
      const api = app.api(await publication.key(role));
      expect((await api.get('/fraud-lists')).status, role).toBe(status);
    }
    expect((await other.admin.delete(`/fraud-lists/${body.id}`)).status).toBe(404);
    expect((await other.admin.get('/fraud-lists')).body.data).toEqual([]);
  }); // prettier-ignore

  test('50 entries of the same at once are one', async () => {
    const publication = await strong();
    const answers = await Promise.all(range(50).map(() => put(publication, 'block', 'domain', 'crumbs.example')));
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });
});

test('who was erased stays blocked, and stands on the list no more', async () => {
  const publication = await strong();
  const { code: ref } = await publication.reader();
  await put(publication, 'block', 'address', 'zyx.plant@crumbs.example');
  const { id } = await publication.signUp('zyx.plant@crumbs.example', { ref });
  await app.get(Erase).run(publication.id, id);
  const [entry] = await app.rows(`select * from fraud_list_entries where publication_id = $1`, [publication.id]);
  expect(entry).toMatchObject({ value: null, note: null });
  expect(JSON.stringify(entry)).not.toContain('plant');
  expect((await publication.admin.get('/fraud-lists')).body.data).toMatchObject([{ kind: 'address', value: null }]);
  expect(await judged(publication, ref, 'zyx.plant@crumbs.example')).toBe('rejected blocked');
  expect((await put(publication, 'block', 'address', 'zyx.plant@crumbs.example')).status).toBe(201);
});

describe('a program without double opt-in', () => {
  const mailsTo = async (address: string) => (await app.mails(address)).map(({ subject }) => subject);
  async function single(): Promise<TestPublication> {
    const publication = await strong();
    await publication.admin.patch('/programs/default', { verification: { doubleOptIn: false } });
    return publication;
  }
  const statusOf = async (id: string) => (await app.rows(`select status from subscribers where id = $1`, [id]))[0]!['status'] as string;

  test('makes a new address a reader at once, judges the referral and records no confirmation that there was not', async () => {
    const publication = await single();
    const { code: ref, id: referrer } = await publication.reader();
    const friend = await publication.signUp('once@rye.example', { ref });
    expect([friend.status, (await publication.referralOf(friend.id)).state]).toEqual(['active', 'verified']);
    expect(await judged(publication, ref, 'once+2@rye.example')).toBe('rejected alias_of_existing');
    expect(await publication.countOf(referrer)).toBe(1);
    const consents = await app.rows(`select act from consents where subscriber_id = $1`, [friend.id]);
    expect(consents.map(({ act }) => act as string)).toEqual(['asked']);
    await app.tick();
    expect((await mailsTo('once@rye.example')).length).toBe(1);
  });

  test('still asks who left, who was erased and who is mailed too often, and is silent to who is blocked', async () => {
    const publication = await single();
    const left = await publication.reader('left@rye.example');
    await publication.admin.post(`/subscribers/${left.id}/unsubscribe`);
    expect((await publication.signUp('left@rye.example')).status).toBe('pending');
    const erased = await publication.reader('erased@rye.example');
    await app.get(Erase).run(publication.id, erased.id);
    expect((await publication.signUp('erased@rye.example')).status).toBe('pending');
    await put(publication, 'block', 'address', 'blocked@rye.example');
    const blocked = await publication.signUp('blocked@rye.example');
    const elsewhere = await single();
    await publication.signUp('twice@rye.example');
    const second = await elsewhere.signUp('twice@rye.example');
    expect([blocked.status, second.status]).toEqual(['pending', 'pending']);
    app.advance(31 * MINUTE); // the mail to the second waits its 15 minutes, and 15 more are quiet
    await elsewhere.signUp('twice@rye.example');
    expect(await statusOf(second.id)).toBe('active');
    app.advance(HOUR);
    await app.tick();
    expect(await mailsTo('blocked@rye.example')).toEqual([]);
  });
}); // prettier-ignore
