import { describe, expect, it } from 'vitest';
import { forecast, type Pace } from './forecast.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const rung = (threshold: number, every: number | null, value = usd(100)) => ({
  threshold,
  every,
  recipient: 'referrer' as const,
  value,
});
const pace = (people: number, before: number, ...gained: number[]): Pace => ({ people, before, gained });

describe('forecast', () => {
  it('costs nothing where nobody crosses', () => {
    const found = forecast([{ milestone: rung(3, null), paces: [pace(4, 0, 1, 1, 0), pace(2, 5, 1, 1, 1)] }], 3);
    expect(found).toEqual({
      grants: { low: 0, likely: 0, high: 0 },
      cost: { low: [usd(0)], likely: [usd(0)], high: [usd(0)] },
    });
  });

  it('goes on from the count of before, and spans the cheapest and the dearest third', () => {
    // 10 people cross 3 in the first third, 2 in the last; none in the middle.
    const paces = [pace(10, 2, 1, 0, 0), pace(2, 0, 1, 1, 1)];
    expect(forecast([{ milestone: rung(3, null), paces }], 3)).toEqual({
      grants: { low: 0, likely: 12, high: 30 },
      cost: { low: [usd(0)], likely: [usd(1200)], high: [usd(3000)] },
    });
  });

  it('counts every crossing of a repeating one, each referral of one that is for each, and currencies apart', () => {
    const paces = [pace(1, 0, 3, 5, 0)];
    const each = rung(1, 1, eur(10));
    expect(
      forecast(
        [
          { milestone: rung(3, 5), paces },
          { milestone: each, paces },
        ],
        3,
      ),
    ).toEqual({
      grants: { low: 0, likely: 10, high: 18 },
      cost: { low: [eur(0), usd(0)], likely: [eur(80), usd(200)], high: [eur(150), usd(300)] },
    });
  });
});
