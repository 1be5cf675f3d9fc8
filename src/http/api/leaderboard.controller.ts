import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { monthRound, type Round, roundNamed } from '../../domain/contest.js';
import { DomainError } from '../../domain/errors.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { findProgram } from '../../publications/program.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { rankingOf } from '../../reports/ranking.store.js';
import { subscribersById } from '../../subscribers/subscriber.store.js';
import { PublicationId } from '../authenticate.js';
import { RankedAnswer } from './contests.schema.js';
import { Slug } from './fields.js';
import { Operation } from './operation.js';

const LeaderboardQuery = z.strictObject({
  period: z
    .string()
    .regex(/^(all|month|(?!0000)\d{4}-(0[1-9]|1[0-2]))$/, 'must be all, month, or a month such as 2026-11')
    .default('all')
    .meta({ description: '`month` is the present one, in the zone of the publication.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  program: Slug.optional().meta({ description: 'One program; without it all.' }),
});

const Leaderboard = z.object({ data: z.array(RankedAnswer) }).meta({ id: 'Leaderboard' });

@ApiTags('reports')
@Controller('api/v1/reports')
export class LeaderboardController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Get('leaderboard')
  @Operation({
    summary: 'Who brought most friends that count now; of two with as many, who had theirs first',
    can: 'reports:read',
    answer: Leaderboard,
  })
  async leaderboard(
    @PublicationId() publicationId: string,
    @Query({ schema: LeaderboardQuery }) { period, limit, program: slug }: z.infer<typeof LeaderboardQuery>,
  ): Promise<z.input<typeof Leaderboard>> {
    const tx = this.database.reader;
    const programId = slug === undefined ? null : await this.programNamed(publicationId, slug);
    const round = await this.roundOf(publicationId, period);
    const times = { startsAt: round?.startsAt ?? null, endsAt: round?.endsAt ?? null };
    const ranked = await rankingOf(tx, publicationId, { programId, stage: 'verified', ...times }, limit);
    const ids = ranked.map(({ subscriberId }) => subscriberId);
    const people = new Map((await subscribersById(tx, publicationId, ids)).map((person) => [person.id, person]));
    const data = ranked.map(({ subscriberId, count, reachedAt }, index) => {
      const { email = null, firstName = null } = people.get(subscriberId) ?? {};
      const subscriber = { id: subscriberId, email, firstName };
      return { rank: index + 1, subscriber, count, reachedAt: reachedAt.toISOString() };
    });
    return { data };
  }

  private async programNamed(publicationId: string, slug: string): Promise<string> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program.id;
  }

  private async roundOf(publicationId: string, period: string): Promise<Round | null> {
    if (period === 'all') return null;
    const { timezone } = await getPublication(this.database.reader, publicationId);
    return period === 'month' ? monthRound(this.clock.now(), timezone) : roundNamed(period, timezone);
  }
}
