import { Injectable } from '@nestjs/common';
import { acquisitionCost, type CustomerFigures, isHealthy, lifetimeValue, valueRatio } from '../domain/economics.js';
import { addMoney, type Money } from '../domain/money.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { outcomeOf, rewardCostIn } from '../reports/outcome.store.js';
import { FORECAST_DAYS } from './forecast-rewards.js';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

/** What a customer costs, and how their worth compares; null where it cannot be said. */
interface CostOfCustomer {
  cac: Money | null;
  ratio: number | null;
  healthy: boolean | null;
}

interface Economics extends CostOfCustomer {
  ltv: Money;
  /** The last 365 days of this publication: rewards by the ledger, and referrals that purchased. */
  referrals: CostOfCustomer & { rewardCost: Money; customers: number };
  /** A year at the pace of the last 90 days. */
  forecast: CostOfCustomer & { rewardCost: Money; customers: number };
}

/** Worth and cost of a customer, from the publisher's own figures beside what this publication's rewards cost. In one currency. */
@Injectable()
export class ReadEconomics {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(publicationId: string, told: CustomerFigures & { currency: string }): Promise<Economics> {
    const { currency } = told;
    const ltv = lifetimeValue(told);
    const year = await this.own(publicationId, currency, YEAR_DAYS);
    const recent = await this.own(publicationId, currency, FORECAST_DAYS);
    const pace = YEAR_DAYS / FORECAST_DAYS;
    const measured = ({ rewardCost, customers }: { rewardCost: number; customers: number }): CostOfCustomer => {
      const cac = acquisitionCost(rewardCost, customers);
      const ratio = valueRatio(ltv, cac);
      return { cac: cac === null ? null : { amount: cac, currency }, ratio, healthy: isHealthy(ratio) };
    };
    const money = (amount: number): Money => ({ amount: Math.round(amount), currency });
    return {
      ltv: money(ltv),
      ...measured({ rewardCost: told.yearlyCost, customers: told.customersWon }),
      referrals: { rewardCost: money(year.rewardCost), customers: year.customers, ...measured(year) },
      forecast: {
        rewardCost: money(recent.rewardCost * pace),
        customers: Math.round(recent.customers * pace),
        ...measured(recent),
      },
    };
  }

  /** What referrals cost and won in the days up to now, in one currency. */
  private async own(publicationId: string, currency: string, days: number) {
    const now = this.clock.now();
    const period = { startsAt: new Date(now.getTime() - days * DAY_MS), endsAt: now };
    const costs = await rewardCostIn(this.database.reader, publicationId, period);
    const { purchased } = await outcomeOf(this.database.reader, publicationId, period);
    const rewardCost = addMoney(costs).find((money) => money.currency === currency)?.amount ?? 0;
    return { rewardCost, customers: purchased };
  }
}
