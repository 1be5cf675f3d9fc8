import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { tell } from '../support/story.js';

const app = await startApp();

test('newsletter-milestones: a download at 3, a coupon at 5, a mug at 10, a T-shirt at 25', async () => {
  const story = await tell(app, 'newsletter-milestones');
  const ana = await story.reader('ana');
  await story.stock('A coupon for the shop', [null]);
  const upTo = async (count: number) => {
    for (let n = (await story.counted(ana))!; n < count; n++) await story.friend(ana.code);
    await story.tick();
    return story.granted(ana);
  };
  expect(await upTo(2)).toEqual({});
  const guide = { "The readers' guide sent": 1 };
  expect(await upTo(3)).toEqual(guide);
  const download = await story.found(ana, /http\S+\/download\/\S+/);
  const opened = await app.http.get(new URL(download).pathname);
  expect([opened.status, opened.headers['location']]).toEqual([302, 'https://loaf.example/referral-guide']);
  expect(await upTo(4)).toEqual(guide);
  const coupon = { ...guide, 'A coupon for the shop sent': 1 };
  expect(await upTo(5)).toEqual(coupon);
  expect(await story.found(ana, /-x-\d+/)).toBe('-x-0');
  expect(await upTo(10)).toEqual({ ...coupon, 'A mug awaiting_claim': 1 });

  const claim = new URL(await story.found(ana, /http\S+\/claim\/\S+/)).pathname;
  const home = { name: 'Ana', country: 'NL', postcode: '1011', city: 'Amsterdam', line1: 'Mill Lane 1' };
  expect((await app.http.post(claim).type('form').send(home)).status).toBeLessThan(400);
  expect(await upTo(24)).toEqual({ ...coupon, 'A mug sent': 1 });
  expect((await story.api.get('/grants/shipping.csv').expect(200)).text).toContain('Amsterdam');
  expect(await upTo(25)).toEqual({ ...coupon, 'A T-shirt awaiting_claim': 1, 'A mug sent': 1 });
  expect(await upTo(30)).toEqual({ ...coupon, 'A T-shirt awaiting_claim': 1, 'A mug sent': 1 });
});

test('reviews: who gives a 9 is asked for a review and invited, who gives an 8 is not; a confirmed review is rewarded', async () => {
  const story = await tell(app, 'reviews', { program: 'promoters' });
  const [eight, nine, ten] = [await story.reader('eight'), await story.reader('nine'), await story.reader('ten')];
  await story.stock('A 25 USD gift card for your review', [25, 25]);
  await story.stock('A 10 USD gift card', [10]);
  await story.tick();
  const before = (await story.mails(eight)).length;
  await story.event('nps', eight, { score: 8 });
  await story.event('nps', nine, { score: 9 });
  await story.event('nps', ten, { score: 10 });
  await story.tick();
  expect(await story.participant(eight, 'promoters')).toBeUndefined();
  expect(await story.mails(eight)).toHaveLength(before);
  for (const promoter of [nine, ten]) {
    expect(await story.participant(promoter, 'promoters')).toMatchObject({ status: 'active' });
    expect(await story.mails(promoter)).toContainEqual(
      expect.objectContaining({
        subject: 'Welcome to Another program',
        text: expect.stringContaining('Write a public review'),
      }),
    );
  }
  await story.event('nps', nine, { score: 10 }); // asked once
  await story.tick();
  expect((await story.mails(nine)).filter(({ subject }) => subject.startsWith('Welcome to Another'))).toHaveLength(1);

  for (const reader of [eight, nine]) await story.event('reviewed', reader);
  await story.event('reviewed', nine);
  const { shareCode } = (await story.participant(ten, 'promoters'))!;
  await story.friend(shareCode!);
  await story.tick();
  expect(await story.granted(eight)).toEqual({});
  expect([await story.granted(nine), await story.balance(nine)]).toEqual([
    { 'A 25 USD gift card for your review sent': 1 },
    2_500,
  ]);
  expect([await story.granted(ten), await story.balance(ten)]).toEqual([{ 'A 10 USD gift card sent': 1 }, 1_000]);
});

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** By what the page of a raffle says, and with nothing of the product's own. */
function drawAgain(seed: string, list: string, prizes: number): { position: number; entry: string }[] {
  let left = list
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
  return Array.from({ length: prizes }, (_, k) => {
    const at = BigInt(`0x${sha256(`${sha256(`${seed}\n${sha256(list)}`)}:${k + 1}`)}`) % BigInt(left.length);
    const [position, entry, person] = left[Number(at)]!;
    left = left.filter((other) => other[2] !== person);
    return { position: Number(position), entry: entry! };
  });
}

