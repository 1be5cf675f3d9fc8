import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { DomainError, invalid } from '../../domain/errors.js';
import { ruleProblem } from '../../domain/milestones.js';
import { stagesInOrder } from '../../domain/stages.js';
import { FORECAST_DAYS, ForecastRewards } from '../../flows/forecast-rewards.js';
import { ReadEconomics } from '../../flows/read-economics.js';
import { Database } from '../../platform/database.js';
import { findProgram } from '../../publications/program.store.js';
import { PublicationId } from '../authenticate.js';
import { DraftLadder, EconomicsAnswer, EconomicsQuery, ForecastAnswer, FORMULA } from './economics.schema.js';
import { Operation } from './operation.js';

@ApiTags('reports')
@Controller('api/v1/reports')
export class EconomicsController {
  constructor(
    private readonly database: Database,
    private readonly readEconomics: ReadEconomics,
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
    return { ...(await this.readEconomics.run(publicationId, query)), formula: FORMULA };
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
}
