import { Injectable } from '@nestjs/common';
import { type GrantStatus, needsApproval } from '../domain/grants.js';
import { releaseAt } from '../domain/release.js';
import { insertGrant, lockGrant, updateGrant } from '../milestones/grant.store.js';
import type { Grant, Milestone } from '../milestones/milestone.entities.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { deliveryOf } from '../publications/delivery.js';
import type { Program } from '../publications/publication.entities.js';
import { wasEverReviewed } from '../referrals/referral.store.js';
import { Announce } from './announce.js';
import { Owe } from './owe.js';
import { type Crossing, type Planned, PlanGrants } from './plan-grants.js';
import { TellSharer } from './tell-sharer.js';

/** What comes within the hour is told of when it comes. */
const SOON_MS = 3_600_000;

/** Grants a reward for each occurrence of a milestone, or does nothing when the person has it. */
@Injectable()
export class GrantOnce {
  constructor(
    private readonly ids: Ids,
    private readonly planGrants: PlanGrants,
    private readonly owe: Owe,
    private readonly announce: Announce,
    private readonly tellSharer: TellSharer,
  ) {}

  async within(tx: Tx, program: Program, milestone: Milestone, crossing: Crossing, now: Date): Promise<void> {
    await this.many(tx, program, milestone, [crossing], now);
  }

  /** As within; answers how many were granted, those with a reward and those above the cap. */
  async many(
    tx: Tx,
    program: Program,
    milestone: Milestone,
    crossings: readonly Crossing[],
    now: Date,
  ): Promise<{ granted: number; capped: number }> {
    const planned = await this.planGrants.within(tx, program, milestone, crossings, now, true);
    const done = { granted: 0, capped: 0 };
    for (const plan of planned) {
      if (await this.grant(tx, program, milestone, plan, now)) done[plan.capped ? 'capped' : 'granted']++;
    }
    return done;
  }

  private async grant(tx: Tx, program: Program, milestone: Milestone, plan: Planned, now: Date): Promise<boolean> {
    const { publicationId } = program;
    const status = plan.capped ? 'capped' : await this.firstStatus(tx, milestone, plan.crossing);
    const dueAt = releaseAt(now, milestone.holdDays, deliveryOf(program));
    const grant =
      plan.reinstates === null
        ? await this.insert(tx, program, milestone, plan, { status, dueAt }, now)
        : await this.reinstate(tx, publicationId, plan.reinstates, { status, dueAt });
    if (grant === null) return false;
    if (status === 'due') await this.owe.within(tx, grant, now);
    if (plan.reinstates === null) await this.announce.grant(tx, publicationId, 'milestone.reached', grant.id, now);
    if (isLater(status, dueAt, now)) await this.tellSharer.earned(tx, grant, now);
    return true;
  }

  private async firstStatus(tx: Tx, { publicationId, approval }: Milestone, { participantId }: Crossing) {
    const reviewed = approval === 'semi_manual' && (await wasEverReviewed(tx, publicationId, participantId));
    return needsApproval(approval, reviewed) ? 'awaiting_approval' : 'due';
  }

  private insert(
    tx: Tx,
    program: Program,
    milestone: Milestone,
    { crossing, reachedAt, month }: Planned,
    standing: Pick<Grant, 'status' | 'dueAt'>,
    now: Date,
  ): Promise<Grant | null> {
    const { subscriberId, occurrence, referralId, count } = crossing;
    return insertGrant(tx, program.publicationId, {
      ...{ id: this.ids.next(), milestoneId: milestone.id, milestoneVersion: milestone.version },
      ...{ subscriberId, occurrence, referralId, count, rewardId: milestone.rewardId },
      ...{ season: program.season, reachedAt, reachedMonth: month, createdAt: now },
      ...standing,
    });
  }

  /** The same row, so that the person has it once whatever happened; what it once was promised as stays. */
  private async reinstate(tx: Tx, publicationId: string, id: string, standing: Pick<Grant, 'status' | 'dueAt'>) {
    const grant = await lockGrant(tx, publicationId, id);
    if (grant === null) throw new Error('a grant vanished while it came back');
    const back = { ...standing, reason: null };
    await updateGrant(tx, publicationId, id, back);
    return { ...grant, ...back };
  }
}

function isLater(status: GrantStatus, dueAt: Date, now: Date): boolean {
  return status === 'awaiting_approval' || (status === 'due' && dueAt.getTime() - now.getTime() > SOON_MS);
}
