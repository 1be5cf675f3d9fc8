import { crossingsBetween, type MilestoneRule } from './milestones.js';
import { addMoney, type Money } from './money.js';

/** A milestone of a draft: its rule, and what one grant of it costs. */
export type DraftMilestone = MilestoneRule & { value: Money };

/** People whose count rose alike: from `before`, by so many in each part of the time looked at. */
export interface Pace {
  people: number;
  before: number;
  gained: readonly number[];
}

export interface Forecast {
  grants: { low: number; likely: number; high: number };
  cost: { low: Money[]; likely: Money[]; high: Money[] };
}

/**
 * What milestones would have cost over a time, had they been there: `likely` is the sum over its parts as they were, `low` and
 * `high` are the whole time at the pace of its cheapest and its dearest part. Caps and audiences are left out.
 */
export function forecast(
  draft: readonly { milestone: DraftMilestone; paces: readonly Pace[] }[],
  parts: number,
): Forecast {
  const grants = Array.from({ length: parts }, () => 0);
  const nothing = draft.map(({ milestone }) => ({ amount: 0, currency: milestone.value.currency }));
  const costs = Array.from({ length: parts }, () => [...nothing]);
  for (const { milestone, paces } of draft) {
    for (const pace of paces) {
      let count = pace.before;
      pace.gained.forEach((gain, part) => {
        const earned = crossingsBetween(milestone, count, count + gain) * pace.people;
        grants[part]! += earned;
        costs[part]!.push({ amount: earned * milestone.value.amount, currency: milestone.value.currency });
        count += gain;
      });
    }
  }
  return { grants: rangeOf(grants), cost: moneyRange(costs.map(addMoney)) };
}

function rangeOf(parts: readonly number[]): { low: number; likely: number; high: number } {
  const likely = parts.reduce((sum, part) => sum + part, 0);
  return { low: parts.length * Math.min(...parts), likely, high: parts.length * Math.max(...parts) };
}

function moneyRange(parts: readonly Money[][]): Forecast['cost'] {
  const likely = addMoney(parts.flat());
  const ranges = likely.map(({ currency }) => {
    const amounts = parts.map((sums) => sums.find((money) => money.currency === currency)?.amount ?? 0);
    return { currency, ...rangeOf(amounts) };
  });
  const end = (which: 'low' | 'high') => ranges.map((range) => ({ amount: range[which], currency: range.currency }));
  return { low: end('low'), likely, high: end('high') };
}
