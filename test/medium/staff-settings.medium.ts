import { describe, expect, test } from 'vitest';
import { EXPORTED, LEFT_OUT } from '../../src/flows/export-publication.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* The settings of a publication, as an admin changes them on their page. */

const app = await startApp();

const FORM = {
  name: 'The Rye Times',
  siteUrl: 'https://rye.example',
  fromEmail: 'hello@rye.example',
  fromName: '',
  postalAddress: '1 Mill Lane\nBath',
  locale: 'ja',
  timezone: 'Asia/Tokyo',
  allowedOrigins: 'https://rye.example\r\nhttps://www.rye.example/path',
  perWeek: '2',
  quietFrom: '22:00',
  quietUntil: '07:30',
  sends: 'first-referral,referral-verified',
};

async function atHome(role: 'admin' | 'editor' | 'marketing' = 'admin') {
  const publication = await newPublication(app);
  const member = await newStaff(app, { publicationId: publication.id, role });
  const path = `/admin/p/${publication.slug}/settings`;
  const stands = async () =>
    (
      await app.rows<Record<string, unknown>>(
        `select name, site_url, from_email, from_name, postal_address, locale, timezone, allowed_origins, program_mails
           from publications where id = $1`,
        [publication.id],
      )
    )[0]!;
  const acts = () =>
    app.rows<{ data: object }>(
      `select data from audit_entries where publication_id = $1 and act = 'publication.change' order by id`,
      [publication.id],
    );
  return { publication, member, path, stands, acts };
}

describe('settings', () => {
  test('are saved, shown as they are then, and written down once', async () => {
    const { member, path, stands, acts } = await atHome();
    expect((await member.post(path, FORM)).headers.location).toBe(path);
    expect(await stands()).toEqual({
      name: 'The Rye Times',
      siteUrl: 'https://rye.example',
      fromEmail: 'hello@rye.example',
      fromName: null,
      postalAddress: '1 Mill Lane\nBath',
      locale: 'ja',
      timezone: 'Asia/Tokyo',
      allowedOrigins: ['https://rye.example', 'https://www.rye.example'],
      programMails: {
        perWeek: 2,
        quietFrom: '22:00',
        quietUntil: '07:30',
        off: ['referral-refused', 'reward-earned', 'contest-result', 'near-milestone', 'share-reminder'],
      },
    });
    await member.post(path, FORM);
    expect(await acts()).toHaveLength(1);
    const page = await member.get(path);
    expect(page.text).toContain('value="22:00"');
    expect(page.text).toContain('1 Mill Lane\nBath</textarea>');
  });

  test.each([
    ['name', 'x'.repeat(121)],
    ['siteUrl', 'javascript:alert(1)'],
    ['fromEmail', 'a@b@c'],
    ['fromName', 'Loaf\r\nBcc: all@mail.example'],
    ['postalAddress', 'x'.repeat(401)],
    ['locale', 'de'],
    ['timezone', 'Mars/Olympus'],
    ['allowedOrigins', 'loaf'],
    ['perWeek', ''],
    ['perWeek', '15'],
    ['quietFrom', '24:00'],
    ['quietUntil', ''],
  ])('a wrong %s (%s) is said at its field, and nothing is changed', async (field, value) => {
    const { member, path, stands, acts } = await atHome();
    const before = await stands();
    const answer = await member.post(path, { ...FORM, [field]: value });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`id="${field}-error"`);
    expect(answer.text.match(/class="error"/g)).toHaveLength(1);
    expect(await stands()).toEqual(before);
    expect(await acts()).toEqual([]);
  });

  test('are seen and not changed by who is no admin', async () => {
    const { member, path, stands } = await atHome('editor');
    const before = await stands();
    const page = await member.get(path);
    expect(page.text).toContain('Only admins change these');
    expect(page.text).not.toContain('Save settings');
    expect((await member.post(path, FORM)).status).toBe(403);
    expect(await stands()).toEqual(before);
  });

  test('two admins who change different settings of mails by API at once both have theirs', async () => {
    const { publication, stands } = await atHome();
    const url = `/publications/${publication.slug}`;
    await inFlight(50, range(50), (n) =>
      publication.admin.patch(
        url,
        n % 2 === 0 ? { programMails: { perWeek: 5 } } : { programMails: { quietFrom: '20:00' } },
      ),
    );
    expect((await stands()).programMails).toMatchObject({ perWeek: 5, quietFrom: '20:00' });
  });
});

describe('the whole publication as a file', () => {
  test('says of every table of a publication that it is in it or why not', async () => {
    const tables = await app.rows<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'publication_id'
       where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    const told = [...Object.keys(EXPORTED), ...Object.keys(LEFT_OUT)];
    expect(told.toSorted()).toEqual(tables.map(({ name }) => name).toSorted());
  });

  test('holds what is its own and of no other, and no secret', async () => {
    const { publication, member, path } = await atHome();
    const other = await newPublication(app);
    await other.reader();
    const { code, email, id } = await publication.reader();
    const { id: rewardId } = await publication.reward();
    await publication.milestone({ threshold: 1, rewardId });
    await publication.verifiedFriend(code);
    await publication.admin.post('/webhooks', { url: 'https://hooks.invalid/x', events: ['*'] });
    await app.tick();
    const file = await member.get(`${path}/export.ndjson`).buffer(true).parse(asText);
    expect(file.headers['content-disposition']).toContain(`${publication.slug}.ndjson`);
    const [first, ...lines] = (file.body as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(first).toMatchObject({ publication: { id: publication.id, slug: publication.slug } });
    const of = (table: string) => lines.filter((line) => line.table === table).map(({ row }) => row);
    expect(of('subscribers')).toHaveLength(2);
    expect(of('subscribers').find((row) => row.id === id)).toMatchObject({ email });
    expect(of('grants')).toHaveLength(1);
    expect(of('webhooks')[0]).not.toHaveProperty('secret');
    expect(lines.every(({ row }) => row.publication_id === publication.id)).toBe(true);
    expect(file.body).not.toContain('whsec_');
  });

  test('keeps the seed of a raffle that is not drawn', async () => {
    const { publication, member, path } = await atHome();
    await publication.admin.post('/programs/default/preset', { preset: 'raffle' });
    const file = await member.get(`${path}/export.ndjson`).buffer(true).parse(asText);
    const raffle = (file.body as string).split('\n').find((line) => line.startsWith('{"table":"raffles"'))!;
    expect(JSON.parse(raffle)).toMatchObject({ row: { drawn_at: null, commitment: expect.any(String) as string } });
    expect(raffle).not.toContain('"seed"');
  });

  test('is for admins', async () => {
    const { member, path } = await atHome('editor');
    expect((await member.get(`${path}/export.ndjson`)).status).toBe(403);
  });
});

interface Line {
  table: string;
  row: Record<string, unknown>;
}

function asText(answer: unknown, done: (error: Error | null, body: string) => void): void {
  const response = answer as NodeJS.ReadableStream;
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => done(null, text));
}
