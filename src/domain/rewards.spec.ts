import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasPool, needsFacts, type RewardLike, type RewardTerms, type WorthFacts, worthOf } from './rewards.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const reward = (kind: RewardLike['kind'], terms: RewardTerms = {}, code: string | null = null): RewardLike => ({
  kind,
  code,
  terms,
});
const nobody: WorthFacts = { referred: {}, recipient: { email: null, attributes: {} } };
const referred = (facts: Record<string, unknown>): WorthFacts => ({ ...nobody, referred: facts });
const recipient = (attributes: Record<string, unknown>, email: string | null = null): WorthFacts => ({
  referred: { seats: 30 },
  recipient: { email, attributes },
});

describe('what a grant gives', () => {
  test.each([
    [reward('link'), null, { unit: 'piece', quantity: 1, currency: null }],
    [reward('coupon', { value: usd(500) }), usd(500), { unit: 'piece', quantity: 1, currency: null }],
    [reward('gift_card', { value: usd(2_500) }), usd(2_500), { unit: 'money', quantity: 2_500, currency: 'USD' }],
    [reward('credit', { value: usd(3_000) }), usd(3_000), { unit: 'money', quantity: 3_000, currency: 'USD' }],
    [reward('discount', { percent: 100 }), null, { unit: 'percent', quantity: 100, currency: null }],
    [reward('physical', { value: usd(900) }), usd(900), { unit: 'piece', quantity: 1, currency: null }],
    [reward('access'), null, { unit: 'piece', quantity: 1, currency: null }],
    [reward('access', { months: 3 }), null, { unit: 'month', quantity: 3, currency: null }],
    [reward('entry'), null, { unit: 'piece', quantity: 1, currency: null }],
    [reward('custom'), null, { unit: 'piece', quantity: 1, currency: null }],
  ] as const)('of %j is worth %j', (given, value, entry) => {
    expect(worthOf(given, nobody)).toMatchObject({ value, entry, company: null, ceiling: null });
    expect(needsFacts(given)).toBe(false);
  });

  const byPlan = reward('gift_card', {
    valueBy: { attribute: 'plan', table: { lite: usd(2_500), pro: usd(10_000), '2': usd(1) } },
  });

  test.each([
    ['lite', 2_500],
    ['pro', 10_000],
    [2, 1],
  ])('by plan, of %j, is that of the table', (plan, amount) => {
    expect(worthOf(byPlan, referred({ plan }))).toMatchObject({ value: usd(amount), entry: { quantity: amount } });
  });

  test.each([{}, { plan: null }, { plan: 'gold' }, { plan: 'toString' }, { plan: ['lite'] }, { plan: 'Lite' }])(
    'by plan is not known of %j, unless a person sets it',
    (facts) => {
      expect(worthOf(byPlan, referred(facts))).toBe('value_unknown');
      expect(worthOf(byPlan, referred(facts), usd(7))).toMatchObject({ value: usd(7), entry: { quantity: 7 } });
    },
  );

  const perSeat = reward('credit', { perUnit: { unit: 'seats', value: usd(2_000) } });

  test.each([
    [1, 2_000],
    [50, 100_000],
    ['12', 24_000],
    [1_000_000, 2_000_000_000],
  ])('by seats, %j of them, is so much for each', (seats, amount) => {
    expect(worthOf(perSeat, referred({ seats }))).toMatchObject({ value: usd(amount) });
  });

  test.each([undefined, null, 0, -1, 1.5, 'many', '', ' 3', 1_000_001, Infinity, NaN, true, '9'.repeat(20)])(
    'by seats is not known of %j',
    (seats) => expect(worthOf(perSeat, referred({ seats }))).toBe('value_unknown'),
  );

  const upToTheBill = reward('credit', {
    ...{ perUnit: { unit: 'seats', value: usd(2_000) }, ceilingOf: 'annualBill', ceilingPer: 'year' },
    ceilingPercent: 100,
  } as const);

  test('keeps its whole value under a ceiling, which is so many percent of the bill of who gets it', () => {
    expect(worthOf(upToTheBill, recipient({ annualBill: 48_001 }))).toMatchObject({
      value: usd(60_000),
      ceiling: { quantity: 48_001, per: 'year' },
    });
    const third = reward('credit', { ...upToTheBill.terms, ceilingPercent: 33 });
    expect(worthOf(third, recipient({ annualBill: '1001' }))).toMatchObject({ ceiling: { quantity: 330 } });
    expect(worthOf(upToTheBill, recipient({}))).toBe('bill_unknown');
    expect(worthOf(upToTheBill, recipient({ annualBill: 'a lot' }))).toBe('bill_unknown');
  });

  test('of a discount has its own ceiling', () => {
    const month = reward('discount', { percent: 100, ceilingPercent: 100, ceilingPer: 'month' });
    expect(worthOf(month, nobody)).toMatchObject({ percent: 100, ceiling: { quantity: 100, per: 'month' } });
  });

  const forCompany = reward('credit', { value: usd(100), account: 'company' });

  test.each([
    [recipient({ company: ' Mill & Stone ' }, 'ana@gmail.com'), 'Mill & Stone'],
    [recipient({}, 'ana@post.mill.co.uk'), 'mill.co.uk'],
    [recipient({ company: ' ' }, 'ana@Mill.example'), 'mill.example'],
  ])('for a company is for that of %j', (facts, company) => {
    expect(worthOf(forCompany, facts)).toMatchObject({ company });
  });

  test('for a company is for nobody where only a free mail address is known', () => {
    expect(worthOf(forCompany, recipient({}, 'ana@gmail.com'))).toBe('company_unknown');
    expect(worthOf(forCompany, nobody)).toBe('company_unknown');
  });
});

test('a pool of codes belongs to coupons without a shared code and to gift cards that nobody else orders', () => {
  expect([hasPool(reward('coupon')), hasPool(reward('coupon', {}, 'ALL'))]).toEqual([true, false]);
  expect([hasPool(reward('gift_card')), hasPool(reward('gift_card', { fulfilment: 'webhook' }))]).toEqual([
    true,
    false,
  ]);
  expect(hasPool(reward('link'))).toBe(false);
});

test('a value is always a whole number of minor units, whatever the facts are', () => {
  const terms = fc.constantFrom<RewardTerms>(
    { perUnit: { unit: 'seats', value: usd(1_999) }, ceilingOf: 'bill', ceilingPercent: 37, ceilingPer: 'year' },
    { valueBy: { attribute: 'plan', table: { a: usd(1) } } },
  );
  fc.assert(
    fc.property(terms, fc.anything(), fc.anything(), fc.anything(), (given, plan, seats, bill) => {
      const worth = worthOf(reward('credit', given), {
        referred: { plan, seats },
        recipient: { email: null, attributes: { bill } },
      });
      if (typeof worth === 'string') return;
      expect(Number.isSafeInteger(worth.value?.amount) && worth.value!.amount > 0).toBe(true);
      expect(worth.ceiling === null || Number.isSafeInteger(worth.ceiling.quantity)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
