import { afterEach, describe, expect, test } from 'vitest';
import { NETWORK_LIMIT } from '../../src/domain/mail-limits.js';
import { CleanUp } from '../../src/flows/clean-up.js';
import { MINUTE, OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
afterEach(() => app.clock.set(null));

let networks = 0;
/** An address in a network of its own. */
const freshIp = () => `10.${Math.floor(++networks / 250)}.${networks % 250}.7`;

const join = (publication: TestPublication, email: string, ip = freshIp()) =>
  app.http.post(`/join/${publication.slug}`).set('x-forwarded-for', ip).type('form').send({ email });
const knock = (publication: TestPublication, email: string, ip = freshIp()) =>
  app.http.post('/hub').set('x-forwarded-for', ip).type('form').send({ publication: publication.slug, email });

/** When the mails that were promised to an address may be sent, over all publications. */
async function moments(email: string, message: string): Promise<Date[]> {
  const found = await app.rows<{ dueAt: Date }>(
    `select due_at from mails m join subscribers s on s.publication_id = m.publication_id and s.id = m.subscriber_id
     where s.email_key = $1 and m.message = $2 order by 1`,
    [email, message],
  );
  return found.map(({ dueAt }) => dueAt);
}

const promised = async (email: string, message: string): Promise<number> => (await moments(email, message)).length;

describe('mails that strangers can have sent to one address', () => {
  test('50 signups at once, in 10 publications, from 50 networks, by form and by API: three confirm mails, 15 minutes apart', async () => {
    const publications = await Promise.all(range(10).map(() => newPublication(app)));
    const email = 'target@mail.example';
    const answers = await Promise.all(
      range(50).map((n) => {
        const publication = publications[n % 10]!;
        return n % 3 ? join(publication, email) : publication.admin.post('/subscribers', { email });
      }),
    );
    expect(answers.filter(({ status }) => ![303, 201, 200].includes(status))).toEqual([]);
    const [first, ...later] = await moments(email, 'confirm');
    expect(later.map((at) => at.getTime() - first!.getTime())).toEqual([15 * MINUTE, 30 * MINUTE]);
    const twice = await app.rows(
      `select subscriber_id from mails where message = 'confirm' group by 1 having count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });

  test('one in 15 minutes, three in any 24 hours, the same answer each time', async () => {
    const [one, two] = [await newPublication(app), await newPublication(app)];
    const email = 'patient@mail.example';
    const start = new Date('2030-01-01T12:00:00Z').getTime();
    // Minutes since the first, and how many have been sent then.
    const steps = [
      [0, one, 1], [14, one, 1], [15, two, 2], [29, one, 2], [1_000, two, 3],
      [1_020, one, 3], [1_439, two, 3], [1_440, one, 4], [1_456, two, 5], [1_472, one, 5],
    ] as const; // prettier-ignore
    const bodies = new Set<string>();
    for (const [index, [minutes, publication, sent]] of steps.entries()) {
      app.clock.set(new Date(start + minutes * MINUTE + index * 1_000)); // requests take some ms of it
      const answer = await join(publication, email);
      bodies.add(`${answer.status} ${answer.headers['location']?.replace(/letter-\d+/, '')} ${answer.text}`);
      expect(await promised(email, 'confirm'), `after ${minutes} minutes`).toBe(sent);
    }
    expect(bodies.size).toBe(1);
  });

  test('the way to the hub has a limit of its own, over all publications, by form and by API', async () => {
    const publications = await Promise.all(range(5).map(() => newPublication(app)));
    const email = 'reader@mail.example';
    const readers = await Promise.all(publications.map((publication) => publication.reader(email)));
    const answers = await Promise.all(
      range(50).map((n) => {
        const publication = publications[n % 5]!;
        return n % 2
          ? knock(publication, email)
          : publication.admin.post(`/subscribers/${readers[n % 5]!.id}/hub-link`);
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 202]));
    expect(await promised(email, 'hub-link')).toBe(1);
    expect(await promised(email, 'confirm')).toBe(0);
  });

  test('who joins two newsletters in a minute hears from both, from the second a quarter of an hour later', async () => {
    const [one, two] = [await newPublication(app), await newPublication(app)];
    const email = 'curious@mail.example';
    app.clock.set(new Date('2030-02-01T12:00:00Z'));
    await join(one, email);
    await join(two, email);
    await join(two, email);
    await app.tick();
    expect(await app.mails(email)).toHaveLength(1);
    app.advance(15 * MINUTE);
    await app.tick();
    const mails = await app.mails(email);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map(({ publicationId }) => publicationId)).size).toBe(2);
  });

  test('a signup that fails has used up nothing', async () => {
    const publication = await newPublication(app);
    await publication.admin.post('/subscribers', { email: 'first@mail.example', externalId: 'x1' });
    const refused = await publication.admin.post('/subscribers', { email: 'second@mail.example', externalId: 'x1' });
    expect(refused.status).toBe(409);
    await publication.admin.post('/subscribers', { email: 'second@mail.example', externalId: 'x2' });
    expect(await promised('second@mail.example', 'confirm')).toBe(1);
  });

  test('the tables of limits hold no address and no network that could be read, and are emptied', async () => {
    const publication = await newPublication(app);
    await join(publication, 'marker-in-limits@mail.example', '198.51.100.77');
    const kept = JSON.stringify(await app.rows(`select l.*, n.* from mail_limits l, network_limits n`));
    expect(kept).not.toMatch(/marker|198\.51/);
    app.clock.set(new Date('2031-01-01'));
    await app.get(CleanUp).run();
    expect(await app.rows('select 1 from mail_limits union all select 1 from network_limits')).toEqual([]);
  });
});

describe('forms of one network', () => {
  test('500 colleagues behind one address all join; whoever sends much more is told to slow down, on every form', async () => {
    const publication = await newPublication(app);
    const office = '203.0.113.9';
    const all = range(NETWORK_LIMIT.most + 50);
    const statuses: number[] = [];
    for (let n = 0; n < all.length; n += 25) {
      const some = all.slice(n, n + 25).map((who) => join(publication, `colleague-${who}@office.example`, office));
      statuses.push(...(await Promise.all(some)).map(({ status }) => status));
    }
    expect(statuses.filter((status) => status === 303)).toHaveLength(NETWORK_LIMIT.most);
    expect(statuses.filter((status) => status === 429)).toHaveLength(50);
    expect(statuses.slice(0, 500).every((status) => status === 303)).toBe(true);

    // A neighbour of the same /24, on the other form, as a page and as JSON.
    const page = await knock(publication, 'ana@mail.example', '203.0.113.200').set('accept', 'text/html');
    expect(page.status).toBe(429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(500);
    expect(page.text).toContain('10 minutes');
    const json = await join(publication, 'ana@mail.example', '203.0.113.200').set('accept', 'application/json');
    expect([json.status, json.body.code]).toEqual([429, 'request/too-many']);
    // The next network, reading, and unsubscribing go on.
    expect((await join(publication, 'ben@mail.example', '203.0.114.1')).status).toBe(303);
    expect((await app.http.get(`/join/${publication.slug}`).set('x-forwarded-for', office)).status).toBe(200);

    app.advance(NETWORK_LIMIT.windowMs + 1);
    expect((await join(publication, 'ana@mail.example', office)).status).toBe(303);
  });

  test('a /64 of IPv6 is one network, the next is another', async () => {
    const publication = await newPublication(app);
    await join(publication, 'one@mail.example', '2001:db8:0:1::1');
    await app.rows('update network_limits set count = $1', [NETWORK_LIMIT.most]);
    expect((await join(publication, 'two@mail.example', '2001:db8:0:1:ffff::2')).status).toBe(429);
    expect((await join(publication, 'two@mail.example', '2001:db8:0:2::1')).status).toBe(303);
  });

  test('no more than the limit passes, however many come at once', async () => {
    const publication = await newPublication(app);
    const ip = freshIp();
    await join(publication, 'first@busy.example', ip);
    await app.rows('update network_limits set count = $1', [NETWORK_LIMIT.most - 10]);
    const answers = await Promise.all(range(50).map((n) => join(publication, `at-once-${n}@busy.example`, ip)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(10);
  });

  test('when the limit cannot be counted the forms are closed and the pages open', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('known@mail.example');
    await app.rows('alter table network_limits rename to network_limits_away');
    try {
      for (const answer of [
        await join(publication, 'new@mail.example'),
        await knock(publication, 'known@mail.example'),
      ]) {
        expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
      }
      expect((await app.http.get(`/join/${publication.slug}`)).status).toBe(200);
      expect((await app.http.get(`/hub?publication=${publication.slug}`)).status).toBe(200);
      expect(
        (await app.http.get(`/hub/${app.token('hub', publication.id, reader.id, new Date('2100-01-01'))}`)).status,
      ).toBe(200);
      expect((await app.http.get(`/r/${reader.code}`)).status).toBe(302);
    } finally {
      await app.rows('alter table network_limits_away rename to network_limits');
    }
    expect([await promised('new@mail.example', 'confirm'), await promised('known@mail.example', 'hub-link')]).toEqual([
      0, 0,
    ]);
  });

  test("without the address's limit no signup is taken, so that no mail goes out uncounted", async () => {
    const publication = await newPublication(app);
    await app.rows('alter table mail_limits rename to mail_limits_away');
    try {
      expect((await join(publication, 'uncounted@mail.example')).status).toBe(500);
    } finally {
      await app.rows('alter table mail_limits_away rename to mail_limits');
    }
    expect(await promised('uncounted@mail.example', 'confirm')).toBe(0);
  });
});

describe('KEY_RATE', () => {
  test('holds each key to its rate for itself, says when to come again, and leaves pages alone', async () => {
    const limited = await startApp({ keyRate: 10 });
    const [one, two] = [await newPublication(limited), await newPublication(limited)];
    const answers = await Promise.all(range(40).map(() => one.admin.get('/contents')));
    const passed = answers.filter(({ status }) => status === 200);
    const held = answers.filter(({ status }) => status === 429);
    expect(passed.length).toBeGreaterThanOrEqual(10);
    expect(passed.length).toBeLessThanOrEqual(15);
    expect(held).toHaveLength(40 - passed.length);
    expect(held[0]!.body.code).toBe('request/too-many');
    expect(held[0]!.headers['retry-after']).toBe('1');
    // Another key of the same publication, another publication, the operator, and who has no key.
    expect((await limited.api(await one.key('site')).get('/contents')).status).toBe(200);
    expect((await two.admin.get('/contents')).status).toBe(200);
    expect((await limited.api(OPERATOR_KEY).get('/publications')).status).toBe(200);
    expect((await limited.http.get(`/join/${one.slug}`)).status).toBe(200);
    expect((await limited.api('unknown').get('/contents')).status).toBe(401);
    await new Promise((resume) => setTimeout(resume, 1_100));
    expect((await one.admin.get('/contents')).status).toBe(200);
  });

  test('0 is no limit', async () => {
    const publication = await newPublication(app);
    const answers = await Promise.all(range(300).map(() => publication.admin.get('/contents')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
