import { Injectable } from '@nestjs/common';
import { monthRound, type Round } from '../domain/contest.js';
import { rate, rates } from '../domain/funnel.js';
import type { Money } from '../domain/money.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';
import { type Days, funnelCounts } from '../reports/funnel.store.js';
import { growthIn, type Growth, type Period } from '../reports/growth.store.js';
import { grantsByStatus, liabilities, outcomeOf, rewardCostIn } from '../reports/outcome.store.js';

const TREND_MONTHS = 12;

/** The figures of a publication's growth by referrals over some days, and month by month. */
@Injectable()
export class ReadSummary {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All at one moment. `period` is what `days` are in time. */
  run({ id, timezone }: Publication, days: Days, period: Period) {
    const now = this.clock.now();
    const whole = { startsAt: period.startsAt, endsAt: earlier(period.endsAt, now) };
    const months = monthsUpTo(whole.endsAt, timezone);
    const upToNow = months.map(({ startsAt, endsAt }) => ({ startsAt, endsAt: earlier(endsAt, now) }));
    return this.database.snapshot(async (tx) => {
      const [growth, ...monthly] = await growthIn(tx, id, [whole, ...upToNow]);
      if (growth === undefined) throw new Error('a period without a row');
      const outcome = await outcomeOf(tx, id, whole);
      const rewardCost = await rewardCostIn(tx, id, whole);
      const channels = await funnelCounts(tx, id, ['channel'], days);
      return {
        ...growth,
        ...growthRates(growth),
        ...outcome,
        referralConversionRate: rate(outcome.purchasedSince, outcome.signedUp),
        grants: await grantsByStatus(tx, id, whole),
        rewardCost,
        rewardCostPerVerified: perPiece(rewardCost, outcome.verified),
        liabilities: await liabilities(tx, id),
        channels: channels.map(({ keys: [channel], ...counts }) => ({ channel, ...counts, rates: rates(counts) })),
        trend: monthly.map((one, index) => ({ month: months[index]!.key, ...one, ...growthRates(one) })),
      };
    });
  }
}

function growthRates(growth: Growth) {
  return {
    referredShare: rate(growth.newReferred, growth.newSubscribers),
    participationRate: rate(growth.takingPart, growth.subscribers),
    kFactor: rate(growth.cohortReferrals, growth.newSubscribers),
  };
}

/** Twelve calendar months of the zone, oldest first; the last one holds the moment before `end`. */
export function monthsUpTo(end: Date, timezone: string): Round[] {
  const months: Round[] = [];
  let before = end;
  for (let n = 0; n < TREND_MONTHS; n++) {
    const month = monthRound(new Date(before.getTime() - 1), timezone);
    months.unshift(month);
    before = month.startsAt;
  }
  return months;
}

function perPiece(sums: readonly Money[], pieces: number): Money[] {
  if (pieces === 0) return [];
  return sums.map(({ amount, currency }) => ({ amount: Math.round(amount / pieces), currency }));
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
