import { beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { newPublication, type TestPublication } from '../support/make.js';
import { newStaff, signInto, type StaffMember } from '../support/staff.js';

/*
 * Every page for staff of a publication that is at work, in Chromium: no fault at phone and desktop width, dark and light, in both
 * languages, with names that have no place to break. And what each weighs.
 */

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkundenhalter';
const MOST_BYTES = 150_000;
/** Of the document and all that it brings, also what the cache had. */
const TRANSFERRED = `['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

const looksOf = (locale: Look['locale']): Look[] => [
  { locale, width: 360, colorScheme: 'dark' },
  { locale, width: 1280, colorScheme: 'light' },
];

if (noBrowser !== null) console.warn(`Skipping the tests in a browser: ${noBrowser}`);

async function atWork(app: TestApp) {
  const publication = await newPublication(app, { name: LONG, postalAddress: '12 Mill Lane' });
  const { id: rewardId } = await publication.reward({ kind: 'custom', url: null, name: LONG, description: LONG });
  await publication.milestone({ threshold: 1, every: 1, rewardId, approval: 'manual', name: LONG });
  const { id: milestone } = await publication.milestone({ threshold: 1, rewardId, name: LONG });
  const { id: pool } = await publication.reward({ kind: 'coupon', url: null, name: LONG });
  const { code } = await publication.reader(undefined, { firstName: LONG.slice(0, 40) });
  await publication.verifiedFriend(code);
  await publication.content('rye');
  await publication.admin.post('/webhooks', { url: `https://hooks.invalid/${LONG}`, events: ['*'] });
  await publication.admin.put('/mail-templates/welcome/en', {
    subject: 'Hello',
    html: '<p><a href="{{shareUrl}}">Your link</a></p>',
    text: '{{shareUrl}}',
  });
  await app.tick();
  return { publication, ids: { milestone, pool } };
}

const PAGES = [
  '', '/set-up', '/milestones', '/milestones/new', '/milestones/:milestone', '/presets', '/rewards', '/rewards/new', '/rewards/new?kind=credit',
  '/rewards/:pool', '/review', '/grants', '/grants?show=hand-over', '/grants?show=restock', '/outbox?state=sent', '/fraud', '/fraud-lists',
  '/programs', '/programs/default', '/programs/default/participants',
  '/contents', '/snippets?content=rye',
  '/snippets?platform=ghost', '/funnel', '/growth', '/economics?currency=EUR&arr=49&lifetimeYears=2&yearlyCost=9&customersWon=1',
  '/mail-templates', '/mail-templates/welcome/en', '/mail-templates/reward/ja', '/people', '/leads', '/imports', '/webhooks',
  '/api-keys', '/audit', '/staff', '/settings',
]; // prettier-ignore

