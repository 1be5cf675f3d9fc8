import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { hasPool, REWARD_KINDS, type RewardKind } from '../../domain/rewards.js';
import { isLowStock } from '../../domain/webhook-events.js';
import { ChangeReward } from '../../flows/change-reward.js';
import { Restock } from '../../flows/restock.js';
import type { Reward } from '../../milestones/reward.entities.js';
import { couponStock, findReward, stockByValue } from '../../milestones/reward.store.js';
import { listUsedRewards } from '../../milestones/reward-use.store.js';
import { Database } from '../../platform/database.js';
import { readCouponCodes } from '../api/coupon-codes.js';
import { Id } from '../api/fields.js';
import { columnsOf, NewReward } from '../api/rewards.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { TypedAsIs } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import {
  asksOf,
  emptyReward,
  FINE,
  RewardForm,
  rewardFields,
  rewardProblems,
  rewardTyped,
  worthsOf,
} from './reward-form.js';
import type { RewardsView, RewardView } from './reward-views.js';
import { StaffPages } from './staff-pages.js';

const KINDS = Object.keys(REWARD_KINDS) as RewardKind[];
const Kind = z.enum(KINDS);
const KindQuery = z.object({ kind: Kind.optional().catch(undefined) });
const NewForm = RewardForm.extend({ kind: Kind });
const CodesForm = z.object({ codes: TypedAsIs });
const NO_CODES: RewardView['codes'] = { typed: '', problem: null, detail: '' };

type Shown = Partial<Pick<RewardView, 'typed' | 'problems' | 'codes'>>;

/** What can be given: made, changed, and filled with codes. */
@ApiExcludeController()
@Controller('admin/p/:publication/rewards')
export class RewardsPageController {
  constructor(
    private readonly database: Database,
    private readonly changeReward: ChangeReward,
    private readonly restock: Restock,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('rewards:read')
  async list(@Desk() desk: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const rewards = await listUsedRewards(this.database.reader, desk.workplace.id);
    const view: RewardsView = {
      rewards: rewards.map((reward) => ({
        id: reward.id,
        name: reward.name,
        kind: reward.kind,
        value: reward.terms.value ?? null,
        percent: reward.terms.percent ?? null,
        stock: hasPool(reward)
          ? {
              free: reward.freeCodes,
              total: reward.codes,
              isLow: isLowStock({ total: reward.codes, free: reward.freeCodes }),
            }
          : null,
        granted: reward.granted,
        usedBy: reward.usedBy,
      })),
      mayChange: mayAt(desk, 'rewards:write'),
    };
    return this.staffPages.send(request, reply, 'rewards', view);
  }

  @Get('new')
  @StaffCan('rewards:write')
  blank(
    @Desk() desk: DeskVisit,
    @Query({ schema: KindQuery }) { kind }: z.infer<typeof KindQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (kind === undefined) return this.staffPages.send(request, reply, 'reward-kinds', { kinds: KINDS });
    return this.form(desk, { kind, reward: null }, { typed: emptyReward(kind) }, request, reply);
  }

  @Post('new')
  @StaffCan('rewards:write')
  async add(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: NewForm }) { kind, ...typed }: z.infer<typeof NewForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const parsed = NewReward.safeParse(rewardTyped(kind, typed, null));
    if (!parsed.success) {
      const problems = rewardProblems(parsed.error.issues);
      return this.form(desk, { kind, reward: null }, { typed, problems }, request, reply);
    }
    const reward = await this.changeReward.add(desk.workplace.id, columnsOf(parsed.data), by);
    const rewards = `/admin/p/${desk.workplace.slug}/rewards`;
    return hasPool(reward)
      ? this.staffPages.goOn(reply, `${rewards}/${reward.id}`, 'reward-made-codes')
      : this.staffPages.goOn(reply, rewards, 'reward-made');
  }

  @Get(':id')
  @StaffCan('rewards:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const reward = await this.find(desk, id);
    return this.form(desk, { kind: reward.kind, reward }, {}, request, reply);
  }

  @Post(':id')
  @StaffCan('rewards:write')
  async change(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RewardForm }) typed: RewardForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const reward = await this.find(desk, id);
    const parsed = NewReward.safeParse(rewardTyped(reward.kind, typed, reward));
    const wrong = parsed.success ? [] : parsed.error.issues;
    // A coupon keeps to what it was made with: one code for all, or a pool.
    if (reward.kind === 'coupon' && (typed.code === '') !== (reward.code === null)) {
      wrong.push({ code: 'custom', path: ['code'], message: '', input: undefined });
    }
    if (!parsed.success || wrong.length > 0) {
      const problems = rewardProblems(wrong);
      return this.form(desk, { kind: reward.kind, reward }, { typed, problems }, request, reply);
    }
    await this.changeReward.run(desk.workplace.id, id, () => columnsOf(parsed.data), by);
    return this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/rewards`, 'reward-saved');
  }

  @Post(':id/codes')
  @StaffCan('rewards:write')
  async addCodes(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CodesForm }) { codes: typed }: z.infer<typeof CodesForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const reward = await this.find(desk, id);
    try {
      const { added, skipped } = await this.restock.run(desk.workplace.id, id, readCouponCodes(withHeader(typed)));
      return await this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/rewards/${id}`, 'codes-added', {
        added,
        skipped,
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request/invalid') throw error;
      const [first] = error.problems;
      const detail = first === undefined ? error.detail : `${first.path} ${first.message}`;
      const codes = { typed, problem: 'problem.reward.codes', detail };
      return this.form(desk, { kind: reward.kind, reward }, { codes }, request, reply);
    }
  }

  private async form(
    desk: DeskVisit,
    { kind, reward }: { kind: RewardKind; reward: Reward | null },
    shown: Shown,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const codes = shown.codes ?? NO_CODES;
    const problems = shown.problems ?? FINE;
    const view: RewardView = {
      id: reward?.id ?? null,
      kind,
      typed: shown.typed ?? (reward === null ? emptyReward(kind) : rewardFields(reward)),
      problems,
      asks: asksOf(kind, reward === null),
      worths: worthsOf(kind),
      stock: reward !== null && hasPool(reward) ? await this.stock(reward) : null,
      codes,
      mayChange: mayAt(desk, 'rewards:write'),
    };
    const isWrong = codes.problem !== null || Object.values(problems).some((problem) => problem !== null);
    return this.staffPages.send(request, reply, 'reward', view, isWrong ? 422 : 200);
  }

  private async stock({ publicationId, id }: Reward): Promise<RewardView['stock']> {
    const stock = await couponStock(this.database.reader, publicationId, id, null);
    return { ...stock, values: await stockByValue(this.database.reader, publicationId, id) };
  }

  private async find({ workplace }: DeskVisit, id: string): Promise<Reward> {
    const reward = await findReward(this.database.reader, workplace.id, id);
    if (reward === null) throw new DomainError('request/not-found', 'There is no such reward');
    return reward;
  }
}

/** Codes alone, one a line, may go without the header that a file has. */
function withHeader(text: string): string {
  const [first = ''] = text.trimStart().split('\n');
  return /(^|[,;\t])\s*"?code"?\s*([,;\t]|$)/i.test(first.trim()) ? text : `Code\n${text}`;
}
