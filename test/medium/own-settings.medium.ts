import { describe, expect, test } from 'vitest';
import { HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

const hubOf = (publication: TestPublication, readerId: string): string =>
  `/hub/${app.token('hub', publication.id, readerId, new Date(app.clock.now().getTime() + HOUR))}`;
const send = (path: string, form: object) => app.http.post(path).type('form').send(form);
const rowOf = async (id: string) => (await app.rows(`select * from subscribers where id = $1`, [id]))[0]!;

describe('settings', () => {
  test('are kept by a press, shown again, and in the language that was chosen', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const path = `${hubOf(publication, id)}/settings`;
    const before = await app.snapshot();
    expect((await app.http.get(path)).text).toContain(
      'name="programMails" value="yes" aria-describedby="mails-hint" checked',
    );
    expect(await app.snapshot()).toEqual(before);

    const kept = await send(path, { firstName: '  Ana  ', locale: 'ja', showName: 'yes' });
    expect([kept.status, kept.headers.location]).toEqual([303, `${path}?saved=1`]);
    expect(await rowOf(id)).toMatchObject({ firstName: 'Ana', locale: 'ja', showsName: true });
    const { text } = await app.http.get(kept.headers.location!);
    expect(text).toMatch(/<html lang="ja">[^]*保存しました。[^]*value="Ana"[^]*name="showName"[^>]* checked/);
    expect(text).not.toMatch(/name="programMails"[^>]* checked/);
  });

  test('mails about sharing stay muted since the first press until they are wanted again', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const path = `${hubOf(publication, id)}/settings`;
    await send(path, { firstName: '', locale: 'en' });
    const since = (await rowOf(id)).programMailsMutedAt;
    expect(since).toBeInstanceOf(Date);
    app.advance(60_000);
    await send(path, { firstName: '', locale: 'en' });
    expect((await rowOf(id)).programMailsMutedAt).toEqual(since);
    await send(path, { firstName: '', locale: 'en', programMails: 'yes' });
    expect((await rowOf(id)).programMailsMutedAt).toBeNull();
  });

  test.each(['www.bread.example', '\u202Egnp', '<\u0007>'])(
    'a name that nobody shall see is named beside its field: %j',
    async (firstName) => {
      const publication = await newPublication(app);
      const { id } = await publication.reader(undefined, { firstName: 'Ana' });
      const { status, text } = await send(`${hubOf(publication, id)}/settings`, { firstName, locale: 'en' });
      expect([status, text]).toEqual([422, expect.stringContaining('id="name-error"')]);
    },
  );

  test.each([{}, { locale: 'xx' }, { firstName: ['a', 'b'] }, { locale: { $ne: 1 } }])(
    'a form that is none is refused and changes nothing: %j',
    async (form) => {
      const publication = await newPublication(app);
      const { id } = await publication.reader(undefined, { firstName: 'Ana' });
      const before = await rowOf(id);
      expect((await send(`${hubOf(publication, id)}/settings`, form)).status).toBe(422);
      expect(await rowOf(id)).toEqual(before);
    },
  );

  test('every page and press is closed to a token that is over, foreign or made for something else', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const late = app.token('hub', publication.id, id, new Date(app.clock.now().getTime() - HOUR));
    const other = app.token('unsubscribe', publication.id, id);
    for (const [token, status] of [
      [late, 410],
      [other, 404],
      ['nothing', 404],
    ] as const) {
      for (const page of ['settings', 'erase']) {
        expect((await app.http.get(`/hub/${token}/${page}`)).status).toBe(status);
      }
      for (const page of ['settings', 'erase', 'export']) {
        expect((await send(`/hub/${token}/${page}`, { locale: 'en' })).status, page).toBe(status);
      }
    }
    expect((await rowOf(id)).status).toBe('active');
  });
});

