import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { acquisitionCost, isHealthy, lifetimeValue, valueRatio } from '../../domain/economics.js';
import { DomainError, invalid } from '../../domain/errors.js';
import { ruleProblem } from '../../domain/milestones.js';
import { addMoney } from '../../domain/money.js';
import { stagesInOrder } from '../../domain/stages.js';
import { FORECAST_DAYS, ForecastRewards } from '../../flows/forecast-rewards.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { findProgram } from '../../publications/program.store.js';
import { outcomeOf, rewardCostIn } from '../../reports/outcome.store.js';
import { PublicationId } from '../authenticate.js';
import { DraftLadder, EconomicsAnswer, EconomicsQuery, ForecastAnswer, FORMULA } from './economics.schema.js';
import { Operation } from './operation.js';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

@ApiTags('reports')
@Controller('api/v1/reports')
export class EconomicsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly forecastRewards: ForecastRewards,
  ) {}

  @Get('economics')
  @Operation({
    summary: "LTV, CAC and their ratio from the publisher's figures, beside what this program's rewards cost",
    can: 'reports:read',
    answer: EconomicsAnswer,
  })
  async economics(
    @PublicationId() publicationId: string,
    @Query({ schema: EconomicsQuery }) query: z.infer<typeof EconomicsQuery>,
  ): Promise<z.input<typeof EconomicsAnswer>> {
    const ltv = lifetimeValue(query);
    const year = await this.own(publicationId, query.currency, YEAR_DAYS);
    const recent = await this.own(publicationId, query.currency, FORECAST_DAYS);
    const pace = YEAR_DAYS / FORECAST_DAYS;
    const forecast = {
      rewardCost: Math.round(recent.rewardCost * pace),
      customers: Math.round(recent.customers * pace),
    };
    const money = (amount: number | null) => (amount === null ? null : { amount, currency: query.currency });
    const measured = (cost: number, customers: number) => {
      const cac = acquisitionCost(cost, customers);
      const ratio = valueRatio(ltv, cac);
      return { cac: money(cac), ratio, healthy: isHealthy(ratio) };
    };
    return {
      ltv: { amount: ltv, currency: query.currency },
      ...measured(query.yearlyCost, query.customersWon),
      formula: FORMULA,
      referrals: {
        rewardCost: money(year.rewardCost)!,
        customers: year.customers,
        ...measured(year.rewardCost, year.customers),
      },
      forecast: {
        rewardCost: money(forecast.rewardCost)!,
        customers: forecast.customers,
        ...measured(recent.rewardCost, recent.customers),
      },
    };
  }

  @Post('forecast')
  @Operation({
    summary: 'What a draft of milestones would have cost over the last 90 days, and per lead, as a range',
    can: 'reports:read',
    answer: ForecastAnswer,
    errors: ['request/not-found'],
  })
  async forecast(
    @PublicationId() publicationId: string,
    @Body({ schema: DraftLadder }) draft: z.infer<typeof DraftLadder>,
  ): Promise<z.input<typeof ForecastAnswer>> {
    const program = await findProgram(this.database.reader, publicationId, draft.program);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    draft.milestones.forEach((milestone, index) => {
      if (!stagesInOrder(program.stages).includes(milestone.stage)) {
        throw invalid(`milestones[${index}].stage`, 'is no stage of this program');
      }
      const problem = ruleProblem(milestone);
      if (problem !== null) throw invalid(`milestones[${index}].${problem.path}`, problem.message);
    });
    const { grants, cost, verified } = await this.forecastRewards.run(program, draft.milestones);
    const perLead = (sums: typeof cost.low) =>
      verified === 0 ? [] : sums.map(({ amount, currency }) => ({ amount: Math.round(amount / verified), currency }));
    return {
      days: FORECAST_DAYS,
      leads: verified,
      grants,
      cost,
      costPerLead: { low: perLead(cost.low), likely: perLead(cost.likely), high: perLead(cost.high) },
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
