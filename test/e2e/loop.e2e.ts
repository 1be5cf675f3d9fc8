import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR_KEY, startApp, type Api } from '../support/app.js';
import { newPublication, range } from '../support/make.js';
import { startSmtp } from '../support/smtp.js';

const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';

const smtp = await startSmtp();
// Its jobs tick by themselves here, as in earnest.
const app = await startApp({ smtpUrl: smtp.url }, { tickingJobs: true });

describe('from a share link to a reward', () => {
  let admin: Api;
  const reader = 'ana@reader.example';
  const friend = 'ben@friend.example';
  let shareUrl = '';
  let landing: URL;

  beforeAll(async () => {
    const made = await app.api(OPERATOR_KEY).post('/publications', {
      slug: 'weekly-loaf',
      name: 'The Weekly Loaf',
      siteUrl: 'https://loaf.example',
      fromEmail: 'editor@loaf.example',
      postalAddress: 'Mill Lane 1',
    });
    expect(made.status).toBe(201);
    admin = app.api(made.body.apiKey.secret);
    const content = await admin.put('/contents/rye', {
      title: 'Rye',
      url: 'https://loaf.example/rye?issue=7',
      kind: 'issue',
    });
    expect(content.status).toBe(201);
    const reward = await admin.post('/rewards', {
      kind: 'link',
      name: 'Sourdough guide',
      url: 'https://loaf.example/guide.pdf',
    });
    const milestone = { name: 'First friend', stage: 'verified', threshold: 1, recipient: 'referrer', past: 'ignore' };
    const added = await admin.post('/programs/default/milestones', { ...milestone, rewardId: reward.body.id });
    expect([reward.status, added.status]).toEqual([201, 201]);
  });

  test('a reader joins by the form and is asked to confirm', async () => {
    const form = await app.http.get('/join/weekly-loaf');
    expect(form.text).toContain('action="/join/weekly-loaf"');
    const joined = await app.http.post('/join/weekly-loaf').type('form').send({ email: reader, firstName: 'Ana' });
    expect([joined.status, joined.headers['location']]).toEqual([303, '/join/weekly-loaf?sent=1']);
    expect((await app.http.get('/join/weekly-loaf?sent=1')).status).toBe(200);
    const [mail] = await smtp.waitFor(reader);
    expect([mail!.header('from'), mail!.header('list-unsubscribe')]).toEqual([
      ['The Weekly Loaf <editor@loaf.example>'],
      [],
    ]);
    expect(mail!.raw).not.toContain('Ana');
  });

  test('opening the link in the mail changes nothing, whoever and however often; the button confirms', async () => {
    const { pathname } = new URL(smtp.to(reader)[0]!.link('/confirm/'));
    await app.tick(); // no mail is in flight
    const before = await app.snapshot();
    for (const method of ['get', 'head', 'get'] as const) expect((await app.http[method](pathname)).status).toBe(200);
    const page = await app.http.get(pathname);
    expect(page.text).toContain(`<form method="post" action="${pathname}"`);
    expect(await app.snapshot()).toEqual(before);

    const pressed = await app.http.post(pathname).type('form').send('');
    expect(pressed.status).toBe(200);
    shareUrl = /id="share-link">(http[^<]+\/r\/[^<]+)</.exec(pressed.text)![1]!;
    const again = await app.http.post(pathname);
    expect([again.status, again.text.includes(shareUrl)]).toEqual([200, true]);
    const [, welcome] = await smtp.waitFor(reader, 2);
    expect(welcome!.parsed.text).toContain(shareUrl);
  });

  test('a friend follows the link of an issue, is counted once, and lands on it with the tie in the address', async () => {
    const path = `${new URL(shareUrl).pathname}/rye?via=whatsapp&utm_source=x&ref=evil&issue=8`;
    const clicked = await app.http.get(path).set('user-agent', BROWSER);
    landing = new URL(clicked.headers['location']!);
    expect([clicked.status, landing.origin + landing.pathname]).toEqual([302, 'https://loaf.example/rye']);
    expect(Object.fromEntries(landing.searchParams)).toEqual({
      issue: '7',
      utm_source: 'x',
      ref: shareUrl.split('/').at(-1),
      click: expect.stringMatching(/^[\w-]{70}$/),
    });
    expect([clicked.headers['cache-control'], clicked.headers['set-cookie']]).toEqual(['no-store', undefined]);
    await app.http.get(path).set('user-agent', BROWSER);
  });

  test('the friend joins and confirms, and the reader gets the reward', async () => {
    const tie = { ref: landing.searchParams.get('ref'), click: landing.searchParams.get('click') };
    await app.http
      .post('/join/weekly-loaf')
      .type('form')
      .send({ email: friend, firstName: '=Ben', ...tie });
    const [mail] = await smtp.waitFor(friend);
    await app.http.post(new URL(mail!.link('/confirm/')).pathname);
    const [, , reward] = await smtp.waitFor(reader, 3);
    expect(reward!.parsed.subject).toBe('Sourdough guide, for you');
    expect(reward!.parsed.text).toContain('https://loaf.example/guide.pdf');
    const { body } = await admin.get('/subscribers').query({ email: reader });
    expect(body.data).toMatchObject([{ status: 'active', referralCount: 1, shareUrl, nextMilestone: null }]);
    const grants = await admin.get('/grants');
    expect(grants.body.data).toMatchObject([{ status: 'sent', subscriber: { email: reader } }]);
  });

  test('the reports and the leads tell what came of it', async () => {
    const funnel = await admin.get('/reports/funnel?by=content');
    expect(funnel.body.data).toMatchObject([{ key: 'rye', clicks: 1, visitors: 1, signups: 1, verified: 1 }]);
    const channel = await admin.get('/reports/funnel?by=channel');
    expect(channel.body.data).toMatchObject([{ key: 'whatsapp', rates: { clickToSignup: 1, signupToVerified: 1 } }]);
    const leads = await admin.get('/leads');
    expect(leads.body.data).toMatchObject([{ email: friend, content: 'rye', channel: 'whatsapp', stage: 'verified' }]);
  });

  test('the file of leads is safe to open in a spreadsheet and streams as an attachment', async () => {
    const names = ['=HYPERLINK("https://evil.example","x")', '+1', '-1', '@SUM(A1)', '＝1+1', 'Ana, "the" baker'];
    const ref = shareUrl.split('/').at(-1)!;
    for (const [n, firstName] of names.entries()) {
      const made = await admin.post('/subscribers', {
        email: `lead-${n}@lead.example`,
        firstName,
        ref,
        confirmed: true,
      });
      expect(made.status).toBe(201);
    }
    const csv = await admin.get('/leads.csv');
    expect([csv.headers['content-type'], csv.headers['content-disposition']]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename="leads.csv"',
    ]);
    const rows = parse<Record<string, string>>(csv.text, { columns: true });
    expect(rows.map(({ firstName }) => firstName)).toEqual([
      ...["'=Ben", `'${names[0]}`, "'+1", "'-1", "'@SUM(A1)", "'＝1+1", 'Ana, "the" baker'],
    ]);
    for (const line of csv.text.trimEnd().split('\r\n')) expect(line).toMatch(/^"/);
  });
});