describe('the data of a reader', () => {
  test('are a file with all that is kept of them, and no more of friends than a letter', async () => {
    const publication = await newPublication(app);
    const coupon = await publication.coupon(['RYE-1']);
    await publication.milestone({ threshold: 1, rewardId: coupon.id });
    const reader = await publication.reader('ana@mail.example', { firstName: 'Ana' });
    await publication.reader('zoe.secret@friend.example', { ref: reader.code });
    await app.tick();
    const { status, headers, body, text } = await send(`${hubOf(publication, reader.id)}/export`, {});
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      ...[200, 'application/json; charset=utf-8', 'no-store'],
    ]);
    expect(headers['content-disposition']).toBe(`attachment; filename="${publication.slug}-my-data.json"`);
    expect(body).toMatchObject({
      publication: { slug: publication.slug },
      reader: { email: 'ana@mail.example', firstName: 'Ana', status: 'active', formerAddresses: [] },
      settings: { showsName: false, programMailsMutedAt: null },
      consents: expect.arrayContaining([expect.objectContaining({ act: 'confirmed' })]),
      programs: [
        {
          program: { slug: 'default' },
          shareUrl: expect.stringContaining(`/r/${reader.code}`),
          counts: [{ season: 1, count: 1 }],
          friends: [{ initial: 'z', kind: 'counted' }],
        },
      ],
      rewards: [{ status: 'sent', code: 'RYE-1' }],
      ledger: [{ act: 'given', unit: 'piece', quantity: 1 }],
      mails: expect.arrayContaining([expect.objectContaining({ message: 'reward', state: 'sent' })]),
    });
    expect(text).not.toMatch(/secret|friend\.example|abuse|network|publicationId/);
  });
});

describe('erasing oneself', () => {
  test('asks first, names what is on its way, and then takes everything away', async () => {
    const publication = await newPublication(app);
    const reward = await publication.reward({ name: 'The linen apron' });
    await publication.milestone({ threshold: 1, approval: 'manual', rewardId: reward.id });
    const reader = await publication.reader(undefined, { firstName: 'Ana' });
    const friend = await publication.reader(undefined, { ref: reader.code });
    const hub = hubOf(publication, reader.id);
    const before = await app.snapshot();
    expect((await app.http.get(`${hub}/erase`)).text).toContain('The linen apron');
    expect(await app.snapshot()).toEqual(before);

    const erased = await send(`${hub}/erase`, {});
    expect([erased.status, erased.text]).toEqual([200, expect.stringContaining('Everything is erased')]);
    expect(await rowOf(reader.id)).toMatchObject({ status: 'erased', email: null, firstName: null });
    expect((await publication.referralOf(friend.id)).state).toBe('verified');
    for (const page of ['', '/settings', '/erase', '/friends']) {
      expect((await app.http.get(`${hub}${page}`)).status, page).toBe(410);
    }
    expect((await send(`${hub}/erase`, {})).status).toBe(200);
    expect((await send(`${hub}/settings`, { firstName: 'Ana', locale: 'en' })).status).toBe(410);
    expect((await send(`${hub}/export`, {})).status).toBe(410);
  });

  test('and settings that are kept at the same moment leave nothing behind', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const hub = hubOf(publication, id);
    await inFlight(50, range(50), (n) =>
      n === 25 ? send(`${hub}/erase`, {}) : send(`${hub}/settings`, { firstName: `Ana ${n}`, locale: 'en' }),
    );
    expect(await rowOf(id)).toMatchObject({ status: 'erased', firstName: null, email: null });
  });
});

const BAKERS = {
  ...{ name: 'bakers', label: 'Bakers', by: 'industry', message: 'For your bakery: {url} today' },
  join: { heading: 'For people who bake for a living', gets: ['A recipe for forty loaves'] },
};

