import { describe, expect, test } from 'vitest';
import { CleanUp } from '../../src/flows/clean-up.js';
import { Ids } from '../../src/platform/clock.js';
import type { Program } from '../../src/publications/publication.entities.js';
import type { Referral } from '../../src/referrals/referral.entities.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const CURL = 'curl/8.5.0';
/** Of nobody else. */
const CURIOUS = `${FIREFOX} Curious/1.0`;

interface Browser {
  ip: string;
  userAgent: string;
  /** `name=value` of what it keeps. */
  cookies: Map<string, string>;
}

let browsers = 0;
function newBrowser(more: Partial<Browser> = {}): Browser {
  const n = ++browsers;
  return { ip: `203.0.${Math.floor(n / 250)}.${(n % 250) + 1}`, userAgent: FIREFOX, cookies: new Map(), ...more };
}

/** A request of a browser, which keeps the cookies of the answer. */
async function send(browser: Browser, method: 'get' | 'post', path: string, form?: object) {
  const request = app.http[method](path).set('x-forwarded-for', browser.ip).set('user-agent', browser.userAgent);
  if (browser.cookies.size > 0) {
    void request.set('cookie', [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
  }
  const answer = await (form === undefined ? request : request.type('form').send(form));
  for (const cookie of (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []) {
    const [name, value] = cookie.split(';')[0]!.split('=') as [string, string];
    browser.cookies.set(name, value);
  }
  return answer;
}

async function strong(changes: Partial<Program> = {}): Promise<TestPublication> {
  const publication = await newPublication(app);
  await publication.changeProgram({ fraudLevel: 'strong', ...changes });
  return publication;
}

/** Fills in the join form after some seconds; answers the id of the new reader. */
async function join(publication: TestPublication, browser: Browser, email: string, fields: object = {}, seconds = 12) {
  const shown = /name="shown" value="([^"]+)"/.exec((await send(browser, 'get', `/join/${publication.slug}`)).text)![1];
  app.advance(seconds * 1_000);
  expect((await send(browser, 'post', `/join/${publication.slug}`, { email, shown, ...fields })).status).toBe(303);
  const [row] = await app.rows<{ id: string }>(`select id from subscribers where publication_id = $1 and email = $2`, [
    publication.id,
    email.toLowerCase(),
  ]);
  return row!.id;
}

async function press(publication: TestPublication, browser: Browser, id: string): Promise<Referral | null> {
  const token = await app.confirmToken(publication.id, id);
  expect((await send(browser, 'post', `/confirm/${token}`)).status).toBe(200);
  return publication.referralOf(id).catch(() => null);
}

/** Signs up in a browser, gets the mail and presses its button a minute later in the same browser. */
async function befriend(publication: TestPublication, browser: Browser, email: string, fields: object) {
  const id = await join(publication, browser, email, fields);
  await app.tick();
  app.advance(MINUTE);
  return (await press(publication, browser, id))!;
}

const told = ({ state, heldFor, reasons }: Referral): string =>
  [heldFor ?? state, ...reasons.map(({ code }) => code)].join(' ');

/** The signs that were found, also those that were not enough. */
async function signsOf(publication: TestPublication, { id }: Referral): Promise<string> {
  const [row] = await app.rows<{ signs: { code: string }[] }>(
    `select signs from referral_assessments where publication_id = $1 and referral_id = $2`,
    [publication.id, id],
  );
  return row!.signs.map(({ code }) => code).join(' ');
}

let people = 0;
const someone = (domain = `rye-${++people}.example`): string => `who-${String.fromCharCode(97 + (++people % 26))}${people}x@${domain}`; // prettier-ignore

describe('same device', () => {
  test('a friend in the browser that knows the referrer waits for a person', async () => {
    const publication = await strong();
    const browser = newBrowser();
    const id = await join(publication, browser, someone());
    await press(publication, browser, id);
    const ref = await publication.codeOf(id);
    expect(told(await befriend(publication, browser, someone(), { ref }))).toMatch(/^review .*same_device/);
  });

  test('a friend in the browser in which another friend signed up and confirmed, too, but not who mistyped', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader();
    const browser = newBrowser();
    await join(publication, browser, 'mistyped@mial.example', { ref });
    app.advance(MINUTE);
    const first = await befriend(publication, browser, someone(), { ref });
    expect(told(first)).toBe('verified');
    browser.cookies.delete('kuchikomi-reader');
    app.advance(2 * DAY);
    const second = await befriend(publication, { ...browser, ip: '203.0.113.200' }, someone(), { ref });
    expect(told(second)).toBe('review same_device');
  });
});

