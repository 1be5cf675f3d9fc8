import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, startApp } from '../support/app.js';
import { newVisitor, noBrowser } from '../support/browser.js';
import { newPublication, type TestPublication } from '../support/make.js';

/*
 * Who opens the link of a confirm mail: machines that read the mail before its owner, and the owner. Opening changes nothing at all;
 * a machine that presses the button gets its reader the newsletter, and nobody a referral.
 */

const app = await startApp();

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const DESK =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36';
const AT_HOME = '198.51.100.23';
const ON_THE_TRAIN = '192.0.2.140';
const DATACENTRE = '203.0.113.60';

interface Client {
  userAgent: string;
  ip: string;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
}

let publication: TestPublication;
let ana: Awaited<ReturnType<TestPublication['reader']>>;
let made = 0;

beforeAll(async () => {
  publication = await newPublication(app);
});

// A referrer for each: many friends of one within the hour are another story.
beforeEach(async () => {
  ana = await publication.reader();
});

async function ask(url: string, { userAgent, ip, method = 'GET', headers = {} }: Client) {
  const answer = await app.nest.inject({
    method,
    url,
    headers: { ...headers, 'user-agent': userAgent, 'x-forwarded-for': ip },
    ...(method === 'POST' ? { payload: '' } : {}),
  });
  return { status: answer.statusCode, text: answer.payload };
}