describe('what is said to a friend', () => {
  async function sharing() {
    const publication = await newPublication(app);
    await publication.content('rye');
    const words = { shareMessage: 'Read it:', shareVariants: [BAKERS] };
    const { status, body } = await publication.admin.patch('/programs/default', words);
    expect([status, body]).toMatchObject([200, words]);
    const reader = await publication.reader(undefined, { firstName: 'Ana' });
    const path = hubOf(publication, reader.id);
    const line = async (query = '') => {
      const { text } = await app.http.get(`${path}${query}`);
      const [, said] = /line\.me\/R\/share\?text=([^"]+)"/.exec(text) ?? [];
      return decodeURIComponent(said!);
    };
    return { publication, reader, path, line, url: `${app.url}/r/${reader.code}` };
  }

  test("is the program's words, the reader's own once kept, and the program's again", async () => {
    const { path, line, url } = await sharing();
    expect(await line()).toBe(`Read it: ${url}?via=line`);
    const kept = await send(`${path}/message`, { message: '  Mine,\r\n{url} & 絵文字 🍞 ' });
    expect([kept.status, kept.headers.location]).toEqual([303, `${path}?kept=1#share-title`]);
    expect(await line()).toBe(`Mine,\n${url}?via=line & 絵文字 🍞`);
    expect((await send(`${path}/message`, { message: 'whatever', again: 'yes' })).status).toBe(303);
    expect(await line()).toBe(`Read it: ${url}?via=line`);
  });

  test('is other words for some friends, whose link carries for whom it is, and the join page says theirs', async () => {
    const { publication, path, line, url } = await sharing();
    expect(await line('?for=bakers')).toBe(`For your bakery: ${url}?via=line&for=bakers today`);
    await send(`${path}/message`, { message: 'Crumb:', for: 'bakers' });
    expect([await line('?for=bakers'), await line(), await line('?for=nobody')]).toEqual([
      `Crumb: ${url}?via=line&for=bakers`,
      `Read it: ${url}?via=line`,
      `Read it: ${url}?via=line`,
    ]);
    const { headers } = await app.http.get(`${new URL(url).pathname}?via=line&for=bakers`).redirects(0);
    const landing = new URL(headers.location!);
    expect([landing.pathname, landing.searchParams.get('for')]).toEqual([`/join/${publication.slug}`, 'bakers']);
    const { text } = await app.http.get(landing.pathname + landing.search);
    for (const words of [BAKERS.join.heading, BAKERS.join.gets[0]!, 'name="for" value="bakers"']) {
      expect(text).toContain(words);
    }
    const plain = (await app.http.get(`/join/${publication.slug}?for=nobody`)).text;
    expect(plain).not.toMatch(/bake for a living|name="for"/);
    const again = await send(`/join/${publication.slug}`, { for: 'bakers', email: 'no address' });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining(BAKERS.join.heading)]);
  });

  test.each([
    ['x'.repeat(501), /id="message-error">That is more than 500 characters/],
    ['\u202Egnp', /id="message-error">There is something in it/],
  ])('words that cannot be kept come back with what is wrong: %j', async (message, said) => {
    const { path, line, url } = await sharing();
    const { status, text } = await send(`${path}/message`, { message });
    expect([status, text]).toEqual([422, expect.stringMatching(said)]);
    expect(text).toContain(message);
    expect(await line()).toBe(`Read it: ${url}?via=line`);
  });

  test('two of one reader for different friends are both kept, and erasing takes them away', async () => {
    const { publication, reader, path, line } = await sharing();
    await Promise.all(
      range(10).map((n) => send(`${path}/message`, { message: `Own ${n % 2}`, ...(n % 2 === 0 && { for: 'bakers' }) })),
    );
    expect([await line(), await line('?for=bakers')].map((said) => said.slice(0, 5))).toEqual(['Own 1', 'Own 0']);
    await publication.admin.delete(`/subscribers/${reader.id}`);
    expect((await send(`${path}/message`, { message: 'Back' })).status).toBe(410);
    const [kept] = await app.rows(`select share_words from participants where subscriber_id = $1`, [reader.id]);
    expect(kept).toEqual({ shareWords: {} });
  });

  test('a browser that tells of a press by itself is heard', async () => {
    const { publication, path } = await sharing();
    const { text } = await app.http.get(path);
    const [, ping] = /data-pressed="line" ping="([^"]+)"/.exec(text) ?? [];
    const told = await app.http.post(ping!.replaceAll('&amp;', '&')).set('content-type', 'text/ping').send('PING');
    expect(told.status).toBe(204);
    const { body } = await publication.admin.get('/reports/funnel?by=channel');
    expect(body.data).toMatchObject([{ key: 'line', shares: 1 }]);
  });

  test('the link is there as a code for a camera, for a content and for some friends too', async () => {
    const { reader } = await sharing();
    const svg = await app.http.get(`/qr/${reader.code.toUpperCase()}.svg?for=bakers`);
    expect([svg.status, svg.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(String(svg.body)).toContain(
      `${app.url}/r/${reader.code}?via=qr&amp;for&#x3D;bakers`.replace('=qr', '&#x3D;qr'),
    );
    const png = await app.http.get(`/qr/${reader.code}/rye.png`);
    expect([png.status, png.headers['content-type']]).toEqual([200, 'image/png']);
    const same = await app.http.get(`/qr/${reader.code}/rye.png`).set('if-none-match', png.headers.etag!);
    expect(same.status).toBe(304);
    for (const none of ['/qr/nobody.svg', `/qr/${reader.code}.gif`, `/qr/${reader.code}/No%20slug.svg`, '/qr/..svg']) {
      expect((await app.http.get(none)).status).toBe(404);
    }
  });
});

