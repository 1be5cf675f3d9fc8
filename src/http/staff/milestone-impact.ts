import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { stagesInOrder } from '../../domain/stages.js';
import { FORECAST_DAYS, ForecastRewards } from '../../flows/forecast-rewards.js';
import { PreviewMilestone } from '../../flows/preview-milestone.js';
import type { Milestone, MilestoneBody } from '../../milestones/milestone.entities.js';
import { listMilestones } from '../../milestones/milestone.store.js';
import { rewardsById } from '../../milestones/reward.store.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import type { NewMilestone } from '../api/milestones.schema.js';
import type { MilestoneForm } from './milestone-form.js';
import type { MilestoneImpactView } from './milestone-views.js';
import { rewardsOf, rungOf } from './rungs.js';

/** What a milestone would do, as its page shows it before anything is saved. */
@Injectable()
export class MilestoneImpact {
  constructor(
    private readonly database: Database,
    private readonly previewMilestone: PreviewMilestone,
    private readonly forecastRewards: ForecastRewards,
  ) {}

  /** Throws `request/invalid` for what cannot be. */
  async of(
    publicationSlug: string,
    program: Program,
    before: Milestone | null,
    body: z.infer<typeof NewMilestone>,
    form: MilestoneForm,
  ): Promise<MilestoneImpactView> {
    const granting = { ...body, past: 'grant' as const };
    const preview =
      before === null
        ? await this.previewMilestone.added(program, granting)
        : await this.previewMilestone.edited(program, before.id, granting);
    const rewards = await rewardsOf(
      this.database.reader,
      program.publicationId,
      before === null ? [body] : [body, before],
    );
    const after = rungOf(body, rewards);
    const { people, grants, capped, cost, sample } = preview;
    return {
      program: { slug: program.slug, name: program.name },
      action: `/admin/p/${publicationSlug}/milestones/${before?.id ?? 'new'}`,
      fields: Object.entries({ ...form, program: program.slug })
        .filter(([name]) => name !== 'act' && name !== 'past')
        .map(([name, value]) => ({ name, value: String(value) })),
      isNew: before === null,
      before: before && rungOf(before, rewards),
      after,
      ...{ people, grants, capped, cost },
      short: after.reward.free === null ? 0 : Math.max(0, grants - after.reward.free),
      sample: sample.map(({ subscriber, count }) => ({ ...subscriber, count })),
      forecast: await this.forecast(program, before, body),
    };
  }

  /** What the ladder would have cost, without and with the change. */
  private async forecast(
    program: Program,
    before: Milestone | null,
    body: MilestoneBody,
  ): Promise<MilestoneImpactView['forecast']> {
    const ladder = await listMilestones(this.database.reader, program.publicationId, program.id);
    const others = ladder.filter(({ id }) => id !== before?.id);
    const [was, becomes] = [await this.valued(program, ladder), await this.valued(program, [...others, body])];
    if (was.length === 0 && becomes.length === 0) return null;
    const { cost: costBefore } = await this.forecastRewards.run(program, was);
    const { cost: costAfter } = await this.forecastRewards.run(program, becomes);
    return { days: FORECAST_DAYS, before: costBefore, after: costAfter };
  }

  /** Those whose rewards have a worth that is known beforehand, on stages that referrals reach. */
  private async valued(program: Program, milestones: readonly MilestoneBody[]) {
    const ids = milestones.map(({ rewardId }) => rewardId);
    const rewards = await rewardsById(this.database.reader, program.publicationId, ids);
    const values = new Map(rewards.map(({ id, terms }) => [id, terms.value]));
    return milestones.flatMap(({ stage, threshold, every, recipient, rewardId }) => {
      const value = values.get(rewardId);
      const counts = stagesInOrder(program.stages).includes(stage);
      return value === undefined || !counts ? [] : [{ stage, threshold, every, recipient, value }];
    });
  }
}
