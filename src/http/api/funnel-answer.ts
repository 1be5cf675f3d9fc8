import { z } from 'zod';
import { FUNNEL_DIMENSIONS, type FunnelDimension, parseFunnelBy, rates } from '../../domain/funnel.js';
import { moneyText } from '../../domain/money.js';
import type { FunnelCounts } from '../../reports/funnel.store.js';
import { AnsweredMoney, Day } from './fields.js';

/** Days of a report. */
export const ReportDays = z.strictObject({
  from: Day.optional().meta({ description: 'First day, in the zone of the publication; without it all time.' }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
});

export const FunnelQuery = ReportDays.extend({
  by: z
    .string()
    .default('total')
    .refine((by) => parseFunnelBy(by) !== null, `must be total, or one or two of ${FUNNEL_DIMENSIONS.join(', ')}`)
    .meta({
      description: `\`total\`, one of ${FUNNEL_DIMENSIONS.join(', ')}, or two of them parted by a comma.`,
      example: 'content,channel',
    }),
});

const count = (description: string) => z.number().int().meta({ description });
const rate = z.number().nullable();

export const funnelFigures = {
  shares: count(
    'Presses on share buttons, one per reader, link, channel and UTC hour. A press is no proven share, and who copies a link by hand presses none.',
  ),
  clicks: count('Human clicks: one per visitor, link and UTC hour.'),
  visitors: count('Distinct visitors per UTC day, summed. Rows do not add up: a visitor may be in several.'),
  signups: count('People new to the publication who signed up through a link.'),
  verified: count('Referrals that count now, by the time of verifying.'),
  qualified: count('Of those that count now, by the time of reaching the stage `qualified`.'),
  purchased: count('Of those that count now, by the time of their first purchase.'),
  revenue: z.array(AnsweredMoney).meta({
    description: 'Of their purchases that were not refunded, one sum for each currency, never converted.',
  }),
  rates: z
    .object({
      shareToClick: rate,
      clickToSignup: rate,
      signupToVerified: rate,
      verifiedToQualified: rate,
      qualifiedToPurchased: rate,
    })
    .meta({
      description:
        'Each step by the one before it; null where that is 0. Steps have their own times, so above 1 is possible.',
    }),
};

const key = z.string().nullable();

export const FunnelAnswer = z
  .object({
    data: z.array(
      z.object({
        key: key.meta({
          description:
            '`total`, a day, the slug of a content, a channel, the referrer as a subscriber, or the slug of a program; null for what came through no content. Of two both, parted by a comma.',
        }),
        keys: z
          .object({ day: key, content: key, channel: key, referrer: key, program: key })
          .partial()
          .meta({ description: 'The same, by the name of each that was asked for.' }),
        ...funnelFigures,
      }),
    ),
  })
  .meta({ id: 'Funnel' });

const NOTHING: FunnelCounts = {
  keys: [],
  shares: 0,
  clicks: 0,
  visitors: 0,
  signups: 0,
  verified: 0,
  qualified: 0,
  purchased: 0,
  revenue: [],
};

/** Rows as they are answered; the total has one where nothing was counted. */
export function funnelAnswer(by: readonly FunnelDimension[], found: readonly FunnelCounts[]) {
  const counted = by.length === 0 && found.length === 0 ? [NOTHING] : found;
  return counted.map(({ keys, ...counts }) => ({
    key: by.length === 0 ? 'total' : by.length === 1 ? keys[0]! : keys.map((one) => one ?? '').join(','),
    keys: Object.fromEntries(by.map((dimension, index) => [dimension, keys[index]!])),
    ...counts,
    rates: rates(counts),
  }));
}

/** The columns of the file behind those of the keys. */
const FIGURES = ['shares', 'clicks', 'visitors', 'signups', 'verified', 'qualified', 'purchased'] as const;
const RATES = [
  'shareToClick',
  'clickToSignup',
  'signupToVerified',
  'verifiedToQualified',
  'qualifiedToPurchased',
] as const;

/** The funnel as lines of cells, the names of the columns first: a column for each dimension, or `key` for the total. */
export function funnelCells(by: readonly FunnelDimension[], found: readonly FunnelCounts[]) {
  const named = by.length === 0 ? ['key'] : [...by];
  const lines = funnelAnswer(by, found).map(({ key, keys, revenue, rates, ...counts }) => [
    ...(by.length === 0 ? [key] : by.map((dimension) => keys[dimension]!)),
    ...FIGURES.map((name) => counts[name]),
    revenue.map(moneyText).join(' + ') || null,
    ...RATES.map((name) => rates[name]),
  ]);
  return [[...named, ...FIGURES, 'revenue', ...RATES], ...lines];
}