describe('the join page', () => {
  test('says who recommended it only where that reader lets their name be seen', async () => {
    const publication = await newPublication(app);
    const { id, code } = await publication.reader(undefined, { firstName: 'Ana' });
    const page = async () => (await app.http.get(`/join/${publication.slug}?ref=${code}`)).text;
    expect(await page()).not.toContain('Ana');
    await send(`${hubOf(publication, id)}/settings`, { firstName: 'Ana', locale: 'en', showName: 'yes' });
    expect(await page()).toContain('<b>Ana</b> recommended this to you');
    await send(`${hubOf(publication, id)}/settings`, { firstName: 'Ana', locale: 'en' });
    expect(await page()).not.toContain('Ana');
  });

  test("tells the program's own words, its questions and its terms", async () => {
    const publication = await newPublication(app);
    const { status } = await publication.admin.patch('/programs/default', {
      joinPage: { heading: 'One good loaf', lead: 'Every Saturday.', gets: ['Recipes & weights'] },
      ...{ faq: [{ question: 'What does it cost?', answer: 'Nothing.' }], termsUrl: 'https://loaf.example/terms' },
    });
    expect(status).toBe(200);
    const { text } = await app.http.get(`/join/${publication.slug}`);
    for (const said of [
      ...['>One good loaf<', '>Every Saturday.<', 'Recipes &amp; weights', 'What does it cost?', 'Nothing.'],
      '<a href="https://loaf.example/terms">terms</a>',
    ]) {
      expect(text).toContain(said);
    }
  });
});

test.each([
  [{ shareVariants: [{ ...BAKERS, by: 'shoe size' }] }, 'shareVariants[0].by'],
  [{ shareVariants: [BAKERS, BAKERS] }, 'shareVariants'],
  [{ shareVariants: [{ ...BAKERS, name: 'No Slug' }] }, 'shareVariants[0].name'],
  [{ shareVariants: [{ ...BAKERS, message: '{url}{url}' }] }, 'shareVariants[0].message'],
  [{ joinPage: { heading: 'x'.repeat(121) } }, 'joinPage.heading'],
  [{ joinPage: { lead: '\u202Egnp' } }, 'joinPage.lead'],
])('settings that cannot be kept name the field: %j', async (settings, field) => {
  const publication = await newPublication(app);
  const { status, body } = await publication.admin.patch('/programs/default', settings);
  expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(`"${field}`)]);
});