describe('place', () => {
  test('alone holds nobody: not a family on the network of the referrer, not colleagues of one domain', async () => {
    const publication = await strong();
    const home = { ip: '198.51.100.7' };
    const mothers = { ...home, userAgent: `${FIREFOX} (the mother's)` };
    const id = await join(publication, newBrowser(mothers), 'mother@house.example');
    await press(publication, newBrowser(mothers), id);
    const ref = await publication.codeOf(id);
    const agents = [FIREFOX, SAFARI, `${FIREFOX} (the son's)`];
    const browsers = agents.map((userAgent) => newBrowser({ ...home, userAgent }));
    for (const [n, browser] of browsers.entries()) {
      const referral = await befriend(publication, browser, someone(n === 1 ? 'house.example' : undefined), { ref });
      expect([told(referral), await signsOf(publication, referral)]).toEqual([
        'verified',
        n === 1 ? 'same_network same_company' : 'same_network',
      ]);
      app.advance(20 * MINUTE);
    }
  });

  test('is forgotten after a day, and is nothing on a network that a crowd uses', async () => {
    const publication = await strong();
    const home = { ip: '2001:db8:7:1::1', userAgent: SAFARI };
    const id = await join(publication, newBrowser(home), someone());
    await press(publication, newBrowser(home), id);
    const ref = await publication.codeOf(id);
    app.advance(25 * HOUR);
    const late = await befriend(publication, newBrowser({ ip: '2001:db8:7:1::2', userAgent: CURIOUS }), someone(), {
      ref,
    });
    expect(await signsOf(publication, late)).toBe('');
    const near = await befriend(publication, newBrowser({ ip: '2001:db8:7:1:f::3' }), someone(), { ref });
    expect(await signsOf(publication, near)).toBe('same_network');
    await inFlight(1, range(20), () =>
      publication.signUp(someone(), { from: { ip: '2001:db8:7:1::9', userAgent: FIREFOX } }),
    );
    const crowded = await befriend(publication, newBrowser({ ip: '2001:db8:7:1::4' }), someone(), { ref });
    expect(await signsOf(publication, crowded)).toBe('');
  });
});

test('one click that brings several: the first counts, the others carry the sign', async () => {
  const publication = await strong({ fraudLevel: 'very_strong' });
  const { code } = await publication.reader();
  const { headers } = await send(newBrowser(), 'get', `/r/${code}`);
  const click = new URL(headers['location']!).searchParams.get('click')!;
  const referrals = [];
  while (referrals.length < 3) {
    referrals.push(told(await befriend(publication, newBrowser({ userAgent: `${FIREFOX} ${browsers}` }), someone(), { click })));
    app.advance(HOUR);
  }
  expect(referrals).toEqual(['verified', 'review shared_click', 'review shared_click']);
}); // prettier-ignore

describe('friends on one house of their own', () => {
  test('are looked at once all of them are there, also those who came first', async () => {
    const publication = await strong();
    const { code: ref } = await publication.reader('farmer@gmail.com');
    const names = ['mia.stone', 'paul.hill', 'ruth.lake', 'omar.field', 'nina.brook'];
    const ids = [];
    for (const [n, name] of names.entries()) {
      const browser = newBrowser({ ip: '198.51.100.90', userAgent: n % 2 === 0 ? FIREFOX : SAFARI });
      ids.push([browser, await join(publication, browser, `${name}@crumbs.example`, { ref })] as const);
      app.advance(3 * HOUR);
    }
    await app.tick();
    app.advance(MINUTE);
    for (const [browser, id] of ids) {
      browser.cookies.clear();
      expect(told((await press(publication, browser, id))!)).toMatch(/^review .*cluster/);
    }
  });

  test('are colleagues where the publication has known a reader of the house for a week', async () => {
    const publication = await strong();
    await join(publication, newBrowser(), 'old.reader@crumbs.example').then((id) =>
      press(publication, newBrowser(), id),
    );
    app.advance(8 * DAY);
    const { code: ref } = await publication.reader('ana@gmail.com');
    for (const name of ['mia', 'paul', 'ruth', 'omar', 'nina', 'carl']) {
      const browser = newBrowser({ ip: '198.51.100.91' });
      expect(told(await befriend(publication, browser, `${name}@crumbs.example`, { ref })), name).toBe('verified');
      app.advance(20 * MINUTE);
    }
  });
});

