import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Confirm } from '../../src/flows/confirm.js';
import { Leave } from '../../src/flows/leave.js';
import { FooterPictures } from '../../src/platform/pictures/footer-pictures.js';
import { startApp, type TestApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();
const other = await startApp();
const FORMATS = ['png', 'svg', 'json', 'html'] as const;

afterEach(() => vi.restoreAllMocks());

/** Superagent reads what is no text into a Buffer. */
const get = (path: string, from: TestApp = app) => from.http.get(path).buffer(true);
const count = async (code: string, from: TestApp = app) =>
  (await get(`/footer/${code}.json`, from)).body.count as number;

async function readerWithReward(settings: Parameters<typeof newPublication>[1] = {}, name = 'The starter guide') {
  const publication = await newPublication(app, settings);
  const reward = await publication.reward({ name });
  await publication.milestone({ name: 'Three friends', threshold: 3, rewardId: reward.id });
  return { publication, reward, reader: await publication.reader() };
}

describe('a footer', () => {
  test('tells the count and the next reward in four forms, with tags and for any site', async () => {
    const { publication, reader } = await readerWithReward();
    await publication.verifiedFriend(reader.code);
    await publication.verifiedFriend(reader.code);
    const json = await get(`/footer/${reader.code}.json`);
    expect(json.body).toEqual({
      ...{ count: 2, goal: 3, remaining: 1, milestone: 'Three friends', reward: 'The starter guide' },
      ...{ title: 'One more for “The starter guide”', line: 'Two friends read because of you.', locale: 'en' },
      shareUrl: `${app.url}/r/${reader.code}`,
      hubUrl: `${app.url}/hub?publication=${publication.slug}`,
      footerUrl: `${app.url}/footer/${reader.code}.png`,
    });
    const types = {
      png: 'image/png',
      svg: 'image/svg+xml; charset=utf-8',
      json: /^application\/json/,
      html: /^text\/html/,
    };
    for (const format of FORMATS) {
      const { status, headers } = await get(`/footer/${reader.code}.${format}`);
      expect([status, headers['cache-control'], headers['access-control-allow-origin']], format).toEqual([
        200,
        'no-cache',
        '*',
      ]);
      expect(headers['content-type'], format).toMatch(types[format]);
      expect([headers['x-content-type-options'], headers['set-cookie']], format).toEqual(['nosniff', undefined]);
      expect(headers['access-control-allow-credentials'], format).toBeUndefined();
    }
  });

  test('is a picture of 600 × 120 with something on it, of twice that on request', async () => {
    const { reader } = await readerWithReward();
    for (const [query, scale] of [
      ['', 1],
      ['?scale=2', 2],
      ['?scale=9', 1],
    ] as const) {
      const { body } = await get(`/footer/${reader.code}.png${query}`);
      const image = await loadImage(body as Buffer);
      expect([image.width, image.height], query).toEqual([600 * scale, 120 * scale]);
      const context = createCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      expect(new Set(Buffer.from(data)).size, query).toBeGreaterThan(50);
    }
  });

  test('speaks the language of the reader and is light, unless another is asked for; nonsense is passed over', async () => {
    const { publication } = await readerWithReward({ locale: 'ja' });
    const { code } = await publication.reader(undefined, { locale: 'ja' });
    const svg = async (query: string) => ((await get(`/footer/${code}.svg${query}`)).body as Buffer).toString();
    const plain = await svg('');
    expect(plain).toContain('3人のご登録で『The starter guide』を差し上げます。');
    expect(plain).toContain('fill="#faf8f4"');
    expect(await svg('?locale=en')).toContain('Three friends bring you “The starter guide”.');
    expect(await svg('?theme=dark')).toContain('fill="#1f1c19"');
    for (const query of ['?locale=fr', '?theme=pink', '?locale=', '?locale=en&locale=fr', '?theme[]=dark', '?x=1']) {
      expect(await svg(query), query).toBe(plain);
    }
  });

  test('is answered 304 to who has it, until it looks different', async () => {
    const { publication, reader } = await readerWithReward();
    for (const format of FORMATS) {
      const path = `/footer/${reader.code}.${format}`;
      const { etag } = (await get(path)).headers as { etag: string };
      expect(etag, format).toMatch(/^"[\w-]+"$/);
      const ask = (known: string) => get(path).set('if-none-match', known);
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await ask(known);
        expect([again.status, again.text || '', again.headers['etag'], again.headers['cache-control']], known).toEqual([
          304,
          '',
          etag,
          'no-cache',
        ]);
      }
      for (const unknown of ['"x"', etag.slice(0, -2) + '"', 'nonsense', '']) {
        expect((await ask(unknown)).status, unknown).toBe(200);
      }
      await publication.verifiedFriend(reader.code);
      const changed = await ask(etag);
      expect([changed.status, changed.headers['etag'] === etag], format).toEqual([200, false]);
    }
  });

  test('has the same tag in every process, and for every reader who sees the same', async () => {
    const { publication, reader } = await readerWithReward();
    const second = await publication.reader();
    for (const format of ['png', 'svg'] as const) {
      const tag = async (code: string, from: TestApp) =>
        (await get(`/footer/${code}.${format}`, from)).headers['etag'] as string;
      expect(await tag(reader.code, other)).toBe(await tag(reader.code, app));
      expect(await tag(second.code, app)).toBe(await tag(reader.code, app));
    }
  });

  test('answers HEAD as GET, without the body', async () => {
    const { reader } = await readerWithReward();
    for (const format of FORMATS) {
      const path = `/footer/${reader.code}.${format}`;
      const [whole, head] = [await get(path), await app.http.head(path)];
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
        expect(head.headers[name], `${format} ${name}`).toBe(whole.headers[name]);
      }
      expect([head.status, head.text]).toEqual([200, undefined]);
    }
  });

  test('changes nothing in the database', async () => {
    const { reader } = await readerWithReward();
    const before = await app.snapshot();
    for (const format of FORMATS) await get(`/footer/${reader.code}.${format}`);
    expect(await app.snapshot()).toEqual(before);
  });

  test('takes the code in capitals, and leads to the code as it is', async () => {
    const { reader } = await readerWithReward();
    const { body } = await get(`/footer/${reader.code.toUpperCase()}.JSON`);
    expect(body.shareUrl).toBe(`${app.url}/r/${reader.code}`);
  });
});

