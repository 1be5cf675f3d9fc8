import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { AdjustCount } from '../../flows/adjust-count.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { type AdjustmentRow, listAdjustments } from '../../referrals/adjustment.store.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, Id, line, listOf, Slug } from './fields.js';
import { Operation } from './operation.js';

const NewAdjustment = z.strictObject({
  program: Slug.default('default'),
  delta: z
    .number()
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((delta) => delta !== 0, 'must not be 0')
    .meta({ description: 'Added to the count of the season; below 0 it takes away.' }),
  reason: line(300),
});

const AdjustmentAnswer = z
  .object({
    id: z.uuid(),
    program: z.string(),
    season: z.number().int(),
    delta: z.number().int(),
    reason: z.string(),
    source: z.enum(['import', 'staff', 'floor']).meta({
      description:
        '`floor`: a referral was reversed that a correction had taken out already, and no count falls below zero.',
    }),
    actor: z.string(),
    at: AnsweredInstant,
  })
  .meta({ id: 'Adjustment' });

const AdjustedAnswer = AdjustmentAnswer.extend({
  referralCount: z.number().int().meta({ description: 'The count of the season as it is now.' }),
});

@ApiTags('subscribers')
@Controller('api/v1/subscribers/:id/adjustments')
export class AdjustmentsController {
  constructor(
    private readonly database: Database,
    private readonly adjustCount: AdjustCount,
  ) {}

  @Get()
  @Operation({
    summary: 'What was added to or taken from the counts of a reader beside their referrals, newest first',
    can: 'subscribers:adjust',
    answer: listOf(AdjustmentAnswer),
  })
  async list(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ) {
    if ((await findSubscriber(this.database.reader, publicationId, id)) === null) {
      throw new DomainError('request/not-found', 'There is no such subscriber');
    }
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listAdjustments(this.database.reader, publicationId, id, page), page);
    return { data: data.map(answer), nextCursor };
  }

  @Post()
  @Operation({
    summary: 'Correct the count of a reader; milestones are crossed by it as by referrals',
    can: 'subscribers:adjust',
    status: 201,
    answer: AdjustedAnswer,
    errors: ['adjustment/below-zero', 'subscriber/erased'],
  })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewAdjustment }) body: z.infer<typeof NewAdjustment>,
  ) {
    const { adjustment, count } = await this.adjustCount.run(publicationId, id, body, by);
    return { ...answer({ ...adjustment, programSlug: body.program }), referralCount: count };
  }
}

function answer({ id, programSlug, season, delta, reason, source, actor, at }: AdjustmentRow) {
  return { id, program: programSlug, season, delta, reason, source, actor, at: at.toISOString() };
}
