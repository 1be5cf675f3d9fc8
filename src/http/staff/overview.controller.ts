import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { daysRound } from '../../domain/contest.js';
import { dayAfter } from '../../domain/local-time.js';
import { ReadSummary } from '../../flows/read-summary.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import type { Publication } from '../../publications/publication.entities.js';
import { getPublication } from '../../publications/publication.store.js';
import { countWaiting, readSetUpFacts } from '../../reports/waiting.store.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit } from './guard.js';
import { stepsOf } from './set-up.controller.js';
import { StaffPages } from './staff-pages.js';
import type { OverviewView } from './staff-views.js';

const PERIODS = [30, 90, 365] as const;
const OverviewQuery = z.object({
  days: z.coerce
    .number()
    .refine((days) => (PERIODS as readonly number[]).includes(days))
    .catch(90),
});

/** What a publication's staff see first: what waits for them, and how the publication grows. */
@ApiExcludeController()
@Controller('admin/p/:publication')
export class OverviewController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly readSummary: ReadSummary,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('reports:read')
  async overview(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: OverviewQuery }) { days }: z.infer<typeof OverviewQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const publication = await getPublication(this.database.reader, workplace.id);
    const { review, grants, mails } = await countWaiting(this.database.reader, workplace.id);
    const figures = await this.figures(publication, days);
    const view = {
      days,
      waiting: { review, grants, mails, total: review + grants + mails },
      ...figures,
      setUp: await this.setUp(publication),
    };
    return this.staffPages.send(request, reply, 'overview', view);
  }

  private async figures(publication: Publication, count: number): Promise<Pick<OverviewView, 'figures' | 'ofTen'>> {
    const now = this.clock.now();
    const { timezone } = publication;
    const from = dayAfter(now, 1 - count, timezone);
    const to = dayAfter(now, 0, timezone);
    const { startsAt } = daysRound({ from, to: from }, timezone);
    const found = await this.readSummary.run(publication, { from, to, timezone }, { startsAt, endsAt: now });
    return {
      ofTen: found.referredShare === null ? null : Math.round(found.referredShare * 10),
      figures: {
        newSubscribers: found.newSubscribers,
        newReferred: found.newReferred,
        participationRate: found.participationRate,
        referralConversionRate: found.referralConversionRate,
        purchased: found.purchasedSince,
        signedUp: found.signedUp,
        kFactor: found.kFactor,
        medianHours: found.medianHoursToVerify,
        rewardCost: found.rewardCost,
      },
    };
  }

  private async setUp(publication: Publication): Promise<OverviewView['setUp']> {
    const steps = stepsOf(publication, await readSetUpFacts(this.database.reader, publication.id));
    const done = steps.filter((step) => step.done).length;
    return done === steps.length ? null : { done, of: steps.length, steps };
  }
}
