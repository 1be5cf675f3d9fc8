import { Body, Controller, Get, Header, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError, invalid } from '../../domain/errors.js';
import { Restock } from '../../flows/restock.js';
import type { Reward } from '../../milestones/reward.entities.js';
import { couponStock, findReward, insertReward, listRewards, updateReward } from '../../milestones/reward.store.js';
import { Clock, Ids } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { PublicationId } from '../authenticate.js';
import { readCouponCodes } from './coupon-codes.js';
import { AnsweredInstant, Id, line, listOf, paragraph, WebUrl, WholeFile } from './fields.js';
import { Operation } from './operation.js';

const description = paragraph(1_000).nullish();
const url = WebUrl.nullish().meta({ description: 'Where a coupon is used.' });

const NewReward = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('link'), name: line(120), url: WebUrl, description }),
  z.strictObject({
    kind: z.literal('coupon'),
    name: line(120),
    code: line(100).nullish().meta({ description: 'One code for everybody; without it a pool is filled with codes.' }),
    url,
    description,
  }),
  z.strictObject({ kind: z.literal('custom'), name: line(120), description }),
]);

const CodesFile = WholeFile.meta({ example: 'Code\nRYE-001\nRYE-002\n' });

const RewardChanges = z.strictObject({
  name: line(120).optional(),
  url: WebUrl.nullable().optional(),
  description: paragraph(1_000).nullable().optional(),
  code: line(100).optional().meta({ description: 'Of a coupon that has one code for everybody.' }),
});

const RewardAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(['link', 'coupon', 'custom']),
    url: z.string().nullable(),
    code: z.string().nullable(),
    description: z.string().nullable(),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Reward' });
const RewardWithStock = RewardAnswer.extend({
  stock: z.object({ total: z.number().int(), free: z.number().int() }).nullable(),
}).meta({ id: 'RewardWithStock' });

@ApiTags('rewards')
@Controller('api/v1/rewards')
export class RewardsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly restock: Restock,
  ) {}

  @Post()
  @Operation({ summary: 'Make a reward', can: 'rewards:write', status: 201, answer: RewardAnswer })
  async create(@PublicationId() publicationId: string, @Body({ schema: NewReward }) body: z.infer<typeof NewReward>) {
    const reward: Reward = {
      publicationId,
      id: this.ids.next(),
      name: body.name,
      kind: body.kind,
      url: ('url' in body ? body.url : null) ?? null,
      code: ('code' in body ? body.code : null) ?? null,
      description: body.description ?? null,
      createdAt: this.clock.now(),
    };
    await insertReward(this.database.reader, reward);
    return answer(reward);
  }

  @Get()
  @Operation({ summary: 'All rewards, newest first', can: 'rewards:read', answer: listOf(RewardAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listRewards(this.database.reader, publicationId, page), page);
    return { data: data.map(answer), nextCursor };
  }

  @Get(':id')
  @Operation({
    summary: 'One reward; for a coupon with a pool also its stock',
    can: 'rewards:read',
    answer: RewardWithStock,
  })
  async get(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    const reward = await this.find(publicationId, id);
    const hasPool = reward.kind === 'coupon' && reward.code === null;
    return { ...answer(reward), stock: hasPool ? await couponStock(this.database.reader, publicationId, id) : null };
  }

  @Patch(':id')
  @Operation({ summary: 'Change what is named', can: 'rewards:write', answer: RewardAnswer })
  async update(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RewardChanges }) body: z.infer<typeof RewardChanges>,
  ) {
    const reward = await this.find(publicationId, id);
    if (reward.kind === 'link' && body.url === null) throw invalid('url', 'a link reward needs one');
    if (reward.kind === 'custom' && body.url != null) throw invalid('url', 'is for links and coupons');
    if (body.code !== undefined && reward.code === null) throw invalid('code', 'is for a coupon with one code for all');
    await this.database.transaction((tx) => updateReward(tx, publicationId, id, body));
    return answer({ ...reward, ...body });
  }

  @Post(':id/codes')
  @Header('cache-control', 'no-store')
  @ApiConsumes('text/csv')
  @Operation({
    summary: 'Add codes to the pool of a coupon, as CSV with a column Code; whoever waits for one is served first',
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

function answer({ publicationId: _, ...reward }: Reward): Omit<Reward, 'publicationId'> {
  return reward;
}
