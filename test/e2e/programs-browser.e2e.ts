import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, startApp, type TestApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { newPublication, type TestPublication } from '../support/make.js';

const WORDS = {
  en: {
    name: 'The Weekly Loaf',
    sent: 'Now look in your mail',
    waiting: 'We are reading it',
    active: 'You are in: Mill Partners',
    company: /^Company/,
    why: 'Why would you like to take part, and whom do you know?',
    handedIn: /recommends this to you$/,
    stopped: 'Your address is deleted',
    heard: 'A search',
  },
  ja: {
    name: '週刊ローフ',
    sent: 'メールをご確認ください',
    waiting: '拝見しています',
    active: '「Mill Partners」に登録しました',
    company: /^会社・屋号/,
    why: '参加を希望される理由と、ご紹介先の心当たり',
    handedIn: /からのご紹介です$/,
    stopped: 'アドレスを削除しました',
    heard: '検索',
  },
};

const LOOKS: Look[] = [
  { locale: 'en', width: 360, colorScheme: 'dark' },
  { locale: 'en', width: 1280, colorScheme: 'light' },
  { locale: 'ja', width: 360, colorScheme: 'light' },
  { locale: 'ja', width: 1280, colorScheme: 'dark' },
];

const HOUR_MS = 3_600_000;
const LONG = 'bring-every-bakery-that-you-know-and-share-in-the-bread-'.repeat(2).slice(0, 100);

/** A newsletter with a program of each kind, all told of at length. */
async function newLetter(app: TestApp, locale: Look['locale']) {
  const publication = await newPublication(app, {
    locale,
    name: WORDS[locale].name,
    postalAddress: '12 Mill Lane, Bristol BS1 4ND',
  });
  const told = {
    description: LONG,
    steps: ['Apply', { title: LONG, text: LONG }, 'Third', 'Fourth'],
    faq: [{ question: LONG, answer: `${LONG}\n${LONG}` }],
    termsUrl: 'https://letter.example/terms',
    shareMessage: 'They are good: {url}',
    handIn: true,
  };
  const joinFields = ['company', { name: 'ovens', label: LONG.slice(0, 80), options: ['gas', LONG.slice(0, 80)] }];
  const mill = await publication.newProgram('mill', {
    ...told,
    ...{ name: 'Mill Partners', access: 'application', requirements: ['fee', 'certified'], joinFields },
  });
  await publication.newProgram('open', { ...told, name: LONG, access: 'open' });
  const circle = await publication.newProgram('circle', { ...told, name: 'Circle', access: 'invite' });
  await publication.admin.patch('/programs/default', { ...told, askHeardFrom: true, joinFields });
  return { app, publication, mill, circle, locale };
}
type Letter = Awaited<ReturnType<typeof newLetter>>;

let serial = 0;
const newEmail = () => `friederike.wilhelmina.von.und.zu.brotundbutterhausen${++serial}@firm-${serial}.example`;

function hubPath({ app, publication }: Letter, id: string): string {
  return `/hub/${app.token('hub', publication.id, id, new Date(app.clock.now().getTime() + HOUR_MS))}`;
}

async function mailedPath(app: TestApp, email: string, pattern: RegExp): Promise<string> {
  await app.tick();
  const texts = (await app.mails(email)).map(({ text }) => text); // in no order: several go out at once
  const found = texts.flatMap((text) => pattern.exec(text) ?? []);
  return new URL(found.at(-1) ?? expect.fail(`no ${pattern} in: ${texts.join()}`)).pathname;
}

/** The door of a program for a reader who got so far. */
const door =
  (slug: 'mill' | 'open' | 'circle', got?: 'applied' | 'ticked' | 'active' | 'rejected') =>
  async (letter: Letter): Promise<string> => {
    const reader = await letter.publication.reader(newEmail());
    const path = `${hubPath(letter, reader.id)}/programs/${slug}`;
    if (slug === 'circle') await letter.circle.add({ subscriberId: reader.id, ask: true });
    if (got === undefined) return path;
    const { body } = await letter.mill.add({
      subscriberId: reader.id,
      requirements: { fee: got !== 'applied', certified: got === 'active' },
    });
    if (got === 'active') await letter.mill.approve(body.id);
    if (got === 'rejected') await letter.mill.reject(body.id);
    return path;
  };

async function handedInPath(letter: Letter): Promise<string> {
  const { publication, app } = letter;
  const reader = await publication.reader(newEmail(), { firstName: 'Ana' });
  const email = newEmail();
  await app.http
    .post(`${hubPath(letter, reader.id)}/leads`)
    .type('form')
    .send({ email, agreed: 'yes', program: 'default' });
  return mailedPath(app, email, /http\S+\/handed-in\/[\w-]+/);
}

const pageOf =
  (slug: string) =>
  ({ publication }: Letter): string =>
    `/p/${publication.slug}/${slug}`;

const send = (email: string) => async (visitor: Visitor) => {
  await visitor.page.locator('#email').fill(email);
  await visitor.press();
};
const handInBadly = async (visitor: Visitor) => {
  await visitor.page.locator('#email').fill('mika@gmail.com');
  await visitor.page.locator('#agreed').check();
  await visitor.press('form:has(#agreed)');
};

