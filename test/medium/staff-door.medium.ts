import { describe, expect, test } from 'vitest';
import { FirstAccount } from '../../src/flows/first-account.js';
import { hashPassword } from '../../src/platform/passwords.js';
import { updateAccount } from '../../src/staff/account.store.js';
import { DAY, MINUTE, startApp } from '../support/app.js';
import { newPublication, range } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* How people get in who work here, over HTTP as a browser does it. */

const app = await startApp();
const PASSWORD = 'three random words';
const letter = await newPublication(app, { name: 'The Weekly Loaf' });
const firstUrl = (await app.get(FirstAccount).url())!;

const pathOf = (url: string) => url.slice(app.url.length);
const post = (path: string, form: Record<string, string> = {}) =>
  app.http.post(path).set('sec-fetch-site', 'same-origin').set('accept', 'text/html').type('form').send(form);
const sessionOf = (answer: { headers: Record<string, string | string[]> }) =>
  [answer.headers['set-cookie'] ?? '']
    .flat()
    .join()
    .match(/kuchikomi-staff=([\w-]{43});/)?.[1] ?? null;
const linkIn = (text: string) => /\/admin\/links\/[\w-]+/.exec(text)![0];
const signedIn = (token: string, path = `/admin/p/${letter.slug}`) =>
  app.http.get(path).set('cookie', `kuchikomi-staff=${token}`);

describe('the first account', () => {
  test('is made once, by a link that is the same at every start until then', async () => {
    expect(await app.get(FirstAccount).url()).toBe(firstUrl);
    const page = await app.http.get(pathOf(firstUrl)).set('accept', 'text/html');
    expect(page.status).toBe(200);
    const bad = await post(pathOf(firstUrl), { email: 'x', name: '', password: 'short' });
    expect(bad.status).toBe(422);
    expect(bad.text).toContain('This address cannot be right');
    expect(bad.text).toContain('shorter than 12');
    const form = (n: number) => ({ email: `first${n}@loaf.example`, name: 'Jo Baker', password: PASSWORD });
    const answers = await Promise.all(range(10).map((n) => post(pathOf(firstUrl), form(n))));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...range(9).map(() => 410)]);
    expect(await app.rows('select operator, name from accounts')).toEqual([{ operator: true, name: 'Jo Baker' }]);
    expect(await app.get(FirstAccount).url()).toBeNull();
    const token = sessionOf(answers.find(({ status }) => status === 303)!)!;
    expect((await signedIn(token)).status).toBe(200);
  });
});

describe('an invitation', () => {
  test('comes by mail, opens to a page that changes nothing, and makes an account with the role', async () => {
    const admin = await newStaff(app, { publicationId: letter.id, role: 'admin' }, { name: 'Mika Sato' });
    const sent = await admin.post(`/admin/p/${letter.slug}/staff`, { email: 'noor@loaf.example', role: 'editor' });
    expect(sent.status).toBe(303);
    await app.tick();
    const [mail] = await app.mails('noor@loaf.example');
    expect(mail!.subject).toContain('The Weekly Loaf');
    expect(mail!.text).toContain('Mika Sato');
    const path = linkIn(mail!.text);
    const before = await app.snapshot();
    const page = await app.http.get(path).set('accept', 'text/html');
    expect(page.text).toContain('Mika Sato invites you');
    expect(await app.snapshot()).toEqual(before);
    const answers = await Promise.all(range(50).map(() => post(path, { name: 'Noor', password: PASSWORD })));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    const token = sessionOf(answers.find(({ status }) => status === 303)!)!;
    expect((await signedIn(token)).status).toBe(200);
    expect((await signedIn(token, `/admin/p/${letter.slug}/staff`)).status).toBe(403);
    const acts = await app.rows(`select act, actor from audit_entries where publication_id = $1 order by id`, [
      letter.id,
    ]);
    expect(acts.map(({ act }) => act)).toEqual(['staff.invite', 'staff.join']);
    expect(acts[0]!.actor).toBe(`account:${admin.id}`);
  });

  test('ends after seven days, when it is taken back, and when it is sent anew', async () => {
    const admin = await newStaff(app, { publicationId: letter.id, role: 'admin' });
    const invite = async (email: string) => {
      await admin.post(`/admin/p/${letter.slug}/staff`, { email, role: 'marketing' });
      await app.tick();
      return linkIn((await app.mails(email)).at(-1)!.text);
    };
    const first = await invite('kim@loaf.example');
    const second = await invite('kim@loaf.example');
    expect((await app.http.get(first)).status).toBe(410);
    expect((await app.http.get(second)).status).toBe(200);
    const [{ id }] = (await app.rows(`select id from staff_links where email = 'kim@loaf.example'`)) as [
      { id: string },
    ];
    expect((await admin.post(`/admin/p/${letter.slug}/staff/invitations/${id}/take-back`)).status).toBe(303);
    expect((await post(second, { name: 'Kim' })).status).toBe(410);
    const third = await invite('kim@loaf.example');
    const now = app.clock.now();
    app.advance(7 * DAY);
    expect((await post(third, { name: 'Kim' })).status).toBe(410);
    app.clock.set(now);
    expect((await post(third, { name: 'Kim' })).status).toBe(303);
  });
});

