import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refundTimes } from './purchases.js';

const on = (day: number) => new Date(Date.UTC(2026, 0, day));
const bought = (id: string, day: number) => ({ id, at: on(day) });
const refund = (id: string, day: number, of: string | null = null) => ({ id, at: on(day), of });
const result = (...given: Parameters<typeof refundTimes>) =>
  Object.fromEntries([...refundTimes(...given)].map(([id, at]) => [id, at.getUTCDate()]));

describe('a refund', () => {
  test('that names a purchase is of that one, also when it is older than it', () => {
    expect(result([bought('a', 5), bought('b', 6)], [refund('r', 3, 'a')])).toEqual({ a: 3 });
  });

  test('that names none is of the latest before it', () => {
    expect(result([bought('a', 1), bought('b', 3), bought('c', 9)], [refund('r', 4)])).toEqual({ b: 4 });
  });

  test('is of one that was bought at the same moment', () => {
    expect(result([bought('a', 1)], [refund('r', 1)])).toEqual({ a: 1 });
  });

  test('that names none takes no purchase that another one names, and two take two', () => {
    const purchases = [bought('a', 1), bought('b', 2), bought('c', 3)];
    expect(result(purchases, [refund('r', 4), refund('s', 5, 'c')])).toEqual({ c: 5, b: 4 });
    expect(result(purchases, [refund('r', 4), refund('s', 5)])).toEqual({ c: 4, b: 5 });
  });

  test('of nothing that is known, or of what was refunded already, takes nothing', () => {
    expect(result([bought('a', 2)], [refund('r', 1), refund('s', 3, 'x')])).toEqual({});
    expect(result([bought('a', 2), bought('b', 3)], [refund('r', 4, 'a'), refund('s', 5, 'a')])).toEqual({ a: 4 });
  });
});

test('the order in which purchases and refunds were told makes no difference', () => {
  const told = fc.record({ day: fc.integer({ min: 1, max: 6 }), isRefund: fc.boolean(), of: fc.option(fc.nat(5)) });
  fc.assert(
    fc.property(fc.array(told, { maxLength: 10 }), fc.infiniteStream(fc.nat()), (events, random) => {
      const named = events.map((event, n) => ({ ...event, id: `${n}` }));
      const shuffled = named
        .map((event) => ({ event, at: random.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      const outcome = (list: typeof named) =>
        [
          ...refundTimes(
            list.filter(({ isRefund }) => !isRefund).map(({ id, day }) => bought(id, day)),
            list
              .filter(({ isRefund }) => isRefund)
              .map(({ id, day, of }) => refund(id, day, of === null ? null : `${of}`)),
          ),
        ].sort();
      expect(outcome(shuffled)).toEqual(outcome(named));
    }),
  );
});