describe.skipIf(noBrowser !== null)('pages for staff in a browser', () => {
  let app: TestApp;
  let publication: TestPublication;
  let ids: { milestone: string; pool: string };
  beforeAll(async () => {
    app = await startApp();
    ({ publication, ids } = await atWork(app));
  });

  const withIds = (path: string) =>
    path.replace(':slug', publication.slug).replace(':milestone', ids.milestone).replace(':pool', ids.pool);

  async function signedIn(locale: Look['locale'], member: StaffMember, javaScript = true): Promise<Visitor> {
    const visitor = await newVisitor(app.url, locale, { javaScript });
    await visitor.forget(looksOf(locale)[1]!);
    await signInto(visitor, member, app.url);
    return visitor;
  }

  describe.each(['en', 'ja'] as const)('in %s', (locale) => {
    let admin: Visitor;
    let operator: Visitor;
    beforeAll(async () => {
      const named = { locale, name: LONG.slice(0, 40) };
      admin = await signedIn(locale, await newStaff(app, { publicationId: publication.id, role: 'admin' }, named));
      operator = await signedIn(locale, await newStaff(app, 'operator', named));
    });

    test.each([...PAGES.map((page) => `/admin/p/:slug${page}`), '/admin/account'])('%s', async (path) => {
      await admin.open(withIds(path));
      expect(admin.status).toBe(200);
      expect(await admin.page.locator('html').getAttribute('lang')).toBe(locale);
      expect(await admin.page.evaluate<number>(TRANSFERRED)).toBeLessThan(MOST_BYTES);
      // Mails are looked at where they are sent; axe would have to run scripts in their frames.
      await admin.page.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())");
      // In Japanese the phone is the one that may break: the desktop has room.
      expect(await admin.faults(looksOf(locale).slice(0, locale === 'en' ? 2 : 1))).toEqual([]);
      await admin.hasNoTroubles();
    });

    test('/admin/publications/new', async () => {
      await operator.open('/admin/publications/new');
      expect(await operator.faults(looksOf(locale))).toEqual([]);
      await operator.hasNoTroubles();
    });
  });

  test('an editor approves a reward and says that it was handed over, without JavaScript', async () => {
    const letter = await newPublication(app);
    const { id: rewardId } = await letter.reward({ kind: 'custom', url: null, name: 'A loaf by post' });
    await letter.milestone({ threshold: 1, rewardId, approval: 'manual' });
    const { code } = await letter.reader();
    await letter.verifiedFriend(code);
    const plain = await signedIn('en', await newStaff(app, { publicationId: letter.id, role: 'editor' }), false);
    const { page } = plain;
    await plain.open(`/admin/p/${letter.slug}`);
    await page.getByRole('link', { name: /^Rewards to do/ }).click();
    await page.getByRole('button', { name: /^Approve A loaf by post/ }).click();
    expect(await page.getByRole('status').innerText()).toBe('It goes out.');
    await app.tick();
    await page.getByRole('link', { name: /^To hand over/ }).click();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'All picked ones are handed over' }).click();
    expect(await page.getByRole('status').innerText()).toBe('1 is done.');
    expect((await letter.grants()).map(({ status }) => status)).toEqual(['fulfilled']);
    await plain.hasNoTroubles();
  });

  test('an editor sets a ladder from nothing and sees the reward go out, without JavaScript', async () => {
    const letter = await newPublication(app);
    const plain = await signedIn('en', await newStaff(app, { publicationId: letter.id, role: 'editor' }), false);
    const { page } = plain;
    await plain.open(`/admin/p/${letter.slug}`);
    await page.getByRole('link', { name: 'Milestones', exact: true }).click();
    await page.getByRole('link', { name: 'Add a milestone' }).click();
    await page.getByRole('link', { name: 'New reward' }).click();
    await page.getByRole('link', { name: 'Something else' }).click();
    await page.getByLabel('Name').fill('A loaf by post');
    await page.getByRole('button', { name: 'Save the reward' }).click();
    await page.getByRole('link', { name: 'Milestones', exact: true }).click();
    await page.getByRole('link', { name: 'Add a milestone' }).click();
    await page.getByLabel('Name').fill('The first friend');
    await page.getByLabel('Friends it takes').fill('0');
    await page.getByLabel('Reward', { exact: true }).selectOption({ label: 'A loaf by post (Something else)' });
    await page.getByRole('button', { name: 'See what it would do' }).click();
    expect(await page.locator('#threshold-error').innerText()).toContain('A whole number');
    await page.getByLabel('Friends it takes').fill('1');
    await page.getByRole('button', { name: 'See what it would do' }).click();
    expect(await letter.admin.get('/programs/default/milestones')).toMatchObject({ body: { data: [] } });
    await page.getByRole('button', { name: 'Publish' }).click();
    expect(await page.getByRole('status').innerText()).toBe('The milestone is live, from now on.');
    expect(await page.locator('#seen + p').innerText()).toBe('One friend to go until A loaf by post.');
    const { code } = await letter.reader();
    await letter.verifiedFriend(code);
    await app.tick();
    expect((await letter.grants()).map(({ status }) => status)).toEqual(['sent']);
    await page.getByRole('link', { name: 'Rewards', exact: true }).click();
    expect(await page.getByRole('row', { name: /^A loaf by post/ }).innerText()).toContain('1');
    await plain.hasNoTroubles();
  });

  test('an editor words a mail, sees the draft before it is saved and the mistake in it, without JavaScript', async () => {
    const letter = await newPublication(app, { name: 'The Loaf' });
    const plain = await signedIn('en', await newStaff(app, { publicationId: letter.id, role: 'editor' }), false);
    const { page } = plain;
    await plain.open(`/admin/p/${letter.slug}/mail-templates/welcome/en`);
    await page.getByLabel('Subject').fill('Hello from {{publication.name}}');
    await page.getByLabel('Formatted text').fill('<h1>Hello there</h1><p><a href="{{shareUrl}}">Your link</a></p>');
    await page.getByRole('button', { name: 'Show on a phone' }).click();
    await page.frameLocator('iframe[name="narrow"]').getByText('Hello there').waitFor();
    expect((await letter.admin.get('/mail-templates/welcome/en')).body.version).toBe(0);
    await page.getByLabel('Plain text').fill('no link');
    await page.getByRole('button', { name: 'Save and use it' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('1 mistake');
    await page.getByLabel('Plain text').fill('{{shareUrl}}');
    await page.getByRole('button', { name: 'Save and use it' }).click();
    expect(await page.getByRole('status').innerText()).toContain('Saved.');
    expect((await letter.admin.get('/mail-templates/welcome/en')).body.texts.subject).toBe(
      'Hello from {{publication.name}}',
    );
    await plain.hasNoTroubles();
  });
});
