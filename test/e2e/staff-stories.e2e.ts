import { beforeAll, describe, expect, test } from 'vitest';
import type { StaffRole } from '../../src/domain/staff.js';
import { startApp, type TestApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { newStaff, signInto, type StaffMember } from '../support/staff.js';

/*
 * What people at work do with the pages for staff, in Chromium: from one page to the next, by keyboard, without script.
 */

const LOOKS: Look[] = [
  { locale: 'en', width: 360, colorScheme: 'dark' },
  { locale: 'en', width: 1280, colorScheme: 'light' },
];

if (noBrowser !== null) console.warn(`Skipping the tests in a browser: ${noBrowser}`);

/** Friends who confirmed and wait for a reviewer. */
async function heldFriends(publication: TestPublication, code: string, count: number): Promise<string[]> {
  await publication.changeProgram({ holdDays: 30 });
  const friends = await inFlight(8, range(count), () => publication.verifiedFriend(code));
  await publication.changeProgram({ holdDays: 0 });
  const ids = friends.map(({ referral }) => referral.id);
  await publication.app.rows(
    `update referrals set state = 'held', held_for = 'review', held_until = null,
       reasons = '[{"code": "same_device", "weight": 2, "evidence": "browser of another friend"}]'
     where publication_id = $1 and id = any ($2::uuid[])`,
    [publication.id, ids],
  );
  return ids;
}

describe.skipIf(noBrowser !== null)('pages for staff', () => {
  let app: TestApp;
  let plain: Visitor;
  let person: Visitor;
  beforeAll(async () => {
    app = await startApp();
    plain = await newVisitor(app.url, 'en', { javaScript: false });
    person = await newVisitor(app.url, 'en');
  });

  async function atWork(visitor: Visitor, publication: TestPublication, role: StaffRole): Promise<StaffMember> {
    const member = await newStaff(app, { publicationId: publication.id, role });
    await visitor.forget(LOOKS[1]!);
    await signInto(visitor, member, app.url);
    return member;
  }

  const statesOf = async (publication: TestPublication) => {
    const found = await app.rows<{ state: string; count: number }>(
      `select state, count(*)::int as count from referrals where publication_id = $1 group by state`,
      [publication.id],
    );
    return Object.fromEntries(found.map(({ state, count }) => [state, count]));
  };

  test('a reviewer clears 50 held referrals by keyboard', { timeout: 60_000 }, async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader();
    await heldFriends(publication, ana.code, 50);
    const { id } = await atWork(person, publication, 'editor');
    const { page } = person;
    const title = page.locator('h1');
    await person.open(`/admin/p/${publication.slug}`);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/review$/);
    expect(await title.innerText()).toBe('50 referrals wait for you');
    expect(await person.faults(LOOKS)).toEqual([]);
    // The first by hand after a look at it; then approve, and every fifth reject.
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.waitForURL(/\/referrals\//);
    expect(await page.locator('#against + p').innerText()).toContain('The browser is another friend’s');
    expect(await person.faults(LOOKS)).toEqual([]);
    const first = page.url();
    await page.keyboard.press('a');
    await page.waitForURL((url) => url.pathname.includes('/referrals/') && url.href !== first);
    await page.goto(`/admin/p/${publication.slug}/review`);
    await page.keyboard.press('j');
    for (let left = 49; left > 0; left--) {
      expect(await title.innerText()).toMatch(new RegExp(`^${left} referral`));
      await page.keyboard.press(left % 5 === 0 ? 'r' : 'a');
      const then = left === 1 ? 'Nothing waits' : `${left - 1} referral`;
      await page.locator('h1', { hasText: new RegExp(`^${then}`) }).waitFor();
      // Where one was, the next stands now, and has the focus.
      if (left > 1) await page.locator('tbody tr:focus').waitFor();
    }
    expect(await statesOf(publication)).toEqual({ verified: 41, rejected: 9 });
    expect(await publication.countOf(ana.id)).toBe(41);
    const audited = await app.rows(`select 1 from audit_entries where publication_id = $1 and actor = $2`, [
      publication.id,
      `account:${id}`,
    ]);
    expect(audited).toHaveLength(50);
    await person.hasNoTroubles();
  });

  test('an operator makes a publication and invites an editor, who may what an editor may and is told what not, without JavaScript', async () => {
    const operator = await newStaff(app, 'operator', { name: 'Olga Perk' });
    await plain.forget(LOOKS[1]!);
    await signInto(plain, operator, app.url);
    const { page } = plain;
    await plain.open('/admin/publications/new');
    await page.getByLabel('Name', { exact: true }).fill('The Story Loaf');
    await page.getByLabel('Short name').fill('story-loaf');
    await page.getByLabel('Web site').fill('https://story.example');
    await page.getByRole('button', { name: 'Make the publication' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('steps to your first referral');
    await page.getByRole('link', { name: 'Who works here' }).click();
    await page.getByLabel('Email').fill('ines@story.example');
    await page.getByRole('radio', { name: /^Editor/ }).check();
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await app.tick();
    const [mail] = await app.mails('ines@story.example');
    const [link] = /http\S+\/admin\/links\/\S+/.exec(mail!.text)!;

    await plain.forget(LOOKS[0]!);
    await plain.open(link);
    await page.getByLabel('Your name').fill('Ines Field');
    await page.getByLabel('Choose a password').fill('three random words');
    await page.getByRole('button', { name: 'Accept and sign in' }).click();
    await plain.open('/admin/p/story-loaf/milestones');
    expect(await page.getByRole('link', { name: 'Add a milestone' }).isVisible()).toBe(true);
    for (const closed of ['staff', 'api-keys', 'leads']) {
      await plain.open(`/admin/p/story-loaf/${closed}`);
      expect(plain.status).toBe(403);
      expect(await page.getByRole('main').innerText()).toContain('Nothing was changed');
    }
    await plain.open('/admin/p/story-loaf/settings');
    expect(await page.getByRole('main').innerText()).toContain('Only admins change these');
    expect(await page.getByRole('button', { name: 'Save settings' }).count()).toBe(0);
    await plain.open(link);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This link does not work any more');
    await plain.hasNoTroubles();
  });

  test('many are decided at once with a note, without JavaScript, and nobody whom the page did not show', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader();
    const [first, second] = await heldFriends(publication, ana.code, 3);
    await atWork(plain, publication, 'editor');
    const { page } = plain;
    await plain.open(`/admin/p/${publication.slug}/review`);
    await page.locator(`input[name="ids"][value="${first}"]`).check();
    await page.locator(`input[name="ids"][value="${second}"]`).check();
    await page.getByText('Many at once').click();
    await page.getByLabel('Note for colleagues').fill('They are sisters.');
    await page.getByRole('button', { name: 'Reject what is selected' }).click();
    expect(await page.getByRole('status').innerText()).toBe('2 referrals rejected.');
    const [late] = await (async () => {
      await plain.open(`/admin/p/${publication.slug}/review`);
      return heldFriends(publication, ana.code, 1);
    })();
    await page.getByText('Many at once').click();
    await page.getByLabel('All of this list').check();
    await page.getByRole('button', { name: 'Approve what is selected' }).click();
    expect(await page.getByRole('status').innerText()).toBe('1 referral approved.');
    expect(await statesOf(publication)).toEqual({ rejected: 2, verified: 1, held: 1 });
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(await page.locator('tbody input[name="ids"]').getAttribute('value')).toBe(late);
    const notes = await app.rows<{ note: string | null }>(
      `select note from audit_entries where publication_id = $1 and act = 'referral.reject'`,
      [publication.id],
    );
    expect(notes).toEqual([{ note: 'They are sisters.' }, { note: 'They are sisters.' }]);
    await page.getByRole('link', { name: 'Decided' }).click();
    await page.waitForURL(/queue=decided/);
    expect(await page.locator('tbody tr').count()).toBe(3);
    await page.locator('tbody tr a').first().click();
    await page.waitForURL(/\/referrals\//);
    expect(await page.locator('#similar + p + div tbody tr').count()).toBe(4);
    await plain.hasNoTroubles();
  });

  test('an editor looks what a level would do, takes it, and lists whom they know, without JavaScript', async () => {
    const publication = await newPublication(app);
    await publication.verifiedFriend((await publication.reader()).code);
    await atWork(plain, publication, 'editor');
    const { page } = plain;
    await plain.open(`/admin/p/${publication.slug}/fraud?level=very_strong`);
    expect(await page.locator('tbody tr').last().innerText()).toMatch(/^Very strong\s+1\s/);
    await page.getByRole('button', { name: 'Use the chosen level' }).click();
    await page.locator('h1', { hasText: 'Very strong' }).waitFor();
    expect((await publication.program()).fraudLevel).toBe('very_strong');
    await page.getByRole('link', { name: 'Block and allow lists' }).click();
    await page.getByLabel('Address, domain or network').fill('203.0.113.0/2');
    await page.getByLabel('What').selectOption('network');
    await page.getByRole('button', { name: 'Add' }).click();
    expect(await page.locator('#value-error').innerText()).toContain('203.0.113.0/24');
    expect(plain.status).toBe(422);
    await page.getByLabel('Address, domain or network').fill('203.0.113.7/24');
    await page.getByRole('button', { name: 'Add' }).click();
    expect(await page.locator('tbody th').innerText()).toContain('203.0.113.0/24');
    await page.getByRole('button', { name: 'Take off' }).click();
    await page.getByText('Nobody is listed').waitFor();
    await plain.hasNoTroubles();
  });

  test('an admin finds a reader, corrects the count, changes the address and erases them, without JavaScript', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader('ana.ruiz@mail.example', { firstName: 'Ana' });
    await publication.reader('tom@mail.example');
    await publication.verifiedFriend(ana.code, 'kim@friends.example');
    await app.tick();
    await atWork(plain, publication, 'admin');
    const { page } = plain;
    await plain.open(`/admin/p/${publication.slug}/people`);
    await page.getByLabel('Address, name, share code or id').fill('RUIZ');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('ana.ruiz@mail.example').click();
    await page.locator('h1', { hasText: 'ana.ruiz@mail.example' }).waitFor();
    const story = await page.locator('.story').innerText();
    expect(story).toMatch(/kim@friends.example\s+verified/);
    expect(story).toMatch(/Mail Welcome\s+sent/);
    const person = page.url();
    const flash = page.locator('main > [role="status"]');

    await page.getByText('Adjust the count…').click();
    await page.getByLabel('By', { exact: true }).fill('-3');
    await page.getByLabel('Why').fill('Counted twice.');
    await page.getByRole('button', { name: 'Write the counter-entry' }).click();
    expect(await page.locator('#delta-error').innerText()).toBe('The count would be less than nothing.');
    await page.getByLabel('By', { exact: true }).fill('-1');
    await page.getByRole('button', { name: 'Write the counter-entry' }).click();
    expect(await flash.innerText()).toBe('The count is 0 now.');
    expect(await publication.countOf(ana.id)).toBe(0);

    await page.getByText('Change the address…').click();
    await page.getByLabel('New address').fill('tom@mail.example');
    await page.getByRole('button', { name: 'Change the address', exact: true }).click();
    expect(await page.locator('#email-error').innerText()).toBe('Another reader has this address.');
    await page.getByLabel('New address').fill('ana@new.example');
    await page.getByRole('button', { name: 'Change the address', exact: true }).click();
    await page.locator('h1', { hasText: 'ana@new.example' }).waitFor();

    await page.getByText('Erase this reader…').click();
    await page.getByLabel('Type ana@new.example to go on').fill('ana');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    expect(await page.locator('#erase-error').innerText()).toContain('Nothing was erased.');
    await page.getByLabel('Type ana@new.example to go on').fill('ana@new.example');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    expect(await page.locator('h1').innerText()).toBe('erased reader');
    expect(page.url()).toBe(person);
    expect(await page.locator('main form').count()).toBe(0);
    await plain.hasNoTroubles();
  });

  test('buttons of mails do once what is pressed fifty times', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    await app.tick();
    const admin = await newStaff(app, { publicationId: publication.id, role: 'admin' });
    const path = `/admin/p/${publication.slug}/outbox`;
    const mails = () =>
      app.rows<{ id: string; state: string; attempts: number }>(
        `select id, state, attempts from mails where publication_id = $1 and subscriber_id = $2 order by id`,
        [publication.id, reader.id],
      );
    const [welcome] = await mails();
    expect(welcome).toMatchObject({ state: 'sent' });
    await inFlight(50, range(50), () => admin.post(`${path}/${welcome!.id}`, { act: 'again' }));
    expect((await mails()).map(({ state }) => state)).toEqual(['sent', 'waiting']);

    await app.rows(
      `update mails set state = 'uncertain', attempts = 9, last_error = 'the connection broke' where id = $1`,
      [welcome!.id],
    );
    expect((await admin.get(path)).text).toContain('the connection broke');
    await inFlight(50, range(50), () => admin.post(`${path}/${welcome!.id}`, { act: 'put-back' }));
    expect((await mails())[0]).toEqual({ id: welcome!.id, state: 'waiting', attempts: 0 });
    await admin.post(`${path}/${welcome!.id}`, { act: 'give-up' });
    expect((await mails())[0]).toMatchObject({ state: 'waiting' });
    await app.tick();
    expect((await mails()).map(({ state }) => state)).toEqual(['sent', 'sent']);
    const acts = await app.rows<{ act: string }>(
      `select act from audit_entries where publication_id = $1 and subject_id = $2 order by id`,
      [publication.id, welcome!.id],
    );
    expect(acts.map(({ act }) => act)).toEqual(['mail.send-again', 'mail.put-back']);
  });
});
