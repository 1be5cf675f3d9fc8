import { Injectable } from '@nestjs/common';
import { type DraftMilestone, type Forecast, forecast } from '../domain/forecast.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { outcomeOf } from '../reports/outcome.store.js';
import { pacesOf } from '../reports/pace.store.js';

/** So far back a forecast looks, in three parts. */
export const FORECAST_DAYS = 90;
const PARTS = 3;
const PART_MS = (FORECAST_DAYS / PARTS) * 86_400_000;

/** What a draft of milestones would have cost over the last 90 days, by the referrals of those days. */
@Injectable()
export class ForecastRewards {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `verified` are the publication's verified referrals of those days, in whatever program. */
  run(
    { publicationId, id: programId }: Program,
    milestones: readonly (DraftMilestone & { stage: string })[],
  ): Promise<Forecast & { verified: number }> {
    const now = this.clock.now().getTime();
    const [start, second, third, end] = [3, 2, 1, 0].map((parts) => new Date(now - parts * PART_MS)) as [
      Date,
      Date,
      Date,
      Date,
    ];
    return this.database.snapshot(async (tx) => {
      const { verified } = await outcomeOf(tx, publicationId, { startsAt: start, endsAt: end });
      const draft = [];
      for (const { stage, ...milestone } of milestones) {
        const paces = await pacesOf(tx, publicationId, { programId, stage }, [start, second, third, end]);
        draft.push({ milestone, paces });
      }
      return { ...forecast(draft, PARTS), verified };
    });
  }
}
