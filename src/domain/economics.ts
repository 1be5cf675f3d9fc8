/** What a publisher tells of their customers; amounts in minor units of one currency. */
export interface CustomerFigures {
  /** Average yearly revenue of a customer. */
  arr: number;
  /** How long an average customer stays. */
  lifetimeYears: number;
  /** Sales and marketing in a year. */
  yearlyCost: number;
  /** Customers won by that in the same year. */
  customersWon: number;
}

/** A ratio of LTV to CAC above this is healthy; the usual yardstick is 3, the one that this product was asked for is 4. */
export const HEALTHY_ABOVE = 4;

/** LTV = average ARR × average lifetime in years, in minor units, rounded. */
export function lifetimeValue({ arr, lifetimeYears }: Pick<CustomerFigures, 'arr' | 'lifetimeYears'>): number {
  return Math.round(arr * lifetimeYears);
}

/** CAC = yearly cost / customers won in the year, rounded; null when none were won. */
export function acquisitionCost(yearlyCost: number, customersWon: number): number | null {
  return customersWon === 0 ? null : Math.round(yearlyCost / customersWon);
}

/** LTV / CAC to 2 places; null where a customer cost nothing, or none was won. */
export function valueRatio(ltv: number, cac: number | null): number | null {
  return cac === null || cac === 0 ? null : Math.round((ltv / cac) * 100) / 100;
}

export function isHealthy(ratio: number | null): boolean | null {
  return ratio === null ? null : ratio > HEALTHY_ABOVE;
}