describe('the progress in a footer', () => {
  test('is new at once in the process that changed it: by a confirmation, a reward, a milestone', async () => {
    const { publication, reward, reader } = await readerWithReward();
    const confirm = async () => {
      const friend = await publication.signUp(undefined, { ref: reader.code });
      await app.get(Confirm).run(await app.confirmToken(publication.id, friend.id));
    };
    for (let friends = 1; friends <= 10; friends++) {
      expect(await count(reader.code)).toBe(friends - 1); // so that it is in the cache
      await confirm();
      expect(await count(reader.code)).toBe(friends);
    }
    const [milestone] = (await publication.admin.get('/programs/default/milestones')).body.data as { id: string }[];
    const second = await publication.milestone({ threshold: 20, rewardId: reward.id });
    const told = async () => (await get(`/footer/${reader.code}.json`)).body as Record<string, unknown>;
    expect(await told()).toMatchObject({ goal: 20, reward: 'The starter guide' });
    await publication.admin.patch(`/rewards/${reward.id}`, { name: 'Another guide' });
    expect(await told()).toMatchObject({ reward: 'Another guide' });
    await publication.admin.patch(`/programs/default/milestones/${second.id}`, { name: 'Twenty' });
    expect(await told()).toMatchObject({ milestone: 'Twenty' });
    await publication.admin.delete(`/programs/default/milestones/${second.id}`);
    expect(await told()).toMatchObject({ goal: null, title: '10 friends. Thank you.' });
    await publication.admin.delete(`/programs/default/milestones/${milestone!.id}`);
    expect(await told()).toMatchObject({ title: '10 friends read because of you' });
  });

  test('is new at once also while many look', async () => {
    const { publication, reader } = await readerWithReward();
    let looking = true;
    const crowd = Array.from({ length: 10 }, async () => {
      while (looking) await count(reader.code);
    });
    for (let friends = 1; friends <= 10; friends++) {
      await publication.verifiedFriend(reader.code);
      expect(await count(reader.code)).toBe(friends);
    }
    looking = false;
    await Promise.all(crowd);
  });

  test('is seen by another process within a second', async () => {
    const { publication, reader } = await readerWithReward();
    expect(await count(reader.code, other)).toBe(0);
    await publication.verifiedFriend(reader.code);
    await vi.waitFor(async () => expect(await count(reader.code, other)).toBe(1), { timeout: 5_000, interval: 50 });
  });

  test('is read once and drawn once for 50 who ask at the same time', async () => {
    const { publication } = await readerWithReward({}, 'A reward that nobody else has');
    const { code } = await publication.reader();
    const drawn = app.get(FooterPictures).drawn;
    const statements = vi.spyOn(app.database.source, 'query');
    const read = vi.spyOn(app.database.reader, 'query');
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(`/footer/${code}.png`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map(({ body }) => (body as Buffer).toString('base64'))).size).toBe(1);
    expect(app.get(FooterPictures).drawn - drawn).toBe(1);
    expect(statements.mock.calls.length + read.mock.calls.length).toBeLessThan(10);
  });

  test('goes on as last known while the database is away; who is not known is told to come again', async () => {
    const { publication, reader } = await readerWithReward();
    await publication.verifiedFriend(reader.code);
    const stranger = await publication.reader();
    const known = await get(`/footer/${reader.code}.png`);
    vi.spyOn(app.database.reader, 'query').mockRejectedValue(
      Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }),
    );
    app.database.ended++; // whatever was asked before is old
    const stale = await get(`/footer/${reader.code}.png`);
    expect([stale.status, stale.headers['etag']]).toEqual([200, known.headers['etag']]);
    const away = await get(`/footer/${stranger.code}.png`);
    expect([away.status, Number(away.headers['retry-after']) > 0, away.headers['cache-control']]).toEqual([
      503,
      true,
      'no-store',
    ]);
    vi.restoreAllMocks();
    expect((await get(`/footer/${stranger.code}.png`)).status).toBe(200);
  });
});