describe('machine signs', () => {
  async function invited(publication: TestPublication, seconds = 12) {
    const { code: ref } = await publication.reader();
    const browser = newBrowser();
    const id = await join(publication, browser, someone(), { ref }, seconds);
    await app.tick();
    return { browser, id };
  }
  const cloud = (userAgent: string) => newBrowser({ ip: '198.51.100.240', userAgent });

  test('a scanner that presses the button confirms the reader and holds the referral, at every level', async () => {
    for (const fraudLevel of ['flexible', 'strong'] as const) {
      const publication = await strong({ fraudLevel });
      const { id } = await invited(publication);
      app.advance(2_000);
      expect(told((await press(publication, cloud(SAFARI), id))!)).toBe('review machine_signs');
      const [reader] = await app.rows(`select status from subscribers where id = $1`, [id]);
      expect(reader!['status']).toBe('active');
    }
  });

  test('the person behind the scanner lets the referral go on by pressing too, a script does not', async () => {
    const publication = await strong({ holdDays: 2 });
    const { id, browser } = await invited(publication);
    app.advance(2_000);
    await press(publication, cloud(SAFARI), id);
    app.advance(5_000);
    expect(told((await press(publication, cloud(CURL), id))!)).toBe('review machine_signs');
    app.advance(HOUR);
    expect(told((await press(publication, browser, id))!)).toBe('delay machine_signs');
    app.advance(2 * DAY);
    await app.tick();
    expect((await publication.referralOf(id)).state).toBe('verified');
  });

  test('what else held the referral holds it still when a person presses', async () => {
    const publication = await strong();
    const { code: ref, id: referrer } = await publication.reader();
    const browser = newBrowser();
    browser.cookies.set('kuchikomi-reader', app.token('reader', publication.id, referrer, new Date(app.clock.now().getTime() + DAY)));
    const id = await join(publication, browser, someone(), { ref });
    await app.tick();
    await press(publication, cloud(CURL), id);
    app.advance(HOUR);
    expect(told((await press(publication, browser, id))!)).toBe('review same_device machine_signs');
  }); // prettier-ignore

  test('a person with two devices, one who is quick, and one who got there after other clients had looked all count', async () => {
    const publication = await strong();
    const [twoDevices, quick, scanned] = [await invited(publication), await invited(publication), await invited(publication)];
    app.advance(1_000);
    expect(told((await press(publication, quick.browser, quick.id))!)).toBe('verified');
    for (const userAgent of [CURL, SAFARI]) {
      const path = `/confirm/${await app.confirmToken(publication.id, scanned.id)}`;
      expect((await send(cloud(userAgent), 'get', path)).status).toBe(200);
    }
    app.advance(30_000);
    expect(told((await press(publication, scanned.browser, scanned.id))!)).toBe('verified');
    expect(told((await press(publication, newBrowser({ userAgent: SAFARI }), twoDevices.id))!)).toBe('verified');
  }); // prettier-ignore

  test('a person who signs up in a browser of the telephone and presses in its mail app at once counts, at every level', async () => {
    for (const fraudLevel of ['flexible', 'strong', 'very_strong'] as const) {
      const publication = await strong({ fraudLevel });
      const { browser, id } = await invited(publication);
      app.advance(3_000);
      const mailApp = newBrowser({ ip: browser.ip, userAgent: SAFARI.replace(/ Version.*/, '') });
      expect(told((await press(publication, mailApp, id))!)).toBe('verified');
    }
  });

  test('a form that was sent within a second is one; a signed time of another publication or a forged one is none', async () => {
    const publication = await strong();
    const fast = await invited(publication, 0.4);
    app.advance(HOUR);
    const referral = (await press(publication, fast.browser, fast.id))!;
    expect([told(referral), await signsOf(publication, referral)]).toEqual(['verified', 'machine_signs']);

    const other = await newPublication(app);
    const { code: ref } = await publication.reader();
    for (const shown of [app.token('form', other.id, app.get(Ids).next()), 'x'.repeat(70), app.token('click', publication.id, app.get(Ids).next())]) {
      const browser = newBrowser();
      const id = await join(publication, browser, someone(), { ref, shown });
      expect(await signsOf(publication, (await press(publication, browser, id))!)).toBe('');
      app.advance(HOUR);
    }
  }); // prettier-ignore
});

test('a site tells what it knows of a signup, and a site that tells nothing or shows itself harms nobody', async () => {
  const publication = await strong();
  const { code: ref } = await publication.reader();
  const site = app.api(await publication.key('site'));
  const signUp = (more: object) => site.post('/subscribers', { email: someone(), ref, confirmed: true, ...more });
  const states = [];
  for (const more of [{}, { ip: '203.0.113.9', userAgent: 'node' }, { ip: '203.0.113.9', userAgent: 'node' }, { ip: '::1' }]) {
    states.push((await signUp(more)).body.referral.state);
    app.advance(HOUR);
  }
  expect(states).toEqual(['verified', 'verified', 'verified', 'verified']);
  const shared = { ip: '203.0.113.10', userAgent: SAFARI };
  states.length = 0;
  while (states.length < 2) states.push((await signUp(shared)).body.referral.state);
  expect(states).toEqual(['verified', 'held']);
}); // prettier-ignore

test('raw addresses are gone after a day; what is kept names nobody', async () => {
  const publication = await strong();
  const id = await join(publication, newBrowser({ ip: '203.0.113.77' }), 'who@rye.example');
  const ip = async () => (await app.rows(`select ip from signup_signals where subscriber_id = $1`, [id]))[0]!['ip'];
  await app.get(CleanUp).run();
  expect(await ip()).toBe('203.0.113.77');
  app.advance(DAY);
  await app.get(CleanUp).run();
  expect(await ip()).toBeNull();
  const [row] = await app.rows<{ text: string }>(`select s::text as text from signup_signals s where subscriber_id = $1`, [id]);
  expect(row!.text).not.toMatch(/203\.0\.113|Firefox|rye\.example|who@/);
}); // prettier-ignore
