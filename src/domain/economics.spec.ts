import { expect, it } from 'vitest';
import { acquisitionCost, isHealthy, lifetimeValue, valueRatio } from './economics.js';

it.each([
  [{ arr: 120_000, lifetimeYears: 3, yearlyCost: 5_000_000, customersWon: 100 }, 360_000, 50_000, 7.2, true],
  [{ arr: 100, lifetimeYears: 4, yearlyCost: 100, customersWon: 1 }, 400, 100, 4, false],
  [{ arr: 99, lifetimeYears: 2.5, yearlyCost: 100, customersWon: 3 }, 248, 33, 7.52, true],
  [{ arr: 100, lifetimeYears: 4, yearlyCost: 100, customersWon: 0 }, 400, null, null, null],
  [{ arr: 100, lifetimeYears: 4, yearlyCost: 0, customersWon: 5 }, 400, 0, null, null],
])('%o', (figures, ltv, cac, ratio, healthy) => {
  const cost = acquisitionCost(figures.yearlyCost, figures.customersWon);
  const found = valueRatio(lifetimeValue(figures), cost);
  expect([lifetimeValue(figures), cost, found, isHealthy(found)]).toEqual([ltv, cac, ratio, healthy]);
});
