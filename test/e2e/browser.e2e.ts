import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { newPublication, type TestPublication } from '../support/make.js';

/** What a person looks for on the pages. */
const WORDS = {
  en: {
    name: 'The Weekly Loaf',
    email: 'Your email address',
    firstName: 'First name',
    join: 'Join',
    noEnding: 'The end of the address is missing, such as .com.',
    checkMail: 'Now look in your mail',
    confirm: 'Yes, send it to me',
    welcome: 'You are in. Welcome.',
    already: 'You are in already',
    copy: 'Copy your link',
    copied: 'Copied. Now paste it to a friend.',
    copyHint: 'Press the link to select all of it, then copy.',
    ladder: ['1 friend · reached', '1 of 3 friends · 2 to go', 'At 10 friends'],
    friends: [/^Counts on /, 'Does not count', 'Not confirmed yet', 'Counts'],
    leave: 'Unsubscribe',
    left: 'You have left',
  },
  ja: {
    name: '週刊ローフ',
    email: 'メールアドレス',
    firstName: 'お名前',
    join: '登録する',
    noEnding: '「.com」や「.jp」などの末尾が抜けているようです。',
    checkMail: 'メールをご確認ください',
    confirm: 'はい、受け取ります',
    welcome: '登録が完了しました。ようこそ。',
    already: '登録はすでに完了しています',
    copy: 'リンクをコピー',
    copied: 'コピーしました。お友だちへのメッセージに貼り付けてください。',
    copyHint: 'リンクを押すと全体が選択されます。そのままコピーしてください。',
    ladder: ['1人 · 達成', '3人中1人 · あと2人', '10人で'],
    friends: [/に成立$/, '対象外', '確認待ち', '成立'],
    leave: '配信を解除する',
    left: '配信を解除しました',
  },
};

/** A dark and a light one for each language and width. */
const LOOKS: Look[] = [
  { locale: 'en', width: 360, colorScheme: 'dark' },
  { locale: 'en', width: 1280, colorScheme: 'light' },
  { locale: 'ja', width: 360, colorScheme: 'light' },
  { locale: 'ja', width: 1280, colorScheme: 'dark' },
];

/** As long as addresses come, without a place to break. */
const LONG_NAME = 'friederike.wilhelmina.von.und.zu.brotundbutterhausen.the.third';
let serial = 0;
const newEmail = (): string => `${LONG_NAME}${++serial}@mail.example`;

/** A newsletter with a reader who has friends of every kind, a ladder and something to share. */
async function newLetter(app: TestApp, locale: Look['locale']) {
  const { name } = WORDS[locale];
  const publication = await newPublication(app, { locale, name, postalAddress: '12 Mill Lane, Bristol BS1 4ND' });
  await publication.content('how-rye-got-its-groove-and-why-it-never-lost-it-again');
  for (const [threshold, code] of [[1, 'CRUMBS-ARE-FOR-EVERYBODY'], [3], [10]] as const) {
    const reward = code ? await publication.coupon([code]) : await publication.reward({ description: name });
    await publication.milestone({ threshold, rewardId: reward.id });
  }
  const ana = await publication.reader(newEmail(), { firstName: 'Ana' });
  const friends = ['zoe.counts@friend.example', 'yan.waits@friend.example', 'xu.thrown-away@mailinator.com'];
  for (const [n, email] of friends.entries()) await publication.signUp(email, { ref: ana.code, confirmed: n !== 1 });
  await publication.changeProgram({ holdDays: 7 });
  friends.push('will.is-held@friend.example');
  await publication.signUp(friends.at(-1), { ref: ana.code, confirmed: true });
  await publication.changeProgram({ holdDays: 0 });
  await publication.admin.patch('/programs/default', { showsBoard: true });
  await app.http
    .post(`/hub/${app.token('hub', publication.id, ana.id, inHours(app, 1))}/board`)
    .type('form')
    .send({ boardName: LONG_NAME });
  await app.tick();
  return { app, publication, ana, friends };
}
type Letter = Awaited<ReturnType<typeof newLetter>>;

const HOUR_MS = 3_600_000;
const inHours = (app: TestApp, hours: number): Date => new Date(app.clock.now().getTime() + hours * HOUR_MS);

/** The first link in the newest mail to an address whose path begins so. */
async function mailedLink(app: TestApp, email: string, prefix: string): Promise<string> {
  await app.tick();
  const mail = (await app.mails(email)).at(-1);
  const links = [...(mail?.text ?? '').matchAll(/http\S+/g)].map(([url]) => url);
  return links.find((url) => new URL(url).pathname.startsWith(prefix)) ?? expect.fail(`no ${prefix} in: ${mail?.text}`);
}

async function statusOf(publication: TestPublication, email: string): Promise<string> {
  const { body } = await publication.admin.get('/subscribers').query({ email });
  return body.data[0].status;
}

