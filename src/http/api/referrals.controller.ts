import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ReviewReferrals } from '../../flows/review-referrals.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { listReferralClicks } from '../../referrals/referral-click.store.js';
import { findReferral, historyOf, listReferrals } from '../../referrals/shown-referral.store.js';
import { stagesOf } from '../../referrals/stage.store.js';
import { Actor, type Caller, CallerOf, PublicationId } from '../authenticate.js';
import { attributionAnswer } from './attribution-answer.js';
import { Id, listOf } from './fields.js';
import { Operation } from './operation.js';
import { historyAnswer, referralAnswer } from './referral-answer.js';
import { NewReview, ReferralAnswer, ReferralDetail, ReviewAnswer } from './subscribers.schema.js';

const ReferralQuery = PageQuery.extend({
  state: z.enum(['pending', 'held', 'verified', 'rejected', 'expired', 'reversed']).optional(),
  heldFor: z.enum(['delay', 'engagement', 'review']).optional(),
  referrerId: Id.optional().meta({ description: 'The referrer as a subscriber.' }),
});

@ApiTags('referrals')
@Controller('api/v1/referrals')
export class ReferralsController {
  constructor(
    private readonly database: Database,
    private readonly reviewReferrals: ReviewReferrals,
  ) {}

  @Get()
  @Operation({ summary: 'Referrals, newest first', can: 'referrals:read', answer: listOf(ReferralAnswer) })
  async list(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Query({ schema: ReferralQuery }) query: z.infer<typeof ReferralQuery>,
  ) {
    const page = pageRequest(query);
    const filter = { state: query.state ?? null, heldFor: query.heldFor ?? null, referrerId: query.referrerId ?? null };
    const { data, nextCursor } = pageOf(await listReferrals(this.database.reader, publicationId, filter, page), page);
    const stages = await stagesOf(
      this.database.reader,
      publicationId,
      data.map(({ id }) => id),
    );
    return { data: data.map((referral) => referralAnswer(referral, stages, role)), nextCursor };
  }

  @Post('review')
  @Operation({
    summary: 'A person decides about up to 1,000 referrals; says of each what became of it',
    can: 'referrals:review',
    answer: ReviewAnswer,
  })
  async review(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Body({ schema: NewReview }) { ids, decision, note }: z.infer<typeof NewReview>,
  ) {
    return { data: await this.reviewReferrals.run(publicationId, { ids, decision, note: note ?? null }, by) };
  }

  @Get(':id')
  @Operation({
    summary:
      'One referral, with all that happened to it, and every link that the friend came by and why it is credited or not',
    can: 'referrals:read',
    answer: ReferralDetail,
  })
  async get(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Param('id', { schema: Id }) id: string,
  ) {
    const referral = await findReferral(this.database.reader, publicationId, id);
    if (referral === null) throw new DomainError('request/not-found', 'There is no such referral');
    const stages = await stagesOf(this.database.reader, publicationId, [id]);
    const history = historyAnswer(await historyOf(this.database.reader, publicationId, id));
    const judged = await listReferralClicks(this.database.reader, publicationId, referral.referredId);
    return { ...referralAnswer(referral, stages, role), history, attribution: judged.map(attributionAnswer) };
  }
}
