import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { newContext, newContextWithoutStorage, noBrowser } from '../support/browser.js';
import { type LetterSite, startSite } from '../support/letter-site.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const contexts: BrowserContext[] = [];

afterEach(async () => {
  app.clock.set(null);
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

/** A publication with a site of its own and two readers who share its issue. */
async function newLetter(page: Partial<Parameters<typeof startSite>[1]> = {}) {
  const publication = await newPublication(app);
  const site = await startSite(app.url, { script: `data-publication="${publication.slug}"`, ...page });
  await publication.admin.patch(`/publications/${publication.slug}`, { allowedOrigins: [site.origin] });
  await publication.content('rye', `${site.origin}/rye?issue=7#top`);
  const [ana, ben] = [await publication.reader(), await publication.reader()];
  return { publication, site, ana, ben };
}

/** What the page told of itself, by events that bubbled up to the document. */
const LISTEN = `heard = [];
  for (const type of ['kuchikomi:joined', 'kuchikomi:error'])
    addEventListener(type, ({ detail }) => heard.push({ type, ...detail }));`;

async function open(context: BrowserContext, url: string): Promise<Page> {
  if (!contexts.includes(context)) contexts.push(context);
  const page = context.pages().find((known) => known.url() !== 'about:blank') ?? (await context.newPage());
  await page.addInitScript(LISTEN);
  await page.goto(url);
  return page;
}

const heard = (page: Page) => page.evaluate<Record<string, unknown>[]>('heard');

async function send(page: Page, email: string): Promise<void> {
  await page.locator('[name=email]').fill(email);
  await page.locator('form button').click();
  await expect.poll(() => heard(page)).not.toEqual([]);
}

async function walk(page: Page, site: LetterSite): Promise<void> {
  await page.locator('#about').click();
  await page.waitForURL(`${site.origin}/about?**`);
  await page.locator('#join').click();
  await page.waitForURL(`${site.origin}/join**`);
}

async function referralOf(publication: TestPublication, email: string) {
  const { body } = await publication.admin.get('/subscribers').query({ email });
  if (body.data.length === 0) return null;
  const { body: list } = await publication.admin.get('/referrals');
  const found = list.data.find(({ referred }: { referred: { email: string } }) => referred.email === email);
  return found === undefined ? null : { referrer: found.referrer.id, content: found.content, channel: found.channel };
}

describe.skipIf(noBrowser)('on the publication’s own site, a friend', () => {
  test('follows a link, reads on, joins, and is the friend of whose link it was', async () => {
    const { publication, site, ana } = await newLetter();
    const page = await open(await newContext(), `${app.url}/r/${ana.code}/rye?via=line&utm_source=x%20y&flag`);
    const landed = `${site.origin}/rye?issue=7&utm_source=x+y&flag=&ref=${ana.code}#top`;
    await expect.poll(() => page.url()).toBe(landed);
    await walk(page, site);
    expect(site.asked.slice(-2)).toEqual(['/about?page=1', '/join']);
    await page.locator('[name=firstName]').fill('Zoe');
    await page.locator('[name=heardFrom]').fill('a friend');
    await send(page, 'zoe@friend.example');
    expect(await heard(page)).toEqual([{ type: 'kuchikomi:joined', publication: publication.slug, ref: ana.code }]);
    expect(await page.locator('[role=status]').textContent()).toBe('Now look in your mail and press the button there.');
    expect(await page.locator('[name=email]').inputValue()).toBe('');
    expect(page.url()).toBe(`${site.origin}/join`);
    expect(await referralOf(publication, 'zoe@friend.example')).toEqual({
      referrer: ana.id,
      content: 'rye',
      channel: 'line',
    });
    const { body } = await publication.admin.get('/subscribers').query({ email: 'zoe@friend.example' });
    expect(body.data[0]).toMatchObject({ firstName: 'Zoe', heardFrom: 'a friend', status: 'pending' });
  });

  test('never sees a click in the address, and everything else there as it was', async () => {
    const { publication, site } = await newLetter();
    const [click, other] = ['c'.repeat(70), 'd'.repeat(70)];
    const context = await newContext();
    for (const [query, left] of [
      [`?a&b=%20x&click=${click}&ref=anascode&click=banner&c=1;2`, '?a&b=%20x&ref=anascode&click=banner&c=1;2'],
      [`?clicks=${click}%2C${other}&clicks=${other}`, ''],
      ['?click=banner&q=click%3D', '?click=banner&q=click%3D'],
    ] as const) {
      const page = await open(context, `${site.origin}/rye${query}#click=top`);
      expect(page.url()).toBe(`${site.origin}/rye${left}#click=top`);
    }
    const page = context.pages().at(-1)!;
    expect(await page.evaluate('kuchikomi.tie()')).toEqual({ ref: 'anascode', clicks: [click, other] });
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([`kuchikomi-${publication.slug}`]);
  });

  test('who has come by very many links keeps the first and the newest', async () => {
    const { site } = await newLetter();
    const clicks = range(25).map((n) => String(n).padStart(70, 'x'));
    const context = await newContext();
    await open(context, `${site.origin}/rye?clicks=${clicks.slice(0, 12).join()}`);
    const page = await open(context, `${site.origin}/rye?clicks=${clicks.slice(12).join()}`);
    const kept = [clicks[0], ...clicks.slice(6)];
    expect(await page.evaluate('kuchikomi.tie().clicks')).toEqual(kept);
    await page.reload();
    expect(await page.evaluate('kuchikomi.tie()')).toEqual({ ref: null, clicks: kept });
  });

  test.each([
    ['first', 0],
    ['last', 1],
  ] as const)('who came by two links is the friend of the %s, and both are written down', async (model, winner) => {
    const { publication, ana, ben } = await newLetter();
    await publication.changeProgram({ attributionModel: model });
    const context = await newContext();
    await open(context, `${app.url}/r/${ana.code}/rye`);
    const page = await open(context, `${app.url}/r/${ben.code}/rye?via=x`);
    await send(page, `two@${model}.example`);
    const found = await referralOf(publication, `two@${model}.example`);
    expect(found?.referrer).toBe([ana, ben][winner]!.id);
    const { body } = await publication.admin.get('/subscribers').query({ email: `two@${model}.example` });
    const decided = await publication.admin.get(`/subscribers/${body.data[0].id}/attribution`);
    expect(decided.body.data).toHaveLength(2);
  });

  test('who comes back within 30 days is known still, and after them no more', async () => {
    const { publication, site, ana } = await newLetter();
    for (const [email, days, expected] of [
      ['soon@friend.example', 29, ana.id],
      ['late@friend.example', 31, undefined],
    ] as const) {
      const context = await newContext();
      await open(context, `${app.url}/r/${ana.code}/rye`);
      await context.clock.setSystemTime(new Date(Date.now() + days * DAY));
      const page = await open(context, `${site.origin}/join`);
      await send(page, email);
      expect((await referralOf(publication, email))?.referrer, email).toBe(expected);
      expect(await page.evaluate('localStorage.length')).toBe(expected ? 1 : 0);
    }
  });

  test('who mistypes is told so, aloud and beside the field, and joins once it is mended', async () => {
    const { publication, site } = await newLetter({
      lang: 'ja',
      form: '<p data-kuchikomi-success hidden>Done</p><p data-kuchikomi-error hidden>Sorry</p>',
    });
    const page = await open(await newContext(), `${site.origin}/join`);
    await send(page, 'zoe@');
    expect(await heard(page)).toEqual([
      { type: 'kuchikomi:error', publication: publication.slug, code: 'invalid', status: 422 },
    ]);
    expect(await page.locator('[role=status]').textContent()).toBe('メールアドレスの形をご確認ください。');
    expect(await page.evaluate('document.activeElement.name + document.activeElement.ariaInvalid')).toBe('emailtrue');
    expect([await page.getByText('Sorry').isVisible(), await page.getByText('Done').isVisible()]).toEqual([
      true,
      false,
    ]);
    await page.evaluate('heard = []');
    await send(page, 'zoe@mended.example');
    expect([await page.getByText('Sorry').isVisible(), await page.getByText('Done').isVisible()]).toEqual([
      false,
      true,
    ]);
    expect(await page.locator('[name=email]').getAttribute('aria-invalid')).toBe('false');
  });

  test('who is a machine and fills the field that people do not see joins nothing', async () => {
    const { publication, site } = await newLetter();
    const page = await open(await newContext(), `${site.origin}/join`);
    await page.evaluate(`document.querySelector('[name=website]').value = 'https://spam.example'`);
    await send(page, 'robot@mail.example');
    expect((await heard(page))[0]).toMatchObject({ type: 'kuchikomi:joined' });
    expect((await publication.admin.get('/subscribers').query({ email: 'robot@mail.example' })).body.data).toEqual([]);
  });

  test('without JavaScript joins by the form itself', async () => {
    const { publication, site } = await newLetter();
    const context = await newContext({ javaScriptEnabled: false });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${site.origin}/join`);
    await page.locator('[name=email]').fill('noscript@friend.example');
    await page.locator('form button').click();
    await page.waitForURL(`${app.url}/join/${publication.slug}?sent=1`);
    expect((await publication.admin.get('/subscribers?email=noscript@friend.example')).body.data).toHaveLength(1);
  });
});

describe.skipIf(noBrowser)('where the browser stores nothing', () => {
  test('links of the site take it along, and no other links do', async () => {
    const { publication, site, ana, ben } = await newLetter();
    const other = await startSite(app.url, { script: 'data-publication="other"' });
    const { site: linked, ...letter } = await newLetter({ elsewhere: `${other.origin}/out` });
    const context = await newContextWithoutStorage();
    const page = await open(context, `${app.url}/r/${ana.code}/rye?via=line`);
    await expect.poll(() => page.url()).toBe(`${site.origin}/rye?issue=7&ref=${ana.code}#top`);
    expect(await page.evaluate(`try { localStorage.length } catch (error) { error.name }`)).toBe('SecurityError');
    await page.locator('#top').click();
    await walk(page, site);
    expect(page.url()).toBe(`${site.origin}/join?ref=${ana.code}`);
    await open(context, `${app.url}/r/${ben.code}/rye`);
    await send(page, 'blocked@friend.example');
    expect((await referralOf(publication, 'blocked@friend.example'))?.referrer).toBe(ben.id);

    await open(context, `${app.url}/r/${letter.ana.code}/rye`);
    expect(page.url().startsWith(linked.origin)).toBe(true);
    await page.locator('#elsewhere').click();
    await page.waitForURL(`${other.origin}/out`);
    expect(other.asked.filter((path) => path.includes('ref') || path.includes('click'))).toEqual([]);
  });

  test('a link in a new tab takes it along, and its page’s address is clean', async () => {
    const { publication, site, ana } = await newLetter();
    const context = await newContextWithoutStorage();
    const page = await open(context, `${app.url}/r/${ana.code}/rye?via=line`);
    const [tab] = await Promise.all([context.waitForEvent('page'), page.locator('#join').click({ button: 'middle' })]);
    await tab.waitForURL(`${site.origin}/join?ref=${ana.code}`);
    expect(await page.locator('#join').getAttribute('href')).toBe('/join');
    await tab.evaluate(LISTEN);
    await send(tab, 'tab@friend.example');
    expect(await referralOf(publication, 'tab@friend.example')).toEqual({
      referrer: ana.id,
      content: 'rye',
      channel: 'line',
    });
  });

  test('a page that never reloads remembers, and its address stays clean', async () => {
    const { publication, site, ana } = await newLetter();
    const page = await open(await newContextWithoutStorage(), `${app.url}/r/${ana.code}/rye`);
    await page.evaluate(`document.querySelector('#join').onclick = (event) => {
      event.preventDefault();
      history.pushState({ mine: 1 }, '', event.target.href);
      document.querySelector('form').outerHTML = '<form data-kuchikomi><input name="email"><button>Go</button></form>';
    }`);
    await page.locator('#join').click();
    await expect.poll(() => page.url()).toBe(`${site.origin}/join?ref=${ana.code}`);
    expect(await page.evaluate('history.state.mine')).toBe(1);
    await send(page, 'spa@friend.example');
    expect((await referralOf(publication, 'spa@friend.example'))?.referrer).toBe(ana.id);
  });

  test('the site itself may forbid to store, and it works alike', async () => {
    const publication = await newPublication(app);
    const script = `data-publication="${publication.slug}" data-storage="none"`;
    const site = await startSite(app.url, { script });
    await publication.admin.patch(`/publications/${publication.slug}`, { allowedOrigins: [site.origin] });
    await publication.content('rye', `${site.origin}/rye`);
    const ana = await publication.reader();
    const page = await open(await newContext(), `${app.url}/r/${ana.code}/rye?via=qr`);
    await walk(page, site);
    expect(await page.evaluate('localStorage.length + document.cookie')).toBe('0');
    await send(page, 'nostore@friend.example');
    expect(await referralOf(publication, 'nostore@friend.example')).toMatchObject({ referrer: ana.id, channel: 'qr' });
  });

  test('but cookies, a cookie keeps it', async () => {
    const { publication, site, ana } = await newLetter();
    const context = await newContext();
    await context.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })`,
    );
    const page = await open(context, `${app.url}/r/${ana.code}/rye?via=line`);
    await walk(page, site);
    expect(page.url()).toBe(`${site.origin}/join`);
    await send(page, 'cookie@friend.example');
    expect((await referralOf(publication, 'cookie@friend.example'))?.referrer).toBe(ana.id);
    const cookies = await context.cookies(site.origin);
    expect(cookies.map(({ name, sameSite }) => [name, sameSite])).toEqual([[`kuchikomi-${publication.slug}`, 'Lax']]);
    expect((await context.cookies(app.url)).length).toBe(0);
  });
});

const APPS = {
  LINE: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.8.1',
  Facebook:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/515.0.0.47.108;FBBV/738;FBDV/iPhone15,4;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBLC/en_GB;FBOP/5]',
  Instagram:
    'Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/137.0.0.0 Mobile Safari/537.36 Instagram 383.0.0.45.87 Android (34/14; 480dpi; 1080x2110; samsung; SM-S911B)',
};

describe.skipIf(noBrowser).each(Object.entries(APPS))(
  'in the browser of %s, which forgets everything',
  (name, userAgent) => {
    test('a friend joins, is counted as a person, and as the friend of whose link it was', async () => {
      const { publication, site, ana } = await newLetter();
      const page = await open(await newContextWithoutStorage({ userAgent }), `${app.url}/r/${ana.code}/rye?via=line`);
      await walk(page, site);
      const email = `${name.toLowerCase()}@friend.example`;
      await send(page, email);
      expect(await referralOf(publication, email)).toEqual({ referrer: ana.id, content: 'rye', channel: 'line' });
      const clicks = await app.rows('select class from clicks where publication_id = $1', [publication.id]);
      expect(clicks).toEqual([{ class: 'human' }]);
    });
  },
);

describe.skipIf(noBrowser)('a page of another origin', () => {
  test('is refused by the browser before it sends anything: an error is shown, and nobody is signed up', async () => {
    const { publication } = await newLetter();
    const script = `data-publication="${publication.slug}"`;
    const wrong = await startSite(app.url, { script });
    const page = await open(await newContext(), `${wrong.origin}/join`);
    const posts: string[] = [];
    page.on('response', (response) => {
      if (response.request().method() === 'POST') posts.push(response.url());
    });
    await send(page, 'wrong@origin.example');
    expect(await heard(page)).toEqual([
      { type: 'kuchikomi:error', publication: publication.slug, code: 'failed', status: 0 },
    ]);
    expect(await page.locator('[role=status]').textContent()).toBe('That did not work. Please try again.');
    expect(await page.locator('[name=email]').inputValue()).toBe('wrong@origin.example');
    expect(posts).toEqual([]);
    expect((await publication.admin.get('/subscribers?email=wrong@origin.example')).body.data).toEqual([]);
    await publication.admin.patch(`/publications/${publication.slug}`, { allowedOrigins: [wrong.origin] });
    await page.evaluate('heard = []');
    await send(page, 'right@origin.example');
    expect((await heard(page))[0]).toMatchObject({ type: 'kuchikomi:joined' });
  });
});
