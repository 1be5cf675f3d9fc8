import { z } from 'zod';
import { AnsweredInstant, Day, Id, line, listOf } from './fields.js';

const Days = z
  .strictObject({ from: Day, to: Day.meta({ description: 'The last day, included.' }) })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' });

const Approval = z.enum(['automated', 'manual']).meta({
  description: '`manual`: a person approves each prize before it goes out.',
});
/** A prize is for one of the places that are kept. */
const Rank = z.number().int().min(1).max(100);

export const NewContest = z
  .strictObject({
    name: line(120),
    period: z
      .union([z.literal('month'), Days], { error: 'must be "month", or {"from", "to"} with two days' })
      .meta({ description: '`month`: every calendar month of the publication, from the present one on.' }),
    stage: z.string().max(64, 'must have at most 64 characters').default('verified'),
    approval: Approval.default('automated'),
    prizes: z
      .array(z.strictObject({ rank: Rank, rewardId: Id }))
      .min(1, 'must have a prize')
      .max(100, 'must have at most 100 prizes'),
  })
  .superRefine(({ prizes }, context) => {
    const ranks = prizes.map(({ rank }) => rank);
    ranks.forEach((rank, index) => {
      if (ranks.indexOf(rank) === index) return;
      context.addIssue({ code: 'custom', path: ['prizes', index, 'rank'], message: 'has a prize already' });
    });
  });

const Named = z.object({ id: z.uuid(), name: z.string() });

export const ContestAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    period: z.union([z.literal('month'), z.object({ from: z.string(), to: z.string() })]),
    stage: z.string(),
    approval: Approval,
    prizes: z.array(z.object({ rank: z.number().int(), reward: Named })),
    round: z.string().meta({ description: 'The running round, or the last: `2026-11`, or `2026-11-01/2026-11-30`.' }),
    startsAt: AnsweredInstant,
    endsAt: AnsweredInstant.meta({ description: 'Not in it. The round is closed a minute later.' }),
    endedAt: AnsweredInstant.nullable().meta({ description: 'Since when no round follows.' }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Contest' });

export const ContestList = listOf(ContestAnswer);

export const StandingQuery = z.strictObject({
  round: z
    .string()
    .max(30)
    .optional()
    .meta({ description: 'One of `rounds`, or the present one.', example: '2026-11' }),
});

export const RankedAnswer = z.object({
  rank: z.number().int(),
  subscriber: z.object({ id: z.uuid(), email: z.string().nullable(), firstName: z.string().nullable() }),
  count: z.number().int(),
  reachedAt: AnsweredInstant.meta({
    description: 'When the last of them came to count. Of two with as many, the earlier is before the later.',
  }),
});

export const StandingAnswer = z
  .object({
    contest: Named,
    round: z.string(),
    startsAt: AnsweredInstant,
    endsAt: AnsweredInstant,
    closedAt: AnsweredInstant.nullable().meta({ description: 'Null: it is not closed, and may change.' }),
    rounds: z.array(z.string()).meta({ description: 'The rounds that were closed, newest first.' }),
    data: z.array(
      RankedAnswer.extend({
        prize: Named.nullable().meta({ description: 'The reward of this rank.' }),
        grantId: z.uuid().nullable(),
        flagged: z.boolean().meta({
          description: 'Not all of what was counted when the round was closed counts now. The place stays.',
        }),
      }),
    ),
  })
  .meta({ id: 'Standing' });

export const NewRaffle = z
  .strictObject({
    name: line(120),
    from: Day.meta({ description: 'The first day, in the zone of the publication. It must not have begun.' }),
    to: Day.meta({ description: 'The last day, included.' }),
    prizes: z
      .array(z.strictObject({ rewardId: Id, count: z.number().int().min(1).max(100) }))
      .min(1, 'must have a prize')
      .max(20, 'must have at most 20 kinds of prizes')
      .meta({ description: 'In the order of drawing; at most 100 in all.' }),
    entryRewardId: Id.nullable()
      .default(null)
      .meta({ description: 'Each grant of this reward is an entry; without it each verified referral.' }),
    approval: Approval.default('automated'),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ prizes }) => prizes.reduce((sum, { count }) => sum + count, 0) <= 100, {
    path: ['prizes'],
    message: 'must be at most 100 in all',
  });

export const RaffleAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    startsAt: AnsweredInstant,
    endsAt: AnsweredInstant.meta({ description: 'Not in it. It is drawn a minute later.' }),
    prizes: z.array(z.object({ reward: Named, count: z.number().int() })),
    entryRewardId: z.uuid().nullable(),
    approval: Approval,
    url: z.string().meta({ description: 'The page for everybody.' }),
    commitment: z.string().meta({ description: 'SHA-256 of the 32 bytes of the seed, in hex.' }),
    seed: z.string().nullable().meta({ description: 'In hex; null before the draw.' }),
    drawnAt: AnsweredInstant.nullable(),
    listHash: z.string().nullable().meta({ description: 'SHA-256 of `{url}/entries.txt`, in hex.' }),
    entries: z.number().int().nullable().meta({ description: 'In the list; null before the draw.' }),
    cancelledAt: AnsweredInstant.nullable().meta({ description: 'Since when it is called off: it is never drawn.' }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Raffle' });

export const RaffleList = listOf(RaffleAnswer);

export const RaffleWithWinners = RaffleAnswer.extend({
  winners: z
    .array(
      z.object({
        number: z.number().int().meta({ description: 'In the order of drawing.' }),
        position: z.number().int().meta({ description: 'Of the entry in the list.' }),
        entry: z.string(),
        subscriberId: z.uuid(),
        reward: Named,
        grantId: z.uuid(),
        grantStatus: z.string(),
        flagged: z.boolean().meta({ description: 'What the entry was for does not count any more. The draw stays.' }),
      }),
    )
    .meta({ description: 'Empty before the draw.' }),
}).meta({ id: 'RaffleWithWinners' });