describe('the way out', () => {
  test('takes 20 posts at once, needs no cookie, works when already gone, and holds for the next mail', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('leaver@way.example');
    const path = `/unsubscribe/${app.token('unsubscribe', publication.id, reader.id)}`;
    await app.tick(); // no mail is in flight
    const before = await app.snapshot();
    for (const method of ['get', 'head', 'get'] as const) expect((await app.http[method](path)).status).toBe(200);
    for (const body of ['', 'List-Unsubscribe=Two-Click', 'x=y', 'List-Unsubscribe=%FF']) {
      const wrong = await app.http.post(path).type('form').send(body);
      expect([wrong.status, wrong.body.code], body).toEqual([400, 'request/malformed']);
    }
    expect(await app.snapshot()).toEqual(before);

    const post = () =>
      app.http
        .post(path)
        .type('form')
        .send('List-Unsubscribe=One-Click')
        .then(({ status }) => status);
    expect(new Set(await Promise.all(range(20).map(post)))).toEqual(new Set([200]));
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(body.status).toBe('unsubscribed');
    const consents = await app.rows(`select act from consents where subscriber_id = $1 and act = 'withdrawn'`, [
      reader.id,
    ]);
    expect(consents).toHaveLength(1);
    expect(await post()).toBe(200);
    app.advance(400 * 86_400_000); // the token never ends
    expect(await post()).toBe(200);
    app.clock.set(null);
    await publication.admin.post(`/subscribers/${reader.id}/hub-link`);
    expect(
      (await app.rows(`select 1 from mails where subscriber_id = $1 and message = 'hub-link'`, [reader.id])).length,
    ).toBe(0);
  });

  test('takes both kinds of form that RFC 8058 allows', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const url = `${app.url}/unsubscribe/${app.token('unsubscribe', publication.id, reader.id)}`;
    const post = async (fields: Record<string, string | Blob>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return (await fetch(url, { method: 'POST', body })).status;
    };
    expect(await post({ other: 'x' })).toBe(400);
    expect(await post({ 'List-Unsubscribe': new Blob(['One-Click']) })).toBe(400);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await fetch(url, { method: 'POST', headers, body: '--y\r\nnonsense' })).status).toBe(400);
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.status).toBe('active');
    expect(await post({ 'List-Unsubscribe': 'One-Click' })).toBe(200);
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.status).toBe('unsubscribed');
  });

  test('can be for good: who is erased gets no more mail, and old links find friendly pages', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('forgotten@way.example');
    await smtp.waitFor('forgotten@way.example'); // the welcome mail
    const erase = async (id: string, key = publication.adminKey) =>
      (await app.api(key).delete(`/subscribers/${id}`)).status;
    expect(await erase(reader.id, await publication.key('site'))).toBe(403);
    expect([await erase(reader.id), await erase(reader.id), await erase(publication.id)]).toEqual([204, 204, 404]);
    expect(await erase('no-id')).toBe(404);
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body).toMatchObject({
      ...{ status: 'erased', email: null, shareCode: reader.code },
    });
    await app.http.post('/hub').type('form').send({ publication: publication.slug, email: 'forgotten@way.example' });
    expect((await app.http.get(`/r/${reader.code}`).set('user-agent', BROWSER)).status).toBe(302);
    const unsubscribe = `/unsubscribe/${app.token('unsubscribe', publication.id, reader.id)}`;
    expect((await app.http.get(unsubscribe)).status).toBe(200);
    expect((await app.http.post(unsubscribe).type('form').send('List-Unsubscribe=One-Click')).status).toBe(200);
    await app.tick();
    expect(await smtp.waitFor('forgotten@way.example')).toHaveLength(1);
  });

  test('opens for nobody without a token of ours', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const wrong = ['x', app.token('hub', publication.id, reader.id), app.token('click', publication.id, reader.id)];
    for (const token of wrong) {
      const answer = await app.http.post(`/unsubscribe/${token}`).type('form').send('List-Unsubscribe=One-Click');
      expect(answer.status).toBe(404);
    }
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.status).toBe('active');
  });
});