async function confirmPath({ app, publication }: Letter, { late = false } = {}): Promise<string> {
  const { id } = await publication.signUp(newEmail());
  const sent = `update mails set state = 'sent', sent_at = $2 where subscriber_id = $1 and message = 'confirm'`;
  await app.rows(sent, [id, inHours(app, late ? -15 * 24 : 0)]);
  return `/confirm/${await app.confirmToken(publication.id, id)}`;
}

function hubPath({ app, publication, ana }: Letter, hours: number, id = ana.id): string {
  return `/hub/${app.token('hub', publication.id, id, inHours(app, hours))}`;
}

async function unsubscribePath({ app, publication }: Letter): Promise<string> {
  return `/unsubscribe/${app.token('unsubscribe', publication.id, (await publication.reader(newEmail())).id)}`;
}

const press = (visitor: Visitor) => visitor.press();
const send = (email: string) => async (visitor: Visitor) => {
  await visitor.page.locator('#email').fill(email);
  await visitor.press();
};

type PublicPage = [
  name: string,
  status: number,
  path: (letter: Letter) => string | Promise<string>,
  act?: (visitor: Visitor) => Promise<void>,
];
const join = ({ publication }: Letter): string => `/join/${publication.slug}`;
const door = ({ publication }: Letter): string => `/hub?publication=${publication.slug}`;
const MAILBOX = 'mailbox of the developer';
const PAGES: PublicPage[] = [
  ['join, through a friend', 200, (letter) => `/r/${letter.ana.code}?via=line`],
  ['join, with a bad address', 422, join, send(`${LONG_NAME}@example`)],
  ['check your mail', 200, (letter) => `${join(letter)}?sent=1`],
  ['confirm', 200, confirmPath],
  ['confirmed', 200, confirmPath, press],
  ['confirm, too late', 410, (letter) => confirmPath(letter, { late: true })],
  ['confirm, unknown', 404, () => '/confirm/nothing'],
  ['hub', 200, (letter) => hubPath(letter, 1)],
  ['hub of a new reader', 200, async (letter) => hubPath(letter, 1, (await letter.publication.reader()).id)],
  ['board', 200, (letter) => `${hubPath(letter, 1)}/board`],
  ['settings', 200, (letter) => `${hubPath(letter, 1)}/settings`],
  ['erasing oneself', 200, (letter) => `${hubPath(letter, 1)}/erase`],
  ['muting mails about sharing', 200, async (letter) => `${await unsubscribePath(letter)}/program-mails`],
  ['door of the hub', 200, door],
  ['door of the hub, with a bad address', 422, door, send('mika@example')],
  ['door of the hub, sent', 200, door, send('mika@mail.example')],
  ['hub, too late', 410, (letter) => hubPath(letter, -1)],
  ['hub, unknown', 404, () => '/hub/nothing'],
  ['unsubscribe', 200, unsubscribePath],
  ['unsubscribed', 200, unsubscribePath, press],
  ['unknown link', 404, () => '/r/nobody'],
  ['nothing there', 404, () => '/nothing'],
  [MAILBOX, 200, () => '/dev/mail'],
];

if (noBrowser !== null) console.warn(`Skipping the tests in a browser: ${noBrowser}`);

