import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { rates } from '../../domain/funnel.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import { type FunnelCounts, funnelCounts } from '../../reports/funnel.store.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredMoney, Day } from './fields.js';
import { Operation } from './operation.js';

const FunnelQuery = z.strictObject({
  from: Day.optional().meta({ description: 'First day, in the zone of the publication; without it all time.' }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
  by: z.enum(['total', 'day', 'content', 'channel', 'referrer']).default('total'),
});

const count = (description: string) => z.number().int().meta({ description });
const rate = z.number().nullable();

const FunnelAnswer = z
  .object({
    data: z.array(
      z.object({
        key: z.string().nullable().meta({
          description:
            '`total`, a day, the slug of a content, a channel, or the referrer as a subscriber; null for what came through no content.',
        }),
        shares: count('Presses on share buttons. Not recorded yet, so 0.'),
        clicks: count('Human clicks: one per visitor, link and UTC hour.'),
        visitors: count('Distinct visitors per UTC day, summed.'),
        signups: count('People new to the publication who signed up through a link.'),
        verified: count('Referrals that count now, by the time of verifying.'),
        qualified: count('Of those that count now, by the time of reaching the stage `qualified`.'),
        purchased: count('Of those that count now, by the time of their first purchase.'),
        revenue: z.array(AnsweredMoney).meta({
          description: 'Of their purchases that were not refunded, one sum for each currency, never converted.',
        }),
        rates: z.object({
          clickToSignup: rate,
          signupToVerified: rate,
          verifiedToQualified: rate,
          qualifiedToPurchased: rate,
        }),
      }),
    ),
  })
  .meta({ id: 'Funnel' });

const NOTHING: FunnelCounts = {
  key: 'total',
  clicks: 0,
  visitors: 0,
  signups: 0,
  verified: 0,
  qualified: 0,
  purchased: 0,
  revenue: [],
};

@ApiTags('reports')
@Controller('api/v1/reports')
export class ReportsController {
  constructor(private readonly database: Database) {}

  @Get('funnel')
  @Operation({
    summary: 'From click to verified referral, each step at its own time',
    can: 'reports:read',
    answer: FunnelAnswer,
  })
  async funnel(
    @PublicationId() publicationId: string,
    @Query({ schema: FunnelQuery }) query: z.infer<typeof FunnelQuery>,
  ) {
    const { timezone } = await getPublication(this.database.reader, publicationId);
    const found = await funnelCounts(this.database.reader, publicationId, query.by, {
      from: query.from ?? null,
      to: query.to ?? null,
      timezone,
    });
    const rows = query.by === 'total' && found.length === 0 ? [NOTHING] : found;
    return { data: rows.map((row) => ({ ...row, shares: 0, rates: rates({ ...row, shares: 0 }) })) };
  }
}