describe("a reader's page", () => {
  test('opens by the link that was mailed, and by nothing else', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('hub@page.example');
    await smtp.waitFor('hub@page.example'); // the welcome mail
    await app.http.post('/hub').type('form').send({ publication: publication.slug, email: 'HUB@page.example' });
    const [, mail] = await smtp.waitFor('hub@page.example', 2);
    const page = await app.http.get(new URL(mail!.link('/hub/')).pathname);
    expect([page.status, page.text.includes(`/r/${reader.code}`)]).toEqual([200, true]);
    expect([page.headers['cache-control'], page.headers['referrer-policy']]).toEqual(['no-store', 'no-referrer']);

    const soon = new Date(app.clock.now().getTime() + 60_000);
    const past = new Date(app.clock.now().getTime() - 1_000);
    const other = await newPublication(app);
    const refused: [token: string, status: number][] = [
      [app.token('hub', publication.id, reader.id, past), 410],
      [app.token('hub', other.id, reader.id, soon), 410],
      [app.token('confirm', publication.id, reader.id, soon), 404],
      [app.token('unsubscribe', publication.id, reader.id), 404],
      [app.token('reader', publication.id, reader.id, soon), 404],
      [app.token('hub', publication.id, reader.id, soon).replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A')), 404],
      [reader.id, 404],
      [reader.code, 404],
    ];
    for (const [token, status] of refused) {
      const answer = await app.http.get(`/hub/${token}`);
      expect([answer.status, answer.text.includes(reader.code)], token).toEqual([status, false]);
    }
  });
});
