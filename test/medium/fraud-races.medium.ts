import { describe, expect, test } from 'vitest';
import { DAY, HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

// A connection each: what queues up here is friends at the lock of their referrer, not requests at the pool.
const app = await startApp({}, { poolSize: 52 });
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function at(fraudLevel: 'flexible' | 'strong' | 'very_strong'): Promise<TestPublication> {
  const publication = await newPublication(app);
  await publication.changeProgram({ fraudLevel });
  return publication;
}

/** How the friends of one referrer stand, as `{standing: how many}`. */
async function standings(publication: TestPublication, referrer: string): Promise<Record<string, number>> {
  const rows = await app.rows<{ standing: string; count: number }>(
    `select concat_ws(' ', coalesce(held_for, state), (select string_agg(reason ->> 'code', ' ') from jsonb_array_elements(reasons) reason)) as standing,
       count(*)::int as count
     from referrals r join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
     where r.publication_id = $1 and p.subscriber_id = $2 group by 1`,
    [publication.id, referrer],
  );
  return Object.fromEntries(rows.map(({ standing, count }) => [standing, count]));
}

const atOnce = (publication: TestPublication, ref: string, more: object = {}) =>
  Promise.all(range(50).map(() => publication.signUp(undefined, { ref, confirmed: true, source: 'api', ...more })));

describe('50 friends at once', { timeout: 60_000 }, () => {
  test.each([
    ['strong', 10],
    ['very_strong', 4],
  ] as const)('at %s: %i go by themselves, the rest waits for a person and is lost to nobody', async (level, most) => {
    const publication = await at(level);
    const { code, id } = await publication.reader();
    await atOnce(publication, code);
    const found = await standings(publication, id);
    // At very_strong the fifth friend in ten minutes is a run, before the cap is reached.
    expect(found['verified']).toBe(most);
    expect(Object.values(found).reduce((sum, count) => sum + count)).toBe(50);
    expect(Object.keys(found).every((standing) => standing === 'verified' || standing.endsWith('over_cap') || standing === 'review velocity')).toBe(true);
    expect(await publication.countOf(id)).toBe(most);
  }); // prettier-ignore

  test('by one kind of browser on one network: one is there before the second makes a cluster of them', async () => {
    const publication = await at('flexible');
    const { code, id } = await publication.reader();
    await atOnce(publication, code, { from: { ip: '203.0.113.50', userAgent: USER_AGENT } });
    const { verified, ...held } = await standings(publication, id);
    expect([verified, Object.keys(held).every((standing) => standing.includes('cluster'))]).toEqual([1, true]);
  });

  test('who signed up together are all held when they confirm together', async () => {
    const publication = await at('strong');
    const { code: ref, id } = await publication.reader();
    const from = { ip: '203.0.113.51', userAgent: USER_AGENT };
    const friends = await Promise.all(range(50).map(() => publication.signUp(undefined, { ref, from })));
    await Promise.all(friends.map((friend) => publication.admin.post(`/subscribers/${friend.id}/confirm`)));
    expect((await standings(publication, id))['verified']).toBeUndefined();
  });

  test('by one click: one of them is there first', async () => {
    const publication = await at('very_strong');
    const { code, id } = await publication.reader();
    const { headers } = await app.http.get(`/r/${code}`).set('user-agent', USER_AGENT);
    const click = new URL(headers['location']!).searchParams.get('click')!;
    for (const round of range(5)) {
      await Promise.all(range(10).map(() => publication.signUp(undefined, { click, confirmed: true, source: 'api' })));
      expect((await standings(publication, id))['verified'], `${round}`).toBe(1);
    }
  });
});

test('a cap is of an hour and of a day, of each referrer, and of who goes by themselves', async () => {
  const publication = await at('strong');
  const { code, id } = await publication.reader();
  for (let hour = 0; hour < 6; hour++) {
    await inFlight(1, range(11), () => publication.verifiedFriend(code));
    app.advance(HOUR);
  }
  expect((await standings(publication, id))['verified']).toBe(40);
  const other = await publication.reader();
  await publication.verifiedFriend(other.code);
  expect(await publication.countOf(other.id)).toBe(1);
  app.advance(DAY);
  await publication.verifiedFriend(code);
  expect(await publication.countOf(id)).toBe(41);
}, 60_000);

describe('the dry run', () => {
  const dryRun = async (publication: TestPublication, level: string) =>
    (await publication.admin.get(`/programs/default/fraud-dry-run?level=${level}`)).body;

  test('says what another level would have decided, with examples, and writes nothing', async () => {
    const publication = await at('strong');
    const { code } = await publication.reader('ana@house.example');
    await publication.verifiedFriend(code, 'ben@house.example');
    await publication.verifiedFriend(code, 'cleo@rye.example');
    await publication.verifiedFriend(code, 'ana+2@house.example');
    app.advance(HOUR);
    const from = { ip: '203.0.113.60', userAgent: USER_AGENT };
    const signup = { ref: code, confirmed: true, source: 'api', from } as const;
    await inFlight(1, range(4), () => publication.signUp(undefined, signup));
    const before = await app.snapshot();
    const strict = await dryRun(publication, 'very_strong');
    const gentle = await dryRun(publication, 'flexible');
    const same = await dryRun(publication, 'strong');
    expect(await app.snapshot()).toEqual(before);

    expect(strict).toMatchObject({ level: 'very_strong', current: 'strong' });
    // Ben by his company; of the four at one router all but the first were held anyway, as a cluster.
    expect(strict.counts).toEqual({ referrals: 7, unchanged: 5, wouldHold: 1, wouldLetThrough: 0, rejected: 1 });
    expect(strict.examples.wouldHold.map(({ reasons }: { reasons: { code: string }[] }) => reasons[0]!.code)).toEqual([
      'same_company',
    ]);
    expect(same.counts).toEqual({ referrals: 7, unchanged: 6, wouldHold: 0, wouldLetThrough: 0, rejected: 1 });
    expect(gentle.counts).toEqual({ referrals: 7, unchanged: 6, wouldHold: 0, wouldLetThrough: 0, rejected: 1 });
    const { referralId } = strict.examples.wouldHold[0];
    expect((await publication.admin.get(`/referrals/${referralId}`)).body.referred.email).toBe('ben@house.example');
  });

  test('plays the caps, and forgets what is older than 90 days', async () => {
    const publication = await at('strong');
    const { code } = await publication.reader();
    await inFlight(1, range(12), () => publication.verifiedFriend(code));
    expect((await dryRun(publication, 'flexible')).counts).toMatchObject({ unchanged: 10, wouldLetThrough: 2 });
    app.advance(91 * DAY);
    expect((await dryRun(publication, 'flexible')).counts).toMatchObject({ referrals: 0 });
  });

  test('plays the level of the program where none is named, wants one that there is, and is for who may see referrals', async () => {
    const publication = await at('strong');
    const answers = [
      await publication.admin.get('/programs/default/fraud-dry-run'),
      await publication.admin.get('/programs/default/fraud-dry-run?level=weak'),
      await publication.admin.get('/programs/nowhere/fraud-dry-run?level=strong'),
      await app.api(await publication.key('site')).get('/programs/default/fraud-dry-run?level=strong'),
    ];
    expect(answers.map(({ status, body }) => `${status} ${body.errors?.[0]?.path ?? ''}`)).toEqual([
      '200 ',
      '422 level',
      '404 ',
      '403 ',
    ]);
  });
});
