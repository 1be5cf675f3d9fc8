import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Raffle, RafflePrize } from '../../contests/raffle.entities.js';
import { listRaffles, prizesOfRaffles } from '../../contests/raffle.store.js';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { AddRaffle } from '../../flows/add-raffle.js';
import { ReadRaffle } from '../../flows/read-raffle.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { findProgram } from '../../publications/program.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { NewRaffle, RaffleAnswer, RaffleList, RaffleWithWinners } from './contests.schema.js';
import { Id, Slug } from './fields.js';
import { Operation } from './operation.js';

@ApiTags('contests')
@Controller('api/v1')
export class RafflesController {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly addRaffle: AddRaffle,
    private readonly readRaffle: ReadRaffle,
  ) {}

  @Get('programs/:slug/raffles')
  @Operation({ summary: 'The raffles of a program, newest first', can: 'programs:read', answer: RaffleList })
  async list(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    const program = await this.find(publicationId, slug);
    const raffles = await listRaffles(this.database.reader, publicationId, program.id);
    const ids = raffles.map(({ id }) => id);
    const prizes = await prizesOfRaffles(this.database.reader, publicationId, ids);
    const own = (raffle: Raffle) => prizes.filter(({ raffleId }) => raffleId === raffle.id);
    return { data: raffles.map((raffle) => this.answer(raffle, own(raffle))), nextCursor: null };
  }

  @Post('programs/:slug/raffles')
  @Operation({
    summary: 'Announce a raffle, before its period begins: its seed is made and committed now',
    can: 'programs:write',
    status: 201,
    answer: RaffleAnswer,
  })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: NewRaffle }) body: z.infer<typeof NewRaffle>,
  ) {
    const raffle = await this.addRaffle.run(await this.find(publicationId, slug), body, by);
    return this.answer(raffle, await prizesOfRaffles(this.database.reader, publicationId, [raffle.id]));
  }

  @Get('raffles/:id')
  @Operation({ summary: 'A raffle, and who has won', can: 'participants:read', answer: RaffleWithWinners })
  async get(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
  ): Promise<z.input<typeof RaffleWithWinners>> {
    const shown = await this.readRaffle.run(publicationId, id);
    if (shown === null) throw new DomainError('request/not-found', 'There is no such raffle');
    const winners = shown.winners.map((winner) => ({
      number: winner.number,
      position: winner.position,
      entry: winner.entry,
      subscriberId: winner.subscriberId,
      reward: { id: winner.rewardId, name: winner.rewardName },
      grantId: winner.grantId,
      grantStatus: winner.grantStatus,
      flagged: winner.flaggedAt !== null,
    }));
    return { ...this.answer(shown.raffle, shown.prizes), winners };
  }

  @Delete('raffles/:id')
  @Operation({
    summary: 'Call a raffle off before it is drawn: nobody wins, and its page says so',
    can: 'programs:write',
    answer: null,
    errors: ['raffle/drawn'],
  })
  async cancel(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
  ): Promise<void> {
    await this.addRaffle.cancel(publicationId, id, by);
  }

  private async find(publicationId: string, slug: string) {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private answer(raffle: Raffle, prizes: readonly (RafflePrize & { rewardName: string })[]) {
    return {
      id: raffle.id,
      name: raffle.name,
      startsAt: raffle.startsAt.toISOString(),
      endsAt: raffle.endsAt.toISOString(),
      prizes: prizes.map(({ rewardId, rewardName, count }) => ({ reward: { id: rewardId, name: rewardName }, count })),
      entryRewardId: raffle.entryRewardId,
      approval: raffle.approval,
      url: this.links.raffle(raffle.id),
      commitment: raffle.commitment,
      seed: raffle.drawnAt === null ? null : raffle.seed,
      drawnAt: raffle.drawnAt?.toISOString() ?? null,
      listHash: raffle.listHash,
      entries: raffle.entryCount,
      cancelledAt: raffle.cancelledAt?.toISOString() ?? null,
      createdAt: raffle.createdAt.toISOString(),
    };
  }
}
