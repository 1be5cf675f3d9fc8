import { beforeAll, describe, expect, test } from 'vitest';
import { cohortsOf } from '../../src/reports/cohort.store.js';
import { startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';
import { newStaff, type StaffMember } from '../support/staff.js';

/* Reports, contents and the pieces to paste, as marketing and editors see them. */

const app = await startApp();

const ESCAPED = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x3D;': '=', '&amp;': '&' };

function unescaped(html: string): string {
  return Object.entries(ESCAPED).reduce((text, [escaped, letter]) => text.replaceAll(escaped, letter), html);
}

/** Follows a reader's link to a content over a channel and joins by it. */
async function join(publication: TestPublication, code: string, content: string, via: string, n: number) {
  const headers = { 'x-forwarded-for': `203.0.113.${n}`, 'user-agent': `Mozilla/5.0 (X11; Linux) Firefox/1${n}.0` };
  const { headers: sent } = await app.http.get(`/r/${code}/${content}?via=${via}`).set(headers);
  const { searchParams } = new URL(sent.location as string);
  const form = { email: `friend-${n}@mail-${n}.example`, ...Object.fromEntries(searchParams) };
  await app.http.post(`/join/${publication.slug}`).set(headers).type('form').send(form);
  await app.tick();
  const [{ id }] = (await app.rows<{ id: string }>(
    'select id from subscribers where publication_id = $1 and email = $2',
    [publication.id, form.email],
  )) as [{ id: string }];
  await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`).set(headers);
}

describe('content by channel', () => {
  let publication: TestPublication;
  let marketing: StaffMember;
  let path: string;
  beforeAll(async () => {
    publication = await newPublication(app);
    await publication.changeProgram({ fraudLevel: 'flexible' });
    await publication.content('rye');
    await publication.content('oats');
    const { code } = await publication.reader();
    for (const n of [1, 2, 3]) await join(publication, code, 'rye', 'line', n);
    await join(publication, code, 'oats', 'x', 4);
    await app.tick();
    marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
    path = `/admin/p/${publication.slug}/funnel`;
  });

  test('says what brought most, with each figure leading to its leads', async () => {
    const { text } = await marketing.get(path);
    expect(text).toContain('“rye” brought 3 verified readers, 75% of all');
    const row = /<th scope="row">rye[\s\S]*?<\/tr>/.exec(text)![0];
    const [, leads] = /<a href="([^"]+)">3<\/a>/.exec(row)!;
    const list = await marketing.get(unescaped(leads!));
    expect(list.text.match(/<tr id="lead-/g)).toHaveLength(3);
    expect(text).toContain('<title>rye → LINE: 3</title>');
  });

  test('is the same as a file, of the days that were asked for', async () => {
    const file = await marketing.get(`${path}.csv`);
    expect(file.headers['content-disposition']).toBe('attachment; filename="funnel.csv"');
    expect(file.text.split('\r\n')[1]).toMatch(/^("oats","x","0","1","1","1","1"|"rye","line","0","3","3","3","3")/);
    const before = await marketing.get(`${path}?from=2020-01-01&to=2020-01-31`);
    expect(before.text).toContain('Nobody was brought in these days');
    const wrong = await marketing.get(`${path}?from=yesterday`);
    expect([wrong.status, wrong.text.includes('id="from-error"')]).toEqual([200, true]);
  });

  test('leads to no leads for who may not see them', async () => {
    const editor = await newStaff(app, { publicationId: publication.id, role: 'editor' });
    expect((await editor.get(path)).text).not.toContain('/leads?');
  });

  test('growth tells the month, the channels and who stays', async () => {
    const { text } = await marketing.get(path.replace('/funnel', '/growth'));
    expect(text).toContain('8 of 10 new readers');
    expect(/<th scope="row">LINE<\/th>(<td class="num">3<\/td>){3}/.test(text)).toBe(true);
    expect(text).toContain('Who stays');
  });
});

describe('economics', () => {
  const FIGURES = { currency: 'eur', arr: '4900', lifetimeYears: '2,5', yearlyCost: '120000', customersWon: '80' };

  test('are worked out from what is typed, as the API has them', async () => {
    const publication = await newPublication(app);
    const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
    const path = `/admin/p/${publication.slug}/economics`;
    expect((await marketing.get(path)).text).not.toContain('class="error"');
    const page = await marketing.get(`${path}?${new URLSearchParams(FIGURES).toString()}`);
    expect(page.text).toContain('€12,250');
    expect(page.text).toContain('€1,500');
    expect(page.text).toContain('8.17');
    for (const [field, value] of Object.entries({
      currency: 'XXL',
      arr: 'x',
      lifetimeYears: '0',
      yearlyCost: '-1',
      customersWon: '1.5',
    })) {
      const wrong = await marketing.get(`${path}?${new URLSearchParams({ ...FIGURES, [field]: value }).toString()}`);
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain(`id="${field}-error"`);
    }
  });
});

describe('cohorts', () => {
  test('count who is still there month by month, referred and others apart, as far as time has passed for all of them', async () => {
    const publication = await newPublication(app);
    const { code } = await publication.reader();
    const { friend } = await publication.verifiedFriend(code);
    const days = async (id: string, confirmed: string, left: string | null) =>
      app.rows('update subscribers set confirmed_at = $2, unsubscribed_at = $3, status = $4 where id = $1', [
        ...[id, confirmed, left],
        left === null ? 'active' : 'unsubscribed',
      ]);
    const ids = await app.rows<{ id: string }>('select id from subscribers where publication_id = $1 and id <> $2', [
      ...[publication.id, friend.id],
    ]);
    const third = await publication.reader();
    await days(friend.id, '2026-06-30T12:00:00Z', '2026-07-30T12:00:00Z');
    await days(ids[0]!.id, '2026-06-01T12:00:00Z', '2026-07-30T12:00:00Z');
    await days(third.id, '2026-06-01T12:00:00Z', null);
    const june = {
      key: '2026-06',
      startsAt: new Date('2026-06-01T00:00:00Z'),
      endsAt: new Date('2026-07-01T00:00:00Z'),
    };
    const at = (now: string) => cohortsOf(app.database.reader, publication.id, [june], new Date(now));
    expect(await at('2026-09-15T00:00:00Z')).toEqual([
      { month: '2026-06', referred: true, readers: 1, stayed: [1, 1, 0] },
      { month: '2026-06', referred: false, readers: 2, stayed: [2, 2, 1] },
    ]);
    expect((await at('2026-07-31T00:00:00Z')).map(({ stayed }) => stayed)).toEqual([[1], [2]]);
  });
});

describe('contents', () => {
  async function atHome(role: 'editor' | 'marketing' = 'editor') {
    const publication = await newPublication(app);
    const member = await newStaff(app, { publicationId: publication.id, role });
    return { publication, member, base: `/admin/p/${publication.slug}` };
  }
  const FORM = {
    slug: 'issue-1',
    title: 'How rye got its groove',
    url: 'https://loaf.example/1',
    kind: 'issue',
    description: '',
  };

  test('are added, changed, and written down', async () => {
    const { publication, member, base } = await atHome();
    expect((await member.post(`${base}/contents`, FORM)).headers.location).toBe(`${base}/snippets?content=issue-1`);
    await member.post(`${base}/contents`, { ...FORM, title: 'Rye' });
    const { data } = (await publication.admin.get('/contents')).body;
    expect(data).toMatchObject([{ slug: 'issue-1', title: 'Rye', url: 'https://loaf.example/1', kind: 'issue' }]);
    expect(data[0].publishedAt).not.toBeNull();
    const acts = await app.rows(`select act from audit_entries where publication_id = $1 order by id`, [
      publication.id,
    ]);
    expect(acts).toEqual([{ act: 'content.add' }, { act: 'content.change' }]);
  });

  test.each([
    ['slug', 'Issue 1'],
    ['title', ''],
    ['url', 'javascript:alert(1)'],
    ['kind', 'video'],
    ['description', 'x'.repeat(301)],
  ])('with a wrong %s are refused beside the field', async (field, value) => {
    const { publication, member, base } = await atHome();
    const answer = await member.post(`${base}/contents`, { ...FORM, [field]: value });
    expect(answer.status).toBe(422);
    expect(answer.text.match(/id="\w+-error"/g)).toEqual([`id="${field}-error"`]);
    expect((await publication.admin.get('/contents')).body.data).toEqual([]);
  });

  test.each([
    ['mailchimp', '/r/*|SHARECODE|*/rye?via=footer', '/footer/*|SHARECODE|*.png?theme=light'],
    ['kit', '/r/{{ subscriber.share_code }}/rye?via=footer', '/footer/{{ subscriber.share_code }}.png'],
    [
      'listmonk',
      '/r/{{ .Subscriber.Attribs.share_code }}/rye?via=footer',
      '/footer/{{ .Subscriber.Attribs.share_code }}.png',
    ],
    ['customerio', '/r/{{customer.share_code}}/rye?via=footer', '/footer/{{customer.share_code}}.png'],
    ['html', '/r/SHARE_CODE/rye?via=footer', '/footer/SHARE_CODE.png'],
  ])('have a block for the letters of %s', async (platform, share, picture) => {
    const { publication, member, base } = await atHome('marketing');
    await publication.content('rye');
    const { text } = await member.get(`${base}/snippets?content=rye&platform=${platform}`);
    const [, block] = /<pre id="letter"[^>]*>([\s\S]*?)<\/pre>/.exec(text)!;
    const html = unescaped(block!);
    expect(html).toContain(share);
    expect(html).toContain(picture);
    expect(html).toContain('<img ');
  });

  test('and the file of readers fill the field of a mail platform', async () => {
    const { publication, member, base } = await atHome('marketing');
    const { code, email } = await publication.reader();
    const file = await member.get(`${base}/subscribers.csv`);
    expect([file.status, file.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(file.text).toContain(`"${email}"`);
    expect(file.text).toContain(`"${code}"`);
  });

  test('of a platform without fields lead to the page where readers ask for their link', async () => {
    const { publication, member, base } = await atHome();
    const { text } = await member.get(`${base}/snippets?platform=ghost`);
    expect(text).toContain(`/hub?publication&#x3D;${publication.slug}`);
    expect((await member.get(`${base}/snippets?content=nothing`)).status).toBe(404);
  });
});
