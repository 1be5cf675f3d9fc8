import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DomainError } from '../../domain/errors.js';
import { Database } from '../../platform/database.js';
import { listReferralClicks } from '../../referrals/referral-click.store.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { PublicationId } from '../authenticate.js';
import { AttributionAnswer, attributionAnswer } from './attribution-answer.js';
import { Id, listOf } from './fields.js';
import { Operation } from './operation.js';

/** Of a reader and not of a referral: where nobody is credited there is no referral to ask about. */
@ApiTags('subscribers')
@Controller('api/v1/subscribers')
export class AttributionController {
  constructor(private readonly database: Database) {}

  @Get(':id/attribution')
  @Operation({
    summary: 'Every link that the reader came by, and why it is credited with them or not; at most 21, all at once',
    can: 'referrals:read',
    answer: listOf(AttributionAnswer),
  })
  async list(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    const subscriber = await findSubscriber(this.database.reader, publicationId, id);
    if (subscriber === null) throw new DomainError('request/not-found', 'There is no such subscriber');
    const judged = await listReferralClicks(this.database.reader, publicationId, id);
    return { data: judged.map(attributionAnswer), nextCursor: null };
  }
}