/** Somebody who signed up at home on a desk through Ana's link; the mail has just gone out. */
async function asked(): Promise<{ email: string; link: string }> {
  const email = `friend-${++made}@friend-${made}.example`;
  await app.nest.inject({
    method: 'POST',
    url: `/join/${publication.slug}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': DESK,
      'x-forwarded-for': AT_HOME,
    },
    payload: `email=${email}&ref=${ana.code}`,
  });
  return { email, link: await mailedLink(email) };
}

async function mailedLink(email: string): Promise<string> {
  await app.tick();
  const mail = (await app.mails(email)).at(-1);
  return /\/confirm\/[\w.-]+/.exec(mail?.text ?? '')?.[0] ?? expect.fail(`no link in: ${mail?.text}`);
}

/** Every table, also those that only count requests. */
async function everything(): Promise<unknown> {
  const counted = await Promise.all(
    ['network_limits', 'mail_limits', 'idempotency_keys'].map((table) => app.rows(`select * from ${table} order by 1`)),
  );
  return { tables: await app.snapshot(), counted };
}

async function friendOf(email: string) {
  const [friend] = await app.rows<{ status: string; state: string; heldFor: string | null; codes: string[] }>(
    `select s.status, r.state, r.held_for, array(select jsonb_array_elements(r.reasons) ->> 'code') as codes
     from subscribers s join referrals r on r.publication_id = s.publication_id and r.referred_id = s.id
     where s.publication_id = $1 and s.email = $2`,
    [publication.id, email],
  );
  return friend!;
}

/** Ana's count before and after. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  const before = await publication.countOf(ana.id);
  await work();
  return (await publication.countOf(ana.id)) - before;
}

/** The owner, minutes later: opens the link, and presses the button that is there. */
async function personPresses(link: string, client: Client): Promise<void> {
  app.advance(6 * MINUTE);
  const page = await ask(link, client);
  expect([page.status, page.text.includes(`action="${link}"`)]).toEqual([200, true]);
  expect((await ask(link, { ...client, method: 'POST' })).status).toBe(200);
}

type Machine = [what: string, open: (link: string) => Promise<unknown>];

const from = (userAgent: string, more: Partial<Client> = {}): Client => ({ userAgent, ip: DATACENTRE, ...more });
const get =
  (userAgent: string, headers: Record<string, string> = {}) =>
  (link: string) =>
    ask(link, from(userAgent, { headers }));

/** Opens the page and whatever it links to, as a crawler does that reads HTML. */
async function followLinks(link: string): Promise<void> {
  const { text } = await ask(link, from(CHROME));
  const targets = [...text.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, path]) => path!);
  expect(targets).toContain(link);
  for (const path of targets) await ask(path.replaceAll('&amp;', '&'), from(CHROME));
}

const LOOKERS: Machine[] = [
  ['a link checker, by HEAD', (link) => ask(link, from('LinkChecker/10.5', { method: 'HEAD' }))],
  ['a crawler, by GET', get('Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)')],
  ['a scanner that follows all links of the page', followLinks],
  ['Safe Links, as plain Chrome from a data centre, twice', (link) => get(CHROME)(link).then(() => get(CHROME)(link))],
  ['Barracuda', get('BarracudaCentral/1.0', { range: 'bytes=0-65535' })],
  ['Proofpoint, by HEAD and then by GET', (link) => ask(link, from(CHROME, { method: 'HEAD' })).then(() => get(CHROME)(link))],
  ['a mail client that prefetches', get(PHONE, { 'sec-purpose': 'prefetch', purpose: 'prefetch' })],
  ['a GET that says it is a POST', get(CHROME, { 'x-http-method-override': 'POST', 'x-method-override': 'POST' })],
]; // prettier-ignore

describe('a machine that opens the confirm page changes nothing, and its person confirms as any other', () => {
  test.each(LOOKERS)('%s', async (_, open) => {
    const { email, link } = await asked();
    const before = await everything();
    await open(link);
    expect(await everything()).toEqual(before);
    expect(await counted(() => personPresses(link, { userAgent: PHONE, ip: ON_THE_TRAIN }))).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });

  test.skipIf(noBrowser !== null)('a sandbox that runs the page’s script in a real browser', async () => {
    const { email, link } = await asked();
    const sandbox = await newVisitor(app.url, 'en', {
      userAgent: CHROME,
      extraHTTPHeaders: { 'x-forwarded-for': DATACENTRE },
    });
    const before = await everything();
    await sandbox.open(link);
    await sandbox.page.waitForTimeout(500); // a script that submits by itself would have
    expect(new URL(sandbox.page.url()).pathname).toBe(link);
    expect(await everything()).toEqual(before);
    expect(await counted(() => personPresses(link, { userAgent: PHONE, ip: ON_THE_TRAIN }))).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });
});

const PRESSERS: Machine[] = [
  ['a script that submits forms', (link) => ask(link, from('python-requests/2.32.3', { method: 'POST' }))],
  ['a scanner without a name', (link) => ask(link, from('', { method: 'POST' }))],
  ['Safe Links, as plain Chrome from a data centre', (link) => ask(link, from(CHROME, { method: 'POST' }))],
  ['a browser without a window', (link) => ask(link, from(CHROME.replace('Chrome', 'HeadlessChrome'), { method: 'POST' }))],
]; // prettier-ignore

describe('a machine that presses the button confirms the address and earns nobody anything before its person presses', () => {
  test.each(PRESSERS)('%s', async (_, press) => {
    const { email, link } = await asked();
    app.advance(3_000);
    expect(await counted(() => press(link))).toBe(0);
    const pressed = await friendOf(email);
    expect(pressed).toMatchObject({ status: 'active', state: 'held', heldFor: 'review' });
    expect(pressed.codes).toContain('machine_signs');
    // The person finds the button, too: who pressed it first no longer matters.
    expect(await counted(() => personPresses(link, { userAgent: PHONE, ip: ON_THE_TRAIN }))).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });

  test.skipIf(noBrowser !== null)('a sandbox that presses what can be pressed, in a real browser', async () => {
    const { email, link } = await asked();
    const sandbox = await newVisitor(app.url, 'en', {
      userAgent: CHROME,
      extraHTTPHeaders: { 'x-forwarded-for': DATACENTRE },
    });
    await sandbox.open(link);
    expect(await counted(() => sandbox.press())).toBe(0);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'held', codes: ['machine_signs'] });
  });
});

describe('a person ends confirmed and counted', () => {
  test.each<[what: string, client: Client]>([
    ['on the device that signed up', { userAgent: DESK, ip: AT_HOME }],
    ['on the phone, at home', { userAgent: PHONE, ip: AT_HOME }],
    ['with another device in another network', { userAgent: PHONE, ip: ON_THE_TRAIN }],
    ['in the browser of a mail app', { userAgent: PHONE.replace(' Version/18.5', ''), ip: ON_THE_TRAIN }],
  ])('%s', async (_, client) => {
    const { email, link } = await asked();
    expect(await counted(() => personPresses(link, client))).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });

  test('who presses twice, and reloads, counts once', async () => {
    const { email, link } = await asked();
    const person: Client = { userAgent: PHONE, ip: ON_THE_TRAIN };
    const pressTwice = () =>
      Promise.all([personPresses(link, person), ask(link, { ...person, method: 'POST' })]).then(() =>
        personPresses(link, person),
      );
    expect(await counted(pressTwice)).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });

  test.skipIf(noBrowser !== null)('in the browser that signed up the page presses by itself', async () => {
    const email = `friend-${++made}@friend-${made}.example`;
    const person = await newVisitor(app.url, 'en', {
      userAgent: CHROME,
      extraHTTPHeaders: { 'x-forwarded-for': AT_HOME },
    });
    await person.open(`/join/${publication.slug}?ref=${ana.code}`);
    app.advance(20_000);
    await person.page.locator('#email').fill(email);
    await person.press();
    const link = await mailedLink(email);
    app.advance(MINUTE);
    const opened = async () => {
      await person.page.goto(link);
      await person.page.getByRole('heading', { name: 'You are in' }).waitFor();
    };
    expect(await counted(opened)).toBe(1);
    expect(await friendOf(email)).toMatchObject({ status: 'active', state: 'verified' });
  });
});
