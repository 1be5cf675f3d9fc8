import { beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const WORDS = {
  en: {
    name: 'The Weekly Loaf',
    ask: /^Ask us to look again/,
    heading: 'Shall we look again?',
    words: 'What should we know?',
    button: 'Ask to look again',
    thanks: 'We look again',
    back: 'To your friends',
    asked: /^You asked us to look again on /,
    kept: /^Somebody looked again on /,
    all: /^See all /,
  },
  ja: {
    name: '週刊ローフ',
    ask: /^もう一度確認を依頼する/,
    heading: 'もう一度確認いたします',
    words: 'お知らせいただきたいこと',
    button: '再確認を依頼する',
    thanks: 'ご依頼を受け付けました',
    back: 'お友だちの一覧へ',
    asked: /に再確認のご依頼を受け付けました。/,
    kept: /に担当者がもう一度確認し、変更はありませんでした。/,
    all: /^全\d+人を見る$/,
  },
};

const LOOKS: Look[] = [
  { locale: 'en', width: 360, colorScheme: 'dark' },
  { locale: 'en', width: 1280, colorScheme: 'light' },
  { locale: 'ja', width: 360, colorScheme: 'light' },
  { locale: 'ja', width: 1280, colorScheme: 'dark' },
];
const HOUR_MS = 3_600_000;

/** A reader with more friends than the first page shows, of whom some were refused and one waits for a reviewer. */
async function newLetter(app: TestApp, locale: Look['locale']) {
  const publication = await newPublication(app, { locale, name: WORDS[locale].name, postalAddress: '12 Mill Lane' });
  await publication.content('how-rye-got-its-groove-and-why-it-never-lost-it-again');
  const ana = await publication.reader(undefined, { firstName: 'Ana' });
  // So many friends at once would wait for a reviewer.
  await publication.admin.post('/fraud-lists', { list: 'allow', kind: 'domain', value: 'friend.example' });
  for (const n of range(22)) await publication.verifiedFriend(ana.code, `friend-of-ana-${n}@friend.example`);
  for (const n of range(3)) await publication.reader(`xu-${n}@mailinator.com`, { ref: ana.code });
  await publication.signUp('yan@friend.example', { ref: ana.code });
  const at = new Date(app.clock.now().getTime() + HOUR_MS);
  return { app, publication, ana, hub: `/hub/${app.token('hub', publication.id, ana.id, at)}` };
}

async function appealed(publication: TestPublication): Promise<string> {
  const [row] = await publication.app.rows<{ referralId: string }>(
    `select referral_id from referral_appeals where publication_id = $1 and decided_at is null`,
    [publication.id],
  );
  return row!.referralId;
}

if (noBrowser !== null) console.warn(`Skipping the tests in a browser: ${noBrowser}`);

describe.skipIf(noBrowser !== null).each(['en', 'ja'] as const)('in %s', (locale) => {
  const words = WORDS[locale];
  const looks = LOOKS.filter((look) => look.locale === locale);
  let letter: Awaited<ReturnType<typeof newLetter>>;
  let plain: Visitor;
  let person: Visitor;
  beforeAll(async () => {
    letter = await newLetter(await startApp(), locale);
    plain = await newVisitor(letter.app.url, locale, { javaScript: false });
    person = await newVisitor(letter.app.url, locale);
  });

  test('a reader finds all friends from the hub, asks to look again and reads the answer, without JavaScript', async () => {
    const { publication, hub } = letter;
    const page = plain.page;
    await plain.forget(looks[0]!);
    await plain.open(hub);
    await page.getByRole('link', { name: words.all }).click();
    expect(new URL(page.url()).pathname).toBe(`${hub}/friends`);
    const html = await page.content();
    for (const part of ['friend.example', 'mailinator', 'friend-of-ana']) expect(html).not.toContain(part);

    await page.getByRole('link', { name: words.ask }).first().click();
    expect(await page.locator('h1').innerText()).toBe(words.heading);
    await page.getByLabel(words.words).fill('x'.repeat(501));
    await page.getByRole('button', { name: words.button }).click();
    expect([await page.locator('.error').count(), await page.getByLabel(words.words).inputValue()]).toEqual([
      1,
      'x'.repeat(501),
    ]);
    await page.getByLabel(words.words).fill('We are two people.');
    await page.getByRole('button', { name: words.button }).click();
    expect(await page.locator('h1').innerText()).toBe(words.thanks);

    await page.getByRole('link', { name: words.back }).click();
    expect(await page.getByText(words.asked).count()).toBe(1);
    expect(await page.getByRole('link', { name: words.ask }).count()).toBe(2);
    const ids = [await appealed(publication)];
    await publication.admin.post('/referrals/review', { ids, decision: 'reject' });
    await page.reload();
    expect([await page.getByText(words.asked).count(), await page.getByText(words.kept).count()]).toEqual([0, 1]);
    await plain.hasNoTroubles();
  });

  test('the older friends are a page away', async () => {
    const page = person.page;
    await person.forget(looks[1]!);
    await person.open(`${letter.hub}/friends`);
    expect(await page.locator('.friend').count()).toBe(24);
    await page.locator('.more a').click();
    expect(await page.locator('.friend').count()).toBe(2);
    expect(await person.faults(looks)).toEqual([]);
    await person.hasNoTroubles();
  });

  test('staff read about every reason', async () => {
    await person.forget(looks[0]!);
    await person.open('/docs/reasons#same_device');
    expect(await person.page.locator('#same_device').isVisible()).toBe(true);
    expect(await person.faults(looks)).toEqual([]);
    await person.hasNoTroubles();
  });

  test('the way of an appeal has no fault on the phone and on the desk', async () => {
    const page = person.page;
    await person.forget(looks[0]!);
    await person.open(`${letter.hub}/friends?kind=refused`);
    await page.getByRole('link', { name: words.ask }).first().click();
    expect(await person.faults(looks)).toEqual([]);
    await page.getByLabel(words.words).fill('x'.repeat(501));
    await person.press();
    expect([person.status, await person.faults(looks)]).toEqual([422, []]);
    await page.getByLabel(words.words).fill('');
    await person.press();
    expect([person.status, await person.faults(looks)]).toEqual([200, []]);
    await person.open(`${letter.hub}/friends`);
    expect([await page.getByText(words.asked).count(), await person.faults(looks)]).toEqual([1, []]);
    await person.hasNoTroubles();
  });
});
