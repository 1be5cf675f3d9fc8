import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { CleanUp } from '../../src/flows/clean-up.js';
import { DAY, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';
import { tracesOf } from '../support/traces.js';

const app = await startApp();
const ADDRESS = {
  ...{ name: 'Ana Quillfeather', country: 'GB', postcode: 'BS1 4ND', city: 'Bristol' },
  line1: '12 Quillfeather Lane',
};

/** A reader who has earned something that goes by post, and was asked where to; with the path of the page that asks. */
async function asked(publication: TestPublication, more: { variants?: string[]; holdDays?: number } = {}) {
  const { variants, holdDays = 0 } = more;
  const made = await publication.admin.post('/rewards', {
    kind: 'physical',
    name: 'The apron',
    ...(variants && { variants }),
  });
  await publication.milestone({ threshold: 1, rewardId: made.body.id, holdDays });
  const reader = await publication.reader();
  await publication.verifiedFriend(reader.code);
  app.advance(holdDays * DAY);
  await app.tick();
  const [grant] = await publication.grants({ subscriberId: reader.id });
  const mail = (await app.mails(reader.email)).find(({ subject }) => subject.includes('Where shall we send it?'))!;
  const [path] = /\/claim\/[\w-]+/.exec(mail.text)!;
  return { reader, grant: grant!, path };
}

const give = (path: string, fields: object = ADDRESS) => app.http.post(path).type('form').send(fields);
const statusOf = async (publication: TestPublication, id: string) =>
  (await publication.grants()).find((grant) => grant.id === id)!.status;
const addresses = (publication: TestPublication) =>
  app.rows('select * from shipping_addresses where publication_id = $1', [publication.id]);

async function parcels(publication: TestPublication): Promise<Record<string, string>[]> {
  const answer = await publication.admin.get('/grants/shipping.csv');
  expect([answer.status, answer.headers['content-disposition']]).toEqual([200, 'attachment; filename="shipping.csv"']);
  return parse(answer.text, { columns: true, bom: true });
}

describe('a reward that goes by post', () => {
  test('asks for an address, is packed, posted, and its address is erased 30 days later', async () => {
    const publication = await newPublication(app);
    const { reader, grant, path } = await asked(publication, { variants: ['Short', 'Long'] });
    expect(await statusOf(publication, grant.id)).toBe('awaiting_claim');
    expect(await parcels(publication)).toEqual([]);
    const before = await app.snapshot();
    const page = await app.http.get(path);
    expect([page.status, page.text.includes('value="Long"'), page.headers['cache-control']]).toEqual([
      200,
      true,
      'no-store',
    ]);
    expect(await app.snapshot()).toEqual(before);

    expect((await give(path, { ...ADDRESS, variant: 'Long' })).status).toBe(200);
    expect(await parcels(publication)).toEqual([]); // not released yet
    await app.tick();
    expect(await statusOf(publication, grant.id)).toBe('sent');
    expect(await parcels(publication)).toEqual([
      expect.objectContaining({
        ...ADDRESS,
        variant: 'Long',
        grantId: grant.id,
        reward: 'The apron',
        email: reader.email,
      }),
    ]);
    const told = (await app.mails(reader.email)).find(({ subject }) => subject === 'The apron, for you')!;
    expect(told.text).toContain('We have your address');

    await publication.admin.post(`/grants/${grant.id}/fulfil`);
    expect(await parcels(publication)).toEqual([]);
    app.advance(30 * DAY - 1_000);
    await app.get(CleanUp).run();
    expect(await addresses(publication)).toHaveLength(1);
    app.advance(2_000);
    await app.get(CleanUp).run();
    expect(await addresses(publication)).toEqual([]);
    expect((await app.http.get(path)).text).toContain('We know where it goes');
  });

  test('asks only when it is due, once, and the hub has the link too', async () => {
    const publication = await newPublication(app);
    const { reader, path } = await asked(publication, { holdDays: 3 });
    await app.tick();
    const asking = (await app.mails(reader.email)).filter(({ subject }) => subject.includes('Where shall'));
    expect(asking).toHaveLength(1);
    app.advance(DAY);
    const soon = new Date(app.clock.now().getTime() + DAY);
    const hub = (await app.http.get(`/hub/${app.token('hub', publication.id, reader.id, soon)}`)).text;
    const [inHub] = /\/claim\/[\w-]+/.exec(hub)!;
    expect(inHub).not.toBe(path);
    expect((await give(inHub)).status).toBe(200);
  });

  test('is claimed once, however many answer at the same time', async () => {
    const publication = await newPublication(app);
    const { grant, path } = await asked(publication);
    const answers = await Promise.all(range(20).map((n) => give(path, { ...ADDRESS, name: `Ana ${n}` }).then()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await addresses(publication)).toHaveLength(1);
    expect(await statusOf(publication, grant.id)).toBe('due');
  });

  test('says what is missing, keeps what was typed, and takes nothing in', async () => {
    const publication = await newPublication(app);
    const { grant, path } = await asked(publication, { variants: ['Short'] });
    const answer = await give(path, { ...ADDRESS, city: '', country: 'XX', variant: 'Huge' });
    expect(answer.status).toBe(422);
    for (const field of ['city', 'country', 'variant']) expect(answer.text).toContain(`id="${field}-error"`);
    expect(answer.text).toContain('value="12 Quillfeather Lane"');
    expect([await addresses(publication), await statusOf(publication, grant.id)]).toEqual([[], 'awaiting_claim']);
  });

  test('cannot be claimed by a token of another purpose or another grant, late, or once it is taken back', async () => {
    const publication = await newPublication(app);
    const { reader, grant, path } = await asked(publication);
    const now = app.clock.now().getTime();
    const claim = (id: string, at: number, purpose: 'claim' | 'hub' = 'claim') =>
      give(`/claim/${app.token(purpose, publication.id, id, new Date(at))}`).then(({ status }) => status);
    expect(await claim(grant.id, now + DAY, 'hub')).toBe(404);
    expect(await claim(reader.id, now + DAY)).toBe(404);
    expect(await claim(grant.id, now - DAY)).toBe(410);
    await publication.admin.post(`/grants/${grant.id}/revoke`);
    expect((await give(path)).status).toBe(410);
    expect(await addresses(publication)).toEqual([]);
  });

  test('that is taken back forgets its address', async () => {
    const publication = await newPublication(app);
    const { grant, path } = await asked(publication);
    await give(path);
    await publication.admin.post(`/grants/${grant.id}/revoke`);
    expect(await addresses(publication)).toEqual([]);
  });

  test('forgets the address of who is erased, also one that comes at that moment', async () => {
    const publication = await newPublication(app);
    const theirs = { ...ADDRESS, name: 'Zoe Thornapple', line1: '1 Thornapple Road' };
    for (let round = 0; round < 5; round++) {
      const { reader, path } = await asked(publication);
      const [answer] = await Promise.all([
        give(path, theirs).then(),
        publication.admin.delete(`/subscribers/${reader.id}`).then(),
      ]);
      expect([200, 410]).toContain(answer.status);
      expect(await tracesOf(app, 'thornapple')).toEqual([]);
      expect((await give(path, theirs)).status).not.toBe(500);
      expect(await tracesOf(app, 'thornapple')).toEqual([]);
    }
  });

  test('whose parcel nobody said to be posted keeps its address for half a year', async () => {
    const publication = await newPublication(app);
    const { path } = await asked(publication);
    await give(path);
    await app.tick();
    app.advance(181 * DAY);
    await app.get(CleanUp).run();
    expect(await addresses(publication)).toEqual([]);
  });
});

test('the list of parcels is for who packs them: other publications and other roles see none', async () => {
  const [publication, other] = [await newPublication(app), await newPublication(app)];
  const { path } = await asked(publication);
  await give(path, { ...ADDRESS, name: '=1+1' });
  await app.tick();
  expect(await parcels(other)).toEqual([]);
  const raw = (await app.api(await publication.key('editor')).get('/grants/shipping.csv')).text;
  expect(raw).toContain(`"'=1+1"`);
  for (const role of ['marketing', 'site'] as const) {
    expect((await app.api(await publication.key(role)).get('/grants/shipping.csv')).status).toBe(403);
  }
});