test('raffle: one entry for each verified referral of the period, and the draw comes out the same again', async () => {
  const story = await tell(app, 'raffle', { timezone: 'Europe/Berlin' });
  const people = [];
  for (const name of ['ana', 'ben', 'cyd', 'dee', 'eli']) people.push(await story.reader(name));
  await story.friend(people[0]!.code); // today: the period begins tomorrow
  const [raffle] = story.made.raffles;
  const { body: before } = await story.api.get(`/raffles/${raffle!.id}`).expect(200);
  expect(before).toMatchObject({
    startsAt: '2026-03-02T23:00:00.000Z',
    endsAt: '2026-04-01T22:00:00.000Z',
    seed: null,
  });
  await story.at('2026-03-02T22:00:00Z');
  for (const [n, one] of people.entries()) for (let k = 0; k <= n; k++) await story.friend(one.code);
  await story.at('2026-04-01T21:30:00Z');
  await story.friend(people[0]!.code); // half an hour after its end
  await story.tick();

  const path = `/raffle/${raffle!.id}`;
  const draw = (await app.http.get(`${path}/draw.json`).expect(200)).body;
  const list = (await app.http.get(`${path}/entries.txt`).expect(200)).text;
  expect([draw.entries, list.trimEnd().split('\n').length, sha256(list)]).toEqual([15, 15, draw.listHash]);
  expect(sha256(Buffer.from(draw.seed, 'hex'))).toBe(before.commitment);
  const won = draw.winners.map(({ position, entry }: { position: number; entry: string }) => ({ position, entry }));
  expect(won).toEqual(drawAgain(draw.seed, list, 3));
  expect(draw.winners.map(({ prize }: { prize: string }) => prize)).toEqual([
    ...['The first prize', 'A further prize', 'A further prize'],
  ]);
  const prizes = [];
  for (const one of people) {
    for (const { reward, status } of await story.grants(one)) if (/prize/.test(reward.name)) prizes.push(status);
  }
  expect(prizes).toEqual(['sent', 'sent', 'sent']);
});

test('monthly-contest: of two with as many, who was there first is before the other', async () => {
  const story = await tell(app, 'monthly-contest', { timezone: 'America/New_York' });
  const [ana, ben, cyd, dee] = [
    await story.reader('ana'),
    await story.reader('ben'),
    await story.reader('cyd'),
    await story.reader('dee'),
  ];
  await story.stock('A 100 USD gift card', [100]);
  await story.stock('A 50 USD gift card', [50]);
  await story.stock('A 25 USD gift card', [25]);
  await story.friend(ana.code);
  await story.friend(ben.code);
  await story.friend(dee.code);
  await story.friend(ben.code); // two, first
  await story.friend(ana.code); // two, too
  await story.at('2026-04-01T02:30:00Z');
  await story.friend(cyd.code); // half an hour before April in New York
  await story.friend(dee.code); // and half an hour after it began
  await story.tick();
  const { body } = await story.api.get(`/contests/${story.made.contests[0]!.id}/standing?round=2026-03`).expect(200);
  const places = body.data.map(
    (one: { rank: number; subscriber: { id: string }; count: number; prize: { name: string } | null }) => [
      ...[one.rank, one.subscriber.id, one.count, one.prize?.name ?? null],
    ],
  );
  expect(places).toEqual([
    [1, ben.id, 2, 'A 100 USD gift card'],
    [2, ana.id, 2, 'A 50 USD gift card'],
    [3, dee.id, 1, 'A 25 USD gift card'],
    [4, cyd.id, 1, null],
  ]);
  expect([
    await story.balance(ben),
    await story.balance(ana),
    await story.balance(dee),
    await story.balance(cyd),
  ]).toEqual([...[10_000, 5_000, 2_500, 0]]);
  expect(await story.found(ben, /-100-\d+/)).toBe('-100-0');
});
