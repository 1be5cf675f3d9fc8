import { describe, expect, test } from 'vitest';
import { hashPassword, isPassword } from '../../src/platform/passwords.js';
import { findAccount, updateAccount } from '../../src/staff/account.store.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { newStaff, type StaffMember } from '../support/staff.js';

/* What belongs to the person who is signed in, and what only an operator may: new publications. */

const app = await startApp();
const OLD = 'three random words';
const NEW = 'four other random words';
const letter = await newPublication(app);
const hashOf = async (id: string) => (await findAccount(app.database.reader, id))!.passwordHash;

async function withPassword(): Promise<StaffMember> {
  const person = await newStaff(app, { publicationId: letter.id, role: 'editor' });
  await updateAccount(app.database.reader, person.id, { passwordHash: await hashPassword(OLD) });
  return person;
}

/** Another browser in which somebody signs in with their password. */
async function secondBrowser({ email }: StaffMember, password = OLD) {
  const form = { email, password, next: '' };
  const answer = await app.http.post('/admin/sign-in').set('sec-fetch-site', 'same-origin').type('form').send(form);
  const token = /kuchikomi-staff=([\w-]{43});/.exec([answer.headers['set-cookie']].flat().join())?.[1];
  return (path: string) => app.http.get(path).set('cookie', `kuchikomi-staff=${token}`);
}

describe('the own password', () => {
  test('is changed by who knows the present one, and ends all other sessions', async () => {
    const person = await withPassword();
    const other = await secondBrowser(person);
    expect((await other('/admin/account')).status).toBe(200);
    const wrong = await person.post('/admin/account/password', { present: 'not this one', password: NEW });
    expect([wrong.status, wrong.text.includes('That is not your present password')]).toEqual([422, true]);
    const short = await person.post('/admin/account/password', { present: OLD, password: 'short' });
    expect([short.status, short.text.includes('shorter than 12')]).toEqual([422, true]);
    expect(await isPassword(OLD, await hashOf(person.id))).toBe(true);
    expect((await other('/admin/account')).status).toBe(200);

    expect((await person.post('/admin/account/password', { present: OLD, password: NEW })).status).toBe(303);
    expect(await isPassword(NEW, await hashOf(person.id))).toBe(true);
    expect((await other('/admin/account')).status).toBe(303);
    expect((await person.get('/admin/account')).status).toBe(200);
  });

  test('needs no present one where there is none', async () => {
    const person = await newStaff(app, 'operator');
    expect((await person.post('/admin/account/password', { password: NEW })).status).toBe(303);
    expect(await isPassword(NEW, await hashOf(person.id))).toBe(true);
  });

  test('is not guessed through a browser that was left open: ten tries, then none is right', async () => {
    const person = await withPassword();
    const guess = (n: number) => person.post('/admin/account/password', { present: `guess ${n}`, password: NEW });
    await inFlight(5, range(50), guess);
    const right = await person.post('/admin/account/password', { present: OLD, password: NEW });
    expect([right.status, right.text.includes('Too many tries')]).toEqual([422, true]);
    expect(await isPassword(OLD, await hashOf(person.id))).toBe(true);
  });
});

describe('browsers', () => {
  test('are listed, and each is signed out by its owner alone', async () => {
    const person = await withPassword();
    const stranger = await withPassword();
    const other = await secondBrowser(person);
    const page = await person.get('/admin/account');
    const [session] = /[0-9a-f]{64}/.exec(page.text)!;
    await stranger.post('/admin/account/sessions/end', { session });
    expect((await other('/admin/account')).status).toBe(200);
    expect((await person.post('/admin/account/sessions/end', { session })).status).toBe(303);
    expect((await other('/admin/account')).status).toBe(303);
    expect((await person.get('/admin/account')).status).toBe(200);
  });

  test('are all signed out but the own', async () => {
    const person = await withPassword();
    const others = [await secondBrowser(person), await secondBrowser(person)];
    expect((await person.post('/admin/account/sessions/end-others')).status).toBe(303);
    for (const other of others) expect((await other('/admin/account')).status).toBe(303);
    expect((await person.get('/admin/account')).status).toBe(200);
  });
});

describe('a name', () => {
  test('is changed; one that is a link is not', async () => {
    const person = await withPassword();
    expect((await person.post('/admin/account/name', { name: 'https://evil.example' })).status).toBe(422);
    expect((await person.post('/admin/account/name', { name: 'Ren Ito' })).status).toBe(303);
    expect((await findAccount(app.database.reader, person.id))!.name).toBe('Ren Ito');
  });
});

describe('a new publication', () => {
  const form = (slug: string) => ({
    name: 'The Sunday Rye',
    slug,
    siteUrl: 'https://rye.example',
    fromEmail: 'hello@rye.example',
    locale: 'ja',
    timezone: 'Asia/Tokyo',
  });

  test('is made by an operator, once, with its program', async () => {
    const operator = await newStaff(app, 'operator');
    expect((await operator.get('/admin/publications/new')).status).toBe(200);
    const answers = await inFlight(10, range(10), () => operator.post('/admin/publications/new', form('sunday-rye')));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ text }) => text.includes('Another publication has this short name'))).toHaveLength(9);
    expect((await operator.get('/admin/p/sunday-rye')).status).toBe(200);
    const [made] = await app.rows(
      `select p.name, p.locale, p.timezone, (select count(*)::int from programs where publication_id = p.id) as programs,
         (select count(*)::int from api_keys where publication_id = p.id) as keys
       from publications p where slug = 'sunday-rye'`,
    );
    expect(made).toEqual({ name: 'The Sunday Rye', locale: 'ja', timezone: 'Asia/Tokyo', programs: 1, keys: 0 });
  });

  test.each([
    ['name', ''],
    ['slug', 'Not A Slug'],
    ['siteUrl', 'javascript:alert(1)'],
    ['fromEmail', 'nobody'],
    ['locale', 'xx'],
    ['timezone', '+09:00'],
  ])('is not made with a bad %s', async (field, value) => {
    const operator = await newStaff(app, 'operator');
    const answer = await operator.post('/admin/publications/new', {
      ...form(`bad-${field.toLowerCase()}`),
      [field]: value,
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`id="${field}-error"`);
    expect(await app.rows(`select 1 from publications where slug like 'bad-%'`)).toEqual([]);
  });

  test('is not for an admin of another', async () => {
    const admin = await newStaff(app, { publicationId: letter.id, role: 'admin' });
    expect((await admin.get('/admin/publications/new')).status).toBe(403);
    expect((await admin.post('/admin/publications/new', form('mine'))).status).toBe(403);
  });
});