describe('nobody else', () => {
  test('has a footer: an unknown code or another ending is a 404 without a picture', async () => {
    const { reader } = await readerWithReward();
    const paths = [
      ...FORMATS.map((format) => `nobody9.${format}`),
      ...[
        'x.gif',
        '.png',
        'x',
        '%00.png',
        '%2e%2e%2f%2e%2e.png',
        '..%5c.svg',
        'a%20b.png',
        '%F0%9F%8E%81.png',
        '%FF.png',
        '%.png',
      ],
      ...['x'.repeat(199), 'x'.repeat(5_000), 'K\u212a'].map((code) => `${encodeURIComponent(code)}.png`),
      ...[
        `${reader.code}.gif`,
        `${reader.code}`,
        `${reader.code}.png.exe`,
        `${reader.code}%00.png`,
        ` ${reader.code}.png`,
        `${reader.code}.png/x`,
      ],
    ];
    for (const path of paths) {
      const { status, headers } = await get(`/footer/${path.replace(' ', '%20')}`);
      expect([status, headers['content-type'], headers['cache-control']], path).toEqual([
        404,
        'application/problem+json; charset=utf-8',
        'no-store',
      ]);
    }
    const page = await get('/footer/nobody9.html').set('accept', 'text/html');
    expect([page.status, page.type]).toEqual([404, 'text/html']);
  });

  test('is told of who has left: the picture in old letters is that of somebody without friends and rewards', async () => {
    const plain = await newPublication(app);
    const nobody = await get(`/footer/${(await plain.reader()).code}.png`);
    for (const how of ['unsubscribed', 'bounced'] as const) {
      const { publication, reader } = await readerWithReward();
      await publication.verifiedFriend(reader.code);
      await app.get(Leave).run(publication.id, reader.id, how, 'mail');
      const left = await get(`/footer/${reader.code}.png`);
      expect([left.status, left.headers['etag']], how).toEqual([200, nobody.headers['etag']]);
      expect((await get(`/footer/${reader.code}.json`)).body, how).toMatchObject({
        count: 0,
        reward: null,
        goal: null,
      });
    }
  });

  test('sees anything personal', async () => {
    const { publication } = await readerWithReward();
    const reader = await publication.reader('zebedee@secret.example', { firstName: 'Zebedee', externalId: 'x-99' });
    await publication.verifiedFriend(reader.code, 'quentin@hidden.example');
    for (const format of FORMATS) {
      const { body, text, headers } = await get(`/footer/${reader.code}.${format}`);
      const all = `${JSON.stringify(headers)}${text}${Buffer.isBuffer(body) ? body.toString('latin1') : ''}`;
      expect(all, format).not.toMatch(/zebedee|secret|x-99|quentin|hidden/i);
      expect(all, format).not.toContain(reader.id);
    }
  });
});

