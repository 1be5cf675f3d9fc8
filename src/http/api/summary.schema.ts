import { z } from 'zod';
import { AnsweredInstant, AnsweredMoney } from './fields.js';
import { funnelFigures } from './funnel-answer.js';

const count = (description: string) => z.number().int().meta({ description });
const rate = (description: string) => z.number().nullable().meta({ description });
const money = (description: string) => z.array(AnsweredMoney).meta({ description });

const growth = {
  subscribers: count(
    'Readers at the end of the period: confirmed by then, not unsubscribed by then. Bounced ones are left out. Source: subscribers.',
  ),
  takingPart: count(
    'Of `subscribers`, with at least one human click on a link of their own in the period. Source: clicks.',
  ),
  participationRate: rate('`takingPart` / `subscribers`.'),
  newSubscribers: count(
    'Readers who first confirmed in the period, imported ones by the date that the import told. Source: subscribers.',
  ),
  newReferred: count('Of `newSubscribers`, whom a referral that counts now brought. Source: referrals.'),
  referredShare: rate('Referred share of growth: `newReferred` / `newSubscribers`.'),
  cohortReferrals: count('Referrals that count now and were brought, until today, by the readers in `newSubscribers`.'),
  kFactor: rate(
    'New readers that each reader of the cohort brought so far: `cohortReferrals` / `newSubscribers`. A recent cohort has had less time.',
  ),
};

export const SummaryAnswer = z
  .object({
    ...growth,
    signedUp: count('Referrals that signed up in the period, rejected ones out. Source: referrals.'),
    purchasedSince: count('Of `signedUp`, those that purchased since and did not give everything back.'),
    referralConversionRate: rate('`purchasedSince` / `signedUp`: referred leads that purchased by all referred leads.'),
    verified: count('Referrals verified in the period that count now.'),
    purchased: count('Of the referrals that count now, those that first purchased in the period.'),
    medianHoursToVerify: rate('Of `verified`: median of the hours from signing up to verified, to 2 places.'),
    grants: z
      .record(z.string(), z.number().int())
      .meta({ description: 'Grants made in the period, by the status that they have now.' }),
    rewardCost: money(
      'Money that grants gave in the period, less what was taken back in it. Source: the ledger. Codes, goods and percents have no money.',
    ),
    rewardCostPerVerified: money(
      '`rewardCost` / `verified`, rounded to minor units; empty where nothing was verified.',
    ),
    liabilities: money(
      'Now, whatever the period: money of grants that are promised and not sent yet; one that waits for approval is no promise. Source: the ledger.',
    ),
    channels: z
      .array(z.object({ channel: z.string(), ...funnelFigures }))
      .meta({ description: 'The funnel of the period by channel.' }),
    trend: z.array(z.object({ month: z.string(), ...growth })).meta({
      description:
        'The same by calendar month in the zone of the publication: twelve, the last one with the end of the period.',
    }),
  })
  .meta({ id: 'Summary' });

export const ContentsAnswer = z
  .object({
    data: z.array(
      z.object({
        rank: z.number().int(),
        content: z.object({
          slug: z.string(),
          title: z.string(),
          kind: z.enum(['issue', 'article', 'page']),
          publishedAt: AnsweredInstant.nullable(),
        }),
        ...funnelFigures,
      }),
    ),
  })
  .meta({ id: 'ContentLeaderboard' });
