import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { explain } from '../../domain/reasons.js';
import { FRAUD_LEVELS } from '../../domain/fraud.js';
import { DryRunFraud } from '../../flows/dry-run-fraud.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredInstant, Slug } from './fields.js';
import { Operation } from './operation.js';
import { ReasonAnswer } from './subscribers.schema.js';

const Level = z.enum(FRAUD_LEVELS);
const Count = z.number().int();
const Examples = z
  .array(z.object({ referralId: z.uuid(), at: AnsweredInstant, reasons: z.array(ReasonAnswer) }))
  .meta({ description: 'At most 10, newest first.' });
const DryRunAnswer = z
  .object({
    level: Level,
    current: Level.meta({
      description: 'The level of the program now. Each referral was judged by the level of its own time.',
    }),
    since: AnsweredInstant,
    counts: z.object({
      referrals: Count.meta({ description: 'Confirmed since then and judged. Imported ones never are.' }),
      unchanged: Count,
      wouldHold: Count.meta({ description: 'Went through by themselves, and would wait for a person.' }),
      wouldLetThrough: Count.meta({ description: 'Waited for a person, and would go through by themselves.' }),
      rejected: Count.meta({ description: 'Refused at every level.' }),
    }),
    examples: z.object({ wouldHold: Examples, wouldLetThrough: Examples }),
  })
  .meta({ id: 'FraudDryRun' });

const DryRunQuery = z.strictObject({
  level: Level.optional().meta({ description: 'That of the program when it is left out.' }),
});

@ApiTags('programs')
@Controller('api/v1/programs')
export class FraudDryRunController {
  constructor(private readonly dryRun: DryRunFraud) {}

  @Get(':slug/fraud-dry-run')
  @Operation({
    summary: 'What another level would have decided on the referrals confirmed in the last 90 days; nothing is written',
    can: 'referrals:read',
    answer: DryRunAnswer,
  })
  async run(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Query({ schema: DryRunQuery }) query: z.infer<typeof DryRunQuery>,
  ) {
    const { level, ...played } = await this.dryRun.run(publicationId, slug, query.level ?? null);
    const explained = (examples: typeof played.examples.wouldHold) =>
      examples.map((example) => ({ ...example, reasons: explain(example.reasons) }));
    const { wouldHold, wouldLetThrough } = played.examples;
    const examples = { wouldHold: explained(wouldHold), wouldLetThrough: explained(wouldLetThrough) };
    return { level, ...played, examples };
  }
}
