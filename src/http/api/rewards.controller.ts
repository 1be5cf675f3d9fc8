import { Body, Controller, Get, Header, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError, invalid } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { hasPool } from '../../domain/rewards.js';
import { ChangeReward } from '../../flows/change-reward.js';
import { Restock } from '../../flows/restock.js';
import type { Reward } from '../../milestones/reward.entities.js';
import { couponStock, findReward, listRewards, stockByValue } from '../../milestones/reward.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { Actor, PublicationId } from '../authenticate.js';
import { readBody } from '../input.pipe.js';
import { readCouponCodes } from './coupon-codes.js';
import { Id, listOf, WholeFile } from './fields.js';
import { Operation } from './operation.js';
import {
  columnsOf,
  NewReward,
  RewardAnswer,
  rewardAnswer,
  RewardChanges,
  RewardWithStock,
  toldWith,
} from './rewards.schema.js';

const CodesFile = WholeFile.meta({ example: 'Code,Value,Currency\nRYE-001,2500,USD\nRYE-002,2500,USD\n' });

@ApiTags('rewards')
@Controller('api/v1/rewards')
export class RewardsController {
  constructor(
    private readonly database: Database,
    private readonly changeReward: ChangeReward,
    private readonly restock: Restock,
  ) {}

  @Post()
  @Operation({ summary: 'Make a reward', can: 'rewards:write', status: 201, answer: RewardAnswer })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Body({ schema: NewReward }) body: z.infer<typeof NewReward>,
  ) {
    return rewardAnswer(await this.changeReward.add(publicationId, columnsOf(body), by));
  }

  @Get()
  @Operation({ summary: 'All rewards, newest first', can: 'rewards:read', answer: listOf(RewardAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listRewards(this.database.reader, publicationId, page), page);
    return { data: data.map(rewardAnswer), nextCursor };
  }

  @Get(':id')
  @Operation({
    summary: 'One reward; with a pool also its stock',
    can: 'rewards:read',
    answer: RewardWithStock,
  })
  async get(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    const reward = await this.find(publicationId, id);
    if (!hasPool(reward)) return { ...rewardAnswer(reward), stock: null };
    const stock = await couponStock(this.database.reader, publicationId, id, null);
    return {
      ...rewardAnswer(reward),
      stock: { ...stock, values: await stockByValue(this.database.reader, publicationId, id) },
    };
  }

  @Patch(':id')
  @Operation({
    summary: 'Change what is named, for grants to come: those that are there keep what they are worth. null takes away',
    can: 'rewards:write',
    answer: RewardAnswer,
  })
  async update(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RewardChanges }) body: z.infer<typeof RewardChanges>,
  ) {
    const changed = (reward: Reward) => {
      if (body.code !== undefined && reward.code === null) {
        throw invalid('code', 'is for a coupon with one code for all');
      }
      return columnsOf(readBody(NewReward, toldWith(reward, body)));
    };
    return rewardAnswer(await this.changeReward.run(publicationId, id, changed, by));
  }

  @Post(':id/codes')
  @Header('cache-control', 'no-store')
  @ApiConsumes('text/csv')
  @Operation({
    summary:
      'Add codes to a pool, as CSV with a column Code and for gift cards Value (minor units) and Currency; whoever waits for one is served first',
    can: 'rewards:write',
    answer: z.object({
      added: z.number().int(),
      skipped: z.number().int().meta({ description: 'Codes that the pool had, or that stood twice in the file.' }),
    }),
    errors: ['reward/not-a-coupon'],
  })
  addCodes(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CodesFile }) csv: z.infer<typeof CodesFile>,
  ) {
    return this.restock.run(publicationId, id, readCouponCodes(csv));
  }

  private async find(publicationId: string, id: string): Promise<Reward> {
    const reward = await findReward(this.database.reader, publicationId, id);
    if (reward === null) throw new DomainError('request/not-found', 'There is no such reward');
    return reward;
  }
}