/** Of the document and all that it brings, also what the cache had. */
const TRANSFERRED = `['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

describe.skipIf(noBrowser !== null)('in a browser', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });

  describe.each(['en', 'ja'] as const)('in %s', (locale) => {
    const words = WORDS[locale];
    const looks = LOOKS.filter((look) => look.locale === locale);
    let letter: Letter;
    let publication: TestPublication;
    let person: Visitor;
    let other: Visitor;
    let plain: Visitor;
    beforeAll(async () => {
      letter = await newLetter(app, locale);
      ({ publication } = letter);
      person = await newVisitor(app.url, locale);
      other = await newVisitor(app.url, locale);
      plain = await newVisitor(app.url, locale, { javaScript: false });
    });

    describe.each(looks)('$width px wide', (look) => {
      beforeEach(async () => {
        for (const visitor of [person, other, plain]) await visitor.forget(look);
      });

      test('a friend mends a slip, joins, and is confirmed by opening the mail in the same browser', async () => {
        const email = newEmail();
        const referrer = await publication.reader();
        const [address, firstName] = [words.email, words.firstName].map((label) => person.page.getByLabel(label));
        await person.open(`/r/${referrer.code}`);
        expect(new URL(person.page.url()).pathname).toBe(`/join/${publication.slug}`);
        app.advance(20_000); // a person's pace, or it would be taken for a script's
        await firstName!.fill('Mika');
        await address!.fill('mika@example');
        await person.press();
        expect([person.status, await person.page.locator('.error').allInnerTexts()]).toEqual([422, [words.noEnding]]);
        expect([await address!.inputValue(), await firstName!.inputValue()]).toEqual(['mika@example', 'Mika']);
        await address!.fill(email);
        expect(await person.page.getByRole('button').allInnerTexts()).toEqual([words.join]);
        app.advance(20_000);
        await person.press();
        expect([person.status, await person.page.locator('h1').innerText()]).toEqual([200, words.checkMail]);

        const link = await mailedLink(app, email, '/confirm/');
        app.advance(20_000);
        await person.page.goto(link, { waitUntil: 'commit' });
        const shareUrl = await person.page.locator('#share-link').innerText();
        expect(await person.page.locator('h1').innerText()).toBe(words.welcome);
        const { body } = await publication.admin.get('/subscribers').query({ email });
        expect(body.data).toMatchObject([{ status: 'active', firstName: 'Mika', shareUrl }]);
        expect(await publication.countOf(referrer.id)).toBe(1);
        await person.hasNoTroubles();
      });

      test('in another browser the mail confirms nothing before the button is pressed, and needs no JavaScript', async () => {
        const { email } = await publication.signUp(newEmail());
        const link = await mailedLink(app, email, '/confirm/');
        for (const visitor of [other, plain]) {
          await visitor.open(link);
          expect(await visitor.page.getByRole('button').allInnerTexts()).toEqual([words.confirm]);
          expect(await statusOf(publication, email)).toBe('pending');
        }
        for (const [visitor, heading] of [
          [plain, words.welcome],
          [other, words.already],
        ] as const) {
          await visitor.press();
          expect(await visitor.page.locator('h1').innerText()).toBe(heading);
          expect(await statusOf(publication, email)).toBe('active');
          await visitor.hasNoTroubles();
        }
        expect(await plain.page.getByRole('button').count()).toBe(0);
        expect(await plain.page.getByText(words.copyHint).isVisible()).toBe(true);
      });

      test('a press copies the link, also where the clipboard is closed to scripts', async () => {
        await person.open(hubPath(letter, 1));
        const link = `${app.url}/r/${letter.ana.code}`;
        for (const closed of [false, true]) {
          await person.page.evaluate(`navigator.clipboard.writeText('before')`);
          if (closed) {
            await person.page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("closed"))');
          }
          await person.page.getByRole('button', { name: words.copy, exact: true }).click();
          await person.page.getByText(words.copied).waitFor();
          expect(await person.clipboard()).toBe(link);
          await person.open(hubPath(letter, 1));
        }
        await person.page.locator('[data-copy^="link-"]').click();
        await person.page.getByText(words.copied).waitFor();
        expect(await person.clipboard()).toMatch(new RegExp(`^${link}/how-rye-`));
        await person.hasNoTroubles();
      });

      test("the hub shows the ladder and the friends with their states, and nobody's address", async () => {
        await person.open(hubPath(letter, 1));
        expect(await person.page.locator('.rung-goal').allInnerTexts()).toEqual(words.ladder);
        expect(await person.page.locator('.rung.reached .code').allInnerTexts()).toEqual(['CRUMBS-ARE-FOR-EVERYBODY']);
        const matching = (text: string | RegExp) => (typeof text === 'string' ? text : expect.stringMatching(text));
        expect(await person.page.locator('.friend .chip').allInnerTexts()).toEqual(words.friends.map(matching));
        expect(await person.page.locator('.friend-initial').allInnerTexts()).toEqual(['w', 'x', 'y', 'z']);
        const html = await person.page.content();
        for (const part of letter.friends.flatMap((email) => email.split('@'))) expect(html).not.toContain(part);
        expect(html).not.toContain('@');
        await person.hasNoTroubles();
      });

      test('the link in a mail shows the way out, and its button leads there', async () => {
        const email = newEmail();
        await publication.reader(email);
        await person.open(await mailedLink(app, email, '/unsubscribe/'));
        expect(await person.page.getByRole('button').allInnerTexts()).toEqual([words.leave]);
        expect([await statusOf(publication, email), await person.page.content()]).toEqual([
          'active',
          expect.not.stringContaining(LONG_NAME),
        ]);
        await person.press();
        expect([await statusOf(publication, email), await person.page.locator('h1').innerText()]).toEqual([
          'unsubscribed',
          words.left,
        ]);
        await person.hasNoTroubles();
      });
    });

    test.each(PAGES)('page without a fault: %s', async (name, status, path, act) => {
      await person.forget(looks[0]!);
      await person.open(await path(letter));
      await act?.(person);
      await person.hasNoTroubles();
      const language = await person.page.locator('html').getAttribute('lang');
      expect([person.status, language]).toEqual([status, name === MAILBOX ? 'en' : locale]);
      expect(await person.faults(looks)).toEqual([]);
      if (name !== MAILBOX) expect(await person.page.evaluate<number>(TRANSFERRED)).toBeLessThan(50_000);
    });
  });

  test('the viewer of the API shows its operations and asks nobody else', async () => {
    const developer = await newVisitor(app.url, 'en');
    await developer.open('/docs');
    await developer.page.locator('.opblock').first().waitFor();
    await developer.hasNoTroubles();
  });
});
