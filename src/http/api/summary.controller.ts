import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { daysRound } from '../../domain/contest.js';
import { rates } from '../../domain/funnel.js';
import { ReadSummary } from '../../flows/read-summary.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { contentsBySlug } from '../../publications/content.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { funnelCounts } from '../../reports/funnel.store.js';
import { PublicationId } from '../authenticate.js';
import { ReportDays } from './funnel-answer.js';
import { Operation } from './operation.js';
import { ContentsAnswer, SummaryAnswer } from './summary.schema.js';

const ContentsQuery = ReportDays.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) });

@ApiTags('reports')
@Controller('api/v1/reports')
export class SummaryController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly readSummary: ReadSummary,
  ) {}

  @Get('summary')
  @Operation({
    summary: 'Growth by referrals, how many take part, what it costs; each figure with its definition in the schema',
    can: 'reports:read',
    answer: SummaryAnswer,
  })
  async summary(
    @PublicationId() publicationId: string,
    @Query({ schema: ReportDays }) { from, to }: z.infer<typeof ReportDays>,
  ) {
    const publication = await getPublication(this.database.reader, publicationId);
    const { timezone } = publication;
    const startsAt = from === undefined ? null : daysRound({ from, to: from }, timezone).startsAt;
    const endsAt = to === undefined ? this.clock.now() : daysRound({ from: to, to }, timezone).endsAt;
    const days = { from: from ?? null, to: to ?? null, timezone };
    const { grants, ...found } = await this.readSummary.run(publication, days, { startsAt, endsAt });
    return { ...found, grants: Object.fromEntries(grants.map(({ status, count }) => [status, count])) };
  }

  @Get('contents')
  @Operation({
    summary: 'Which contents brought most: by verified referrals, then signups, then clicks',
    can: 'reports:read',
    answer: ContentsAnswer,
  })
  async contents(
    @PublicationId() publicationId: string,
    @Query({ schema: ContentsQuery }) { from, to, limit }: z.infer<typeof ContentsQuery>,
  ) {
    const { timezone } = await getPublication(this.database.reader, publicationId);
    const days = { from: from ?? null, to: to ?? null, timezone };
    const found = await funnelCounts(this.database.reader, publicationId, ['content'], days);
    const best = found
      .flatMap(({ keys: [slug], ...counts }) => (slug ? [{ slug, ...counts }] : []))
      .sort(
        (a, b) => b.verified - a.verified || b.signups - a.signups || b.clicks - a.clicks || (a.slug < b.slug ? -1 : 1),
      )
      .slice(0, limit);
    const contents = await contentsBySlug(this.database.reader, publicationId, best.map(({ slug }) => slug)); // prettier-ignore
    const data = best.map(({ slug, ...counts }, index) => {
      const { title = slug, kind = 'page', publishedAt = null } = contents.find((one) => one.slug === slug) ?? {};
      const content = { slug, title, kind, publishedAt };
      return { rank: index + 1, content, ...counts, rates: rates(counts) };
    });
    return { data };
  }
}
