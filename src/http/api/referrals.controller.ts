import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { listReferralClicks } from '../../referrals/referral-click.store.js';
import { findReferral, listReferrals } from '../../referrals/shown-referral.store.js';
import { stagesOf } from '../../referrals/stage.store.js';
import { type Caller, CallerOf, PublicationId } from '../authenticate.js';
import { attributionAnswer } from './attribution-answer.js';
import { Id, listOf } from './fields.js';
import { Operation } from './operation.js';
import { referralAnswer } from './referral-answer.js';
import { ReferralAnswer, ReferralDetail } from './subscribers.schema.js';

const ReferralQuery = PageQuery.extend({
  state: z.enum(['pending', 'held', 'verified', 'rejected', 'expired', 'reversed']).optional(),
  referrerId: Id.optional().meta({ description: 'The referrer as a subscriber.' }),
});

@ApiTags('referrals')
@Controller('api/v1/referrals')
export class ReferralsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({ summary: 'Referrals, newest first', can: 'referrals:read', answer: listOf(ReferralAnswer) })
  async list(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Query({ schema: ReferralQuery }) query: z.infer<typeof ReferralQuery>,
  ) {
    const page = pageRequest(query);
    const filter = { state: query.state ?? null, referrerId: query.referrerId ?? null };
    const { data, nextCursor } = pageOf(await listReferrals(this.database.reader, publicationId, filter, page), page);
    const stages = await stagesOf(
      this.database.reader,
      publicationId,
      data.map(({ id }) => id),
    );
    return { data: data.map((referral) => referralAnswer(referral, stages, role)), nextCursor };
  }

  @Get(':id')
  @Operation({
    summary: 'One referral, with every link that the friend came by and why it is credited or not',
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
    const judged = await listReferralClicks(this.database.reader, publicationId, referral.referredId);
    return { ...referralAnswer(referral, stages, role), attribution: judged.map(attributionAnswer) };
  }
}