describe('a password', () => {
  const account = async () => {
    const person = await newStaff(app, { publicationId: letter.id, role: 'editor' });
    await updateAccount(app.database.reader, person.id, { passwordHash: await hashPassword(PASSWORD) });
    return person;
  };

  test('signs in, ends the session that was there, and signing out ends its own', async () => {
    const person = await account();
    const form = { email: person.email.toUpperCase(), password: PASSWORD, next: `/admin/p/${letter.slug}/audit` };
    const answer = await post('/admin/sign-in', form).set('cookie', `kuchikomi-staff=${person.token}`);
    expect([answer.status, answer.headers.location]).toEqual([303, `/admin/p/${letter.slug}/audit`]);
    expect([answer.headers['set-cookie']].flat().join()).toMatch(/HttpOnly; SameSite=Lax/);
    expect((await person.get(`/admin/p/${letter.slug}`)).status).toBe(303);
    const token = sessionOf(answer)!;
    expect((await signedIn(token)).status).toBe(200);
    await post('/admin/sign-out').set('cookie', `kuchikomi-staff=${token}`);
    expect((await signedIn(token)).status).toBe(303);
  });

  test.each(['//evil.example', 'https://evil.example', '/admin\\@evil.example', '/other', '/administrator'])(
    'leads on to no %s',
    async (next) => {
      const answer = await post('/admin/sign-in', { email: (await account()).email, password: PASSWORD, next });
      expect(answer.headers.location).toBe('/admin');
    },
  );

  test('a wrong one, an address without one and one that nobody has are answered alike', async () => {
    const texts = await Promise.all(
      [(await account()).email, (await newStaff(app, 'operator')).email, 'nobody@loaf.example'].map(async (email) => {
        const answer = await post('/admin/sign-in', { email, password: 'something else' });
        expect(answer.status).toBe(422);
        return answer.text.replaceAll(email, '-');
      }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  test('takes as long to be wrong where there is no account', async () => {
    const known = (await account()).email;
    const time = async (email: string) => {
      const start = performance.now();
      await post('/admin/sign-in', { email, password: 'something else' });
      return performance.now() - start;
    };
    await time('warm@loaf.example');
    const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
    const [there, nobody]: [number[], number[]] = [[], []];
    for (let i = 0; i < 9; i++) {
      there.push(await time(known));
      nobody.push(await time(`nobody${i}@loaf.example`));
    }
    // Without the work for nobody it would be a tenth of the time.
    expect(median(nobody)).toBeGreaterThan(median(there) / 2);
  });

  test('can be tried ten times in a quarter of an hour, and 50 at once are no way around', async () => {
    const { email } = await account();
    const tries = await Promise.all(
      range(30).map(() =>
        post('/admin/sign-in', { email, password: 'wrong wrong wrong' }).set('x-forwarded-for', '203.0.113.9'),
      ),
    );
    expect(tries.filter(({ status }) => status === 422)).toHaveLength(10);
    const paused = await post('/admin/sign-in', { email, password: PASSWORD }).set('x-forwarded-for', '203.0.113.10');
    expect([paused.status, Number(paused.headers['retry-after']) > 60]).toEqual([429, true]);
    app.advance(15 * MINUTE);
    expect(
      (await post('/admin/sign-in', { email, password: PASSWORD }).set('x-forwarded-for', '203.0.113.9')).status,
    ).toBe(303);
  });
});

describe('a sign-in link', () => {
  test('is mailed to who has an account, works once, and says nothing of who has none', async () => {
    const person = await newStaff(app, { publicationId: letter.id, role: 'marketing' }, { locale: 'ja' });
    const known = await post('/admin/sign-in/link', { email: person.email });
    const unknown = await post('/admin/sign-in/link', { email: 'nobody@mail.example' });
    expect(unknown.text.replaceAll('nobody@mail.example', '-')).toBe(known.text.replaceAll(person.email, '-'));
    await app.tick();
    expect(await app.mails('nobody@mail.example')).toEqual([]);
    const [mail] = await app.mails(person.email);
    expect(mail!.subject).toContain('ログイン');
    const path = linkIn(mail!.text);
    expect((await app.http.get(path)).status).toBe(200);
    const pressed = await post(path);
    expect((await signedIn(sessionOf(pressed)!)).status).toBe(200);
    expect((await post(path)).status).toBe(410);
  });
});

describe('who works here', () => {
  test('of two administrators who remove each other, one stays', async () => {
    const desk = await newPublication(app);
    for (let n = 0; n < 10; n++) {
      const [one, two] = [
        await newStaff(app, { publicationId: desk.id, role: 'admin' }),
        await newStaff(app, { publicationId: desk.id, role: 'admin' }),
      ];
      await Promise.all([
        one.post(`/admin/p/${desk.slug}/staff/${two.id}/remove`),
        two.post(`/admin/p/${desk.slug}/staff/${one.id}/remove`),
      ]);
      const left = await app.rows(
        `select account_id from memberships where publication_id = $1 and account_id = any ($2)`,
        [desk.id, [one.id, two.id]],
      );
      expect(left).toHaveLength(1);
      await app.rows(`delete from memberships where publication_id = $1`, [desk.id]);
    }
  });

  test('nobody changes or removes themselves, and a removed one is out at once', async () => {
    const admin = await newStaff(app, { publicationId: letter.id, role: 'admin' });
    const editor = await newStaff(app, { publicationId: letter.id, role: 'editor' });
    const path = `/admin/p/${letter.slug}/staff`;
    expect((await admin.post(`${path}/${admin.id}/role`, { role: 'editor' })).status).toBe(409);
    expect((await admin.post(`${path}/${editor.id}/role`, { role: 'boss' })).status).toBe(422);
    expect((await admin.post(`${path}/${editor.id}/role`, { role: 'admin' })).status).toBe(303);
    expect((await editor.get(path)).status).toBe(200);
    expect((await admin.post(`${path}/${editor.id}/remove`)).status).toBe(303);
    expect((await editor.get(path)).status).toBe(404);
    const log = await admin.get(`/admin/p/${letter.slug}/audit?act=staff.change`);
    expect(log.text).toContain('from: editor');
  });
});
