import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Contest } from '../../contests/contest.entities.js';
import { listContests, prizesOfContests } from '../../contests/contest.store.js';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { AddContest } from '../../flows/add-contest.js';
import { type Place, ReadStanding } from '../../flows/read-standing.js';
import { Database } from '../../platform/database.js';
import { findProgram } from '../../publications/program.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { ContestAnswer, ContestList, NewContest, StandingAnswer, StandingQuery } from './contests.schema.js';
import { Id, Slug } from './fields.js';
import { Operation } from './operation.js';

@ApiTags('contests')
@Controller('api/v1')
export class ContestsController {
  constructor(
    private readonly database: Database,
    private readonly addContest: AddContest,
    private readonly readStanding: ReadStanding,
  ) {}

  @Get('programs/:slug/contests')
  @Operation({ summary: 'The contests of a program, newest first', can: 'programs:read', answer: ContestList })
  async list(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    const program = await this.find(publicationId, slug);
    const contests = await listContests(this.database.reader, publicationId, program.id);
    return { data: await this.answers(publicationId, contests), nextCursor: null };
  }

  @Post('programs/:slug/contests')
  @Operation({
    summary: 'Begin a contest: who brings most friends in each month, or within some days',
    can: 'programs:write',
    status: 201,
    answer: ContestAnswer,
  })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: NewContest }) body: z.infer<typeof NewContest>,
  ) {
    const contest = await this.addContest.run(await this.find(publicationId, slug), body, by);
    return (await this.answers(publicationId, [contest]))[0]!;
  }

  @Get('contests/:id/standing')
  @Operation({
    summary: 'Who is where in a round: as it stands, or as it was kept when the round was closed; the first 100',
    can: 'participants:read',
    answer: StandingAnswer,
  })
  async standing(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: StandingQuery }) query: z.infer<typeof StandingQuery>,
  ): Promise<z.input<typeof StandingAnswer>> {
    const standing = await this.readStanding.run(publicationId, id, query.round ?? null);
    const { contest, round, startsAt, endsAt, closedAt, closed, places } = standing;
    return {
      contest: { id: contest.id, name: contest.name },
      round,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
      rounds: closed,
      data: places.map(placeAnswer),
    };
  }

  @Delete('contests/:id')
  @Operation({
    summary: 'End a contest: nobody wins the running round, and none follows; closed rounds stay',
    can: 'programs:write',
    answer: null,
  })
  async end(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
  ): Promise<void> {
    await this.addContest.end(publicationId, id, by);
  }

  private async find(publicationId: string, slug: string) {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private async answers(publicationId: string, contests: readonly Contest[]) {
    const ids = contests.map(({ id }) => id);
    const prizes = await prizesOfContests(this.database.reader, publicationId, ids);
    return contests.map((contest): z.input<typeof ContestAnswer> => {
      const [from = '', to = ''] = contest.round.split('/');
      return {
        id: contest.id,
        name: contest.name,
        period: contest.period === 'month' ? 'month' : { from, to },
        stage: contest.stage,
        approval: contest.approval,
        prizes: prizes
          .filter(({ contestId }) => contestId === contest.id)
          .map(({ rank, rewardId, rewardName }) => ({ rank, reward: { id: rewardId, name: rewardName } })),
        round: contest.round,
        startsAt: contest.startsAt.toISOString(),
        endsAt: contest.endsAt.toISOString(),
        endedAt: contest.endedAt?.toISOString() ?? null,
        createdAt: contest.createdAt.toISOString(),
      };
    });
  }
}

function placeAnswer({ rank, subscriber, count, reachedAt, prize, grantId, isFlagged }: Place) {
  return {
    rank,
    subscriber: { id: subscriber.id, email: subscriber.email, firstName: subscriber.firstName },
    count,
    reachedAt: reachedAt.toISOString(),
    prize: prize && { id: prize.rewardId, name: prize.rewardName },
    grantId,
    flagged: isFlagged,
  };
}