describe('what editors type', () => {
  const EVIL = `"><script>alert(1)</script><img src=x onerror='y'>&amp;\u202e`;

  test('is text in all forms, and no form may run or load anything', async () => {
    const { publication, reader } = await readerWithReward({}, EVIL);
    for (const friends of [0, 1]) {
      const svg = await get(`/footer/${reader.code}.svg`);
      expect((svg.body as Buffer).toString()).not.toMatch(/<script|<img|onerror='/);
      expect(svg.headers['content-security-policy']).toBe(`default-src 'none'; sandbox`);
      const html = await get(`/footer/${reader.code}.html`);
      expect(html.text).not.toMatch(/<script|src=x|onerror='/);
      expect(html.headers['content-security-policy']).toMatch(
        /^default-src 'none'; img-src [^ ]+; style-src 'unsafe-inline';/,
      );
      expect((await get(`/footer/${reader.code}.json`)).body.reward).toBe(EVIL);
      expect((await get(`/footer/${reader.code}.png`)).status).toBe(200);
      if (friends === 0) await publication.verifiedFriend(reader.code);
    }
  });

  test('stands in the block for newsletters beside its pictures and links', async () => {
    const { publication, reader } = await readerWithReward({}, 'Bread & "butter"');
    const { text } = await get(`/footer/${reader.code}.html`);
    const picture = `${app.url}/footer/${reader.code}.png`;
    expect(text).toContain(
      `<source srcset="${picture}?theme&#x3D;dark&amp;locale&#x3D;en&amp;scale&#x3D;2" media="(prefers-color-scheme: dark)">`,
    );
    expect(text).toContain(
      `<img src="${picture}?theme&#x3D;light&amp;locale&#x3D;en&amp;scale&#x3D;2" width="600" height="120"`,
    );
    expect(text).toContain(
      'alt="Know someone who would like it? Three friends bring you “Bread &amp; &quot;butter&quot;”."',
    );
    expect(text).toContain(`<a href="${app.url}/hub?publication&#x3D;${publication.slug}"`);
    expect(text).toContain(`<a href="${app.url}/r/${reader.code}?via=footer"`);
    const dark = (await get(`/footer/${reader.code}.html?theme=dark`)).text;
    expect(dark).toContain('theme&#x3D;dark');
    expect(dark).not.toMatch(/<source|theme&#x3D;light/);
  });
});

test('the API says where a footer is, to every role but site', async () => {
  const { publication, reader } = await readerWithReward();
  const answer = async (role: 'admin' | 'editor' | 'marketing' | 'site') =>
    (await app.api(await publication.key(role)).get(`/subscribers/${reader.id}`)).body as Record<string, unknown>;
  const footerUrl = `${app.url}/footer/${reader.code}.png`;
  for (const role of ['admin', 'editor', 'marketing'] as const) {
    expect(await answer(role), role).toMatchObject({ footerUrl, participations: [{ footerUrl }] });
  }
  expect(await answer('site')).not.toHaveProperty('footerUrl');
  const signup = await publication.admin.post('/subscribers', { email: 'new@mail.example' });
  expect((await get(new URL(signup.body.subscriber.footerUrl as string).pathname)).status).toBe(200);
});
