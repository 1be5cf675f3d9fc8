import { describe, expect, test } from 'vitest';
import { DAY, HOUR, startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';
import { dayIn, type Fact, factsOf, funnelOf, ofKind } from '../support/recount.js';
import { liveInTown } from '../support/town.js';

const app = await startApp();
// Both zones change their clocks in these 90 days: forward on 14 March by an hour, back on 4 April by half an hour.
const START = Date.parse('2027-02-05T13:20:00Z');

const ratio = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000);

describe.each([
  ['America/New_York', 11],
  ['Australia/Lord_Howe', 23],
])('a town of readers in %s', async (timezone, seed) => {
  const publication = await newPublication(app, { timezone });
  const log = await liveInTown(app, publication, START, seed);
  const facts = factsOf(log);
  const end = START + 90 * DAY;
  const get = async (path: string) => {
    app.clock.set(new Date(end));
    const { status, body } = await publication.admin.get(`/reports/${path}`);
    expect(status, path).toBe(200);
    return body;
  };
  const part = (fact: Fact, name: string) =>
    ({
      day: dayIn(fact.at, timezone),
      content: fact.content ?? '',
      channel: fact.channel,
      referrer: fact.owner,
      program: 'default',
    })[name] ?? 'total';

  test('did enough to be counted', () => {
    for (const kind of [
      'click',
      'press',
      'signup',
      'confirmed',
      'left',
      'qualified',
      'purchased',
      'refunded',
      'reversed',
    ] as const) {
      expect(ofKind(log, kind).length, kind).toBeGreaterThan(0);
    }
    expect(facts.length).toBeGreaterThan(100);
  });

  const [day1, day2] = [dayIn(START + 30 * DAY, timezone), dayIn(START + 65 * DAY, timezone)];
  const names = ['day', 'content', 'channel', 'referrer', 'program'];
  const pairs = names.flatMap((one) => names.slice(names.indexOf(one) + 1).map((other) => `${one},${other}`));
  test.each(['total', ...names, ...pairs])('the funnel by %s is what the log says', async (by) => {
    for (const range of ['', `&from=${day1}`, `&from=${day1}&to=${day2}`, `&to=${day1}`]) {
      const [from = '0', to = '9'] = [/from=([\d-]+)/.exec(range)?.[1], /to=([\d-]+)/.exec(range)?.[1]];
      const within = facts.filter((fact) => dayIn(fact.at, timezone) >= from && dayIn(fact.at, timezone) <= to);
      const { data } = await get(`funnel?by=${by}${range}`);
      const found = data.map(
        ({ key, keys: _, rates: __, ...row }: { key: string | null; keys: object; rates: object }) => [key ?? '', row],
      );
      const expected = funnelOf(within, (fact) =>
        by
          .split(',')
          .map((name) => part(fact, name))
          .join(','),
      );
      expect(new Map(found), `${by}${range}`).toEqual(expected);
      expect(found).toHaveLength(expected.size);
    }
  });

  test('the leaderboard of contents is the funnel by content, best first', async () => {
    const { data } = await get('contents');
    const byContent = funnelOf(facts, (fact) => fact.content ?? '');
    byContent.delete('');
    const order = [...byContent].sort(
      ([, a], [, b]) => (b as { verified: number }).verified - (a as { verified: number }).verified,
    );
    type Ranked = { rank: number; content: { slug: string }; verified: number };
    expect(data.map(({ verified }: Ranked) => verified)).toEqual(
      order.map(([, row]) => (row as { verified: number }).verified),
    );
    for (const { content, ...row } of data as Ranked[]) expect(row).toMatchObject(byContent.get(content.slug)!);
    expect((await get('contents?limit=1')).data).toHaveLength(1);
  });

  test('the summary is what the log says, and so is each of its months', async () => {
    const confirmedAt = new Map(
      log.flatMap((event) => (event.kind === 'confirmed' || event.kind === 'reader' ? [[event.id, event.at]] : [])),
    );
    const leftAt = new Map(ofKind(log, 'left').map(({ id, at }) => [id, at]));
    const reversed = new Set(ofKind(log, 'reversed').map(({ id }) => id));
    const counting = ofKind(log, 'signup').filter(({ id }) => confirmedAt.has(id) && !reversed.has(id));
    const growth = (isIn: (at: number) => boolean, endsAt: number) => {
      const readers = [...confirmedAt]
        .filter(([id, at]) => at < endsAt && (leftAt.get(id) ?? Infinity) >= endsAt)
        .map(([id]) => id);
      const clicked = new Set(facts.filter(({ step, at }) => step === 'clicks' && isIn(at)).map(({ owner }) => owner));
      const fresh = new Set([...confirmedAt].filter(([, at]) => isIn(at)).map(([id]) => id));
      const takingPart = readers.filter((id) => clicked.has(id)).length;
      const newReferred = counting.filter(({ id }) => fresh.has(id)).length;
      const cohortReferrals = counting.filter(({ owner }) => fresh.has(owner)).length;
      return {
        ...{ subscribers: readers.length, takingPart, newSubscribers: fresh.size, newReferred, cohortReferrals },
        participationRate: ratio(takingPart, readers.length),
        referredShare: ratio(newReferred, fresh.size),
        kFactor: ratio(cohortReferrals, fresh.size),
      };
    };
    const summary = await get(`summary?from=${day1}&to=${day2}`);
    const inDays = (at: number) => dayIn(at, timezone) >= day1 && dayIn(at, timezone) <= day2;
    // The end of the last day: the first hour or half hour that is not in it any more.
    let endsAt = START + 64 * DAY - (START % HOUR);
    while (dayIn(endsAt, timezone) <= day2) endsAt += HOUR / 2;
    expect(summary).toMatchObject(growth(inDays, endsAt));

    const signedUp = ofKind(log, 'signup').filter(({ at }) => inDays(at));
    const refunded = new Set(ofKind(log, 'refunded').map(({ id }) => id));
    const bought = new Set(ofKind(log, 'purchased').filter(({ id }) => !refunded.has(id)).map(({ id }) => id)); // prettier-ignore
    const since = signedUp.filter(({ id }) => bought.has(id)).length;
    const hours = counting
      .filter(({ id }) => inDays(confirmedAt.get(id)!))
      .map(({ id, at }) => (confirmedAt.get(id)! - at) / HOUR);
    hours.sort((a, b) => a - b);
    const median = (hours[Math.floor((hours.length - 1) / 2)]! + hours[Math.ceil((hours.length - 1) / 2)]!) / 2;
    expect(summary).toMatchObject({
      ...{ signedUp: signedUp.length, purchasedSince: since, verified: hours.length },
      referralConversionRate: ratio(since, signedUp.length),
    });
    expect(summary.medianHoursToVerify).toBeCloseTo(median, 1);
    expect(summary.channels.map(({ channel }: { channel: string }) => channel)).toEqual(['copy', 'email', 'line', 'x']);

    expect(summary.trend).toHaveLength(12);
    const all = await get('summary');
    expect(all).toMatchObject(growth(() => true, end));
    for (const { month, ...row } of all.trend) {
      const isIn = (at: number) => dayIn(at, timezone).startsWith(month);
      let monthEnd = Date.parse(`${month}-27T00:00:00Z`);
      while (isIn(monthEnd)) monthEnd += HOUR / 2;
      expect(row, month).toEqual(growth(isIn, Math.min(monthEnd, end)));
    }
  });

  test('the forecast of a draft is what its milestones would have been crossed', async () => {
    const milestones = [
      { threshold: 2, every: null, value: { amount: 1_000, currency: 'USD' } },
      { threshold: 1, every: 2, value: { amount: 50, currency: 'JPY' } },
    ];
    app.clock.set(new Date(end));
    const { body, status } = await publication.admin.post('/reports/forecast', { milestones });
    expect(status).toBe(200);
    // The clock of a test runs on: a part of the 90 days may begin a second later than in the log, where nothing happens but the first reader.
    const parts = [0, 1, 2].map((third) => {
      const usd = new Set<string>();
      const jpy: string[] = [];
      const counts = new Map<string, number>();
      const verified = facts.filter(({ step }) => step === 'verified').sort((a, b) => a.at - b.at);
      for (const { owner, at } of verified) {
        const count = (counts.get(owner) ?? 0) + 1;
        counts.set(owner, count);
        if (Math.floor((at - START) / (30 * DAY)) !== third) continue;
        if (count === 2) usd.add(owner);
        if (count % 2 === 1) jpy.push(owner);
      }
      return { usd: usd.size * 1_000, jpy: jpy.length * 50, grants: usd.size + jpy.length };
    });
    const sum = (of: 'usd' | 'jpy' | 'grants') => parts.reduce((total, one) => total + one[of], 0);
    const ends = (of: 'usd' | 'jpy' | 'grants') => [3 * Math.min(...parts.map((one) => one[of])), sum(of), 3 * Math.max(...parts.map((one) => one[of]))]; // prettier-ignore
    const [low, likely, high] = [0, 1, 2].map((n) => [
      { amount: ends('jpy')[n], currency: 'JPY' },
      { amount: ends('usd')[n], currency: 'USD' },
    ]);
    const leads = facts.filter(({ step }) => step === 'verified').length;
    expect(body).toMatchObject({ days: 90, leads, cost: { low, likely, high } });
    expect([body.grants.low, body.grants.likely, body.grants.high]).toEqual(ends('grants'));
    expect(body.costPerLead.likely).toEqual(
      likely!.map(({ amount, currency }) => ({ amount: Math.round(amount! / leads), currency })),
    );
  });
});