type ProgramPage = [
  name: string,
  status: number,
  path: (letter: Letter) => string | Promise<string>,
  act?: (visitor: Visitor) => Promise<void>,
];
const PAGES: ProgramPage[] = [
  ['program by application', 200, pageOf('mill')],
  ['open program', 200, pageOf('open')],
  ['program, with a bad address', 422, pageOf('mill'), send('mika@example')],
  ['program, sent', 200, pageOf('mill'), send('mika@mail.example')],
  ['program by invitation', 404, pageOf('circle')],
  ['door: apply', 200, door('mill')],
  ['door: join', 200, door('open')],
  ['door: invited', 200, door('circle')],
  ['standing: waiting', 200, door('mill', 'applied')],
  ['standing: something open', 200, door('mill', 'ticked')],
  ['standing: active', 200, door('mill', 'active')],
  ['standing: declined', 200, door('mill', 'rejected')],
  ['hub with programs', 200, async (letter) => hubPath(letter, (await letter.publication.reader(newEmail())).id)],
  [
    'contact to be mended',
    422,
    async (letter) => hubPath(letter, (await letter.publication.reader(newEmail())).id),
    handInBadly,
  ],
  ['handed in', 200, handedInPath],
  ['handed in: stop', 200, async (letter) => `${await handedInPath(letter)}/stop`],
  ['handed in: gone', 404, () => '/handed-in/nothing'],
  ['join with fields', 200, ({ publication }) => `/join/${publication.slug}`],
];

describe.skipIf(noBrowser !== null)('programs in a browser', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });

  describe.each(['en', 'ja'] as const)('in %s', (locale) => {
    const words = WORDS[locale];
    const looks = LOOKS.filter((look) => look.locale === locale);
    let letter: Letter;
    let publication: TestPublication;
    let plain: Visitor;
    let person: Visitor;
    beforeAll(async () => {
      letter = await newLetter(app, locale);
      ({ publication } = letter);
      plain = await newVisitor(app.url, locale, { javaScript: false });
      person = await newVisitor(app.url, locale);
    });
    beforeEach(async () => {
      for (const visitor of [plain, person]) await visitor.forget(looks[0]!);
    });
    const heading = (visitor: Visitor) => visitor.page.locator('h1').innerText();

    test('a reader applies without JavaScript, and after approval has a second link', async () => {
      const reader = await publication.reader(newEmail());
      await plain.open(pageOf('mill')(letter));
      await plain.page.locator('#email').fill(reader.email);
      await plain.press();
      expect(await heading(plain)).toBe(words.sent);
      await plain.open(await mailedPath(app, reader.email, /http\S+\/programs\/mill/));
      await plain.page.getByLabel(words.company).fill('Mill & Stone');
      await plain.page.getByLabel(words.why).fill('I know every bakery.');
      await plain.page.locator('#terms').check();
      await plain.press();
      expect(await heading(plain)).toBe(words.waiting);
      const [participant] = await letter.mill.list(`?subscriberId=${reader.id}`);
      expect(participant.answers).toEqual({ company: 'Mill & Stone', why: 'I know every bakery.' });
      await letter.mill.add({ subscriberId: reader.id, requirements: { fee: true, certified: true } });
      const { body } = await letter.mill.approve(participant.id);
      await plain.open(await mailedPath(app, reader.email, /http\S+\/programs\/mill/));
      expect(await heading(plain)).toBe(words.active);
      await plain.page.locator('main a.button').click();
      await plain.settle();
      expect(await plain.page.locator('#share-link').innerText()).toBe(body.shareUrl);
      await plain.hasNoTroubles();
    });

    test('a colleague is handed in without JavaScript and agrees; another declines for good', async () => {
      const reader = await publication.reader(newEmail(), { firstName: 'Ana' });
      const paths = [];
      for (const email of [newEmail(), newEmail()]) {
        await plain.open(hubPath(letter, reader.id));
        await plain.page.locator('#email').fill(email);
        await plain.page.locator('#agreed').check();
        await plain.press('form:has(#agreed)');
        expect(await plain.page.getByRole('status').count()).toBe(1);
        paths.push(await mailedPath(app, email, /http\S+\/handed-in\/[\w-]+/));
      }
      app.advance(MINUTE); // a browser of tests that answers within seconds looks like a scanner
      await plain.open(paths[0]!);
      expect(await heading(plain)).toMatch(words.handedIn);
      expect(await publication.countOf(reader.id)).toBe(0);
      await plain.press();
      expect(await plain.page.locator('#share-link').innerText()).toContain('/r/');
      expect(await publication.countOf(reader.id)).toBe(1);
      await plain.open(`${paths[1]}/stop`);
      await plain.press();
      expect(await heading(plain)).toBe(words.stopped);
      expect(await publication.countOf(reader.id)).toBe(1);
      await plain.hasNoTroubles();
    });

    test('a friend says where they heard of it', async () => {
      const email = newEmail();
      await person.open(`/join/${publication.slug}`);
      await person.page.locator('#email').fill(email);
      await person.page.getByLabel(words.company).fill('Mill');
      await person.page.getByLabel(words.heard).check({ force: true });
      await person.press();
      const { body } = await publication.admin.get('/subscribers').query({ email });
      expect(body.data).toMatchObject([{ heardFrom: 'search', attributes: { company: 'Mill' } }]);
      await person.hasNoTroubles();
    });

    test.each(PAGES)('page without a fault: %s', async (_, status, path, act) => {
      await person.open(await path(letter));
      await act?.(person);
      await person.hasNoTroubles();
      expect([person.status, await person.page.locator('html').getAttribute('lang')]).toEqual([status, locale]);
      expect(await person.faults(looks)).toEqual([]);
    });
  });
});
