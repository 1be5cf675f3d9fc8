import { z } from 'zod';
import { MOST_ATTRIBUTES } from '../../domain/attributes.js';
import { PARTICIPANT_STATUSES } from '../../domain/participation.js';
import { PageQuery } from '../../platform/page.js';
import { AttributionAnswer } from './attribution-answer.js';
import { AnsweredInstant, Id, line, listOf, paragraph, ReaderAddress } from './fields.js';

const Attributes = z
  .record(
    z.string().max(64, 'a name has at most 64 characters'),
    z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]),
  )
  .refine((attributes) => Object.keys(attributes).length <= MOST_ATTRIBUTES, `at most ${MOST_ATTRIBUTES} attributes`)
  .meta({ description: 'Facts about the reader, such as `company`, `role` and `companySize`.' });

/** Text that is ignored when it is too long to be right: what a browser kept must never fail a signup. */
const ignoredOver = (longest: number) => z.string().transform((text) => (text.length > longest ? null : text));
const ClickToken = ignoredOver(200);
/** More than any browser of one person gathers in an attribution window; further ones are ignored. */
const MOST_CLICKS = 50;

export const NewSubscriber = z.strictObject({
  email: ReaderAddress,
  firstName: line(200).nullish(),
  locale: z.enum(['en', 'ja']).nullish(),
  ref: ignoredOver(200).nullish().meta({ description: 'Share code. A wrong one is ignored.' }),
  click: ClickToken.nullish().meta({ description: 'Signed click id of the redirect. A wrong one is ignored.' }),
  clicks: z
    .array(ClickToken)
    .transform((tokens) => tokens.filter((token) => token !== null).slice(0, MOST_CLICKS))
    .nullish()
    .meta({ description: 'All click ids that the browser kept.' }),
  content: ignoredOver(200)
    .nullish()
    .meta({ description: 'Slug of the content, for a bare `ref`. A wrong one is ignored.' }),
  channel: ignoredOver(50).nullish().meta({ description: 'For a bare `ref`. An unknown one is `other`.' }),
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').nullish().meta({
    description:
      "The reader's own, never your server's. For checks of referrals; kept for 24 hours, then only a keyed hash.",
  }),
  userAgent: z.string().max(1_000).nullish().meta({
    description: "The reader's own, never your server's. For checks of referrals; only a keyed hash is kept.",
  }),
  heardFrom: line(300).nullish(),
  attributes: Attributes.nullish(),
  confirmed: z.boolean().nullish().meta({ description: 'True when the site did its own double opt-in.' }),
  externalId: line(200).nullish(),
});

export const SubscriberChanges = z.strictObject({
  email: ReaderAddress.optional().meta({ description: 'Keeps link, counts and rewards.' }),
  firstName: line(200).nullable().optional(),
  locale: z.enum(['en', 'ja']).optional(),
  externalId: line(200).nullable().optional(),
  heardFrom: line(300).nullable().optional(),
  attributes: Attributes.optional().meta({ description: 'Merged with what is known; null takes a fact away.' }),
});

const Status = z.enum(['pending', 'active', 'unsubscribed', 'bounced', 'erased']);

export const SubscriberQuery = PageQuery.extend({
  email: z.string().max(500).optional(),
  externalId: z.string().max(200).optional(),
  status: Status.optional(),
});

const NextMilestone = z.object({ id: z.uuid(), name: z.string(), remaining: z.number().int() }).nullable();
const Participation = z.object({
  program: z.string(),
  status: z.enum(PARTICIPANT_STATUSES),
  shareCode: z.string().nullable().meta({ description: 'Null until the reader takes part, as the links with it.' }),
  shareUrl: z.string().nullable(),
  footerUrl: z.string().nullable(),
  referralCount: z.number().int(),
  lifetimeReferralCount: z.number().int(),
  nextMilestone: NextMilestone,
});

/** What every key sees of a reader. */
const SubscriberCard = z.object({
  id: z.uuid(),
  status: Status,
  shareCode: z.string().nullable(),
  shareUrl: z.string().nullable(),
  referralCount: z
    .number()
    .int()
    .meta({ description: 'Verified referrals of the current season in the program `default`.' }),
});

const SubscriberAnswer = SubscriberCard.extend({
  email: z.string().nullable().meta({ description: 'Null of an erased reader, here and wherever one is named.' }),
  firstName: z.string().nullable(),
  locale: z.enum(['en', 'ja']),
  attributes: z.record(z.string(), z.unknown()),
  externalId: z.string().nullable(),
  heardFrom: z.string().nullable(),
  footerUrl: z.string().nullable().meta({ description: 'Public progress as a PNG, for newsletters.' }),
  hubUrl: z.string(),
  lifetimeReferralCount: z.number().int(),
  nextMilestone: NextMilestone,
  participations: z.array(Participation),
  referredBy: z.object({ subscriberId: z.uuid(), shareCode: z.string(), state: z.string() }).nullable(),
  createdAt: AnsweredInstant,
  confirmedAt: AnsweredInstant.nullable(),
}).meta({ id: 'Subscriber' });

/** A `site` key sees the card alone. */
export const SubscriberForKey = z.union([SubscriberAnswer, SubscriberCard.meta({ id: 'SubscriberCard' })]);
export const SubscriberList = listOf(SubscriberForKey);

const ReferralState = z.enum(['pending', 'held', 'verified', 'rejected', 'expired', 'reversed']);
const HeldFor = z.enum(['delay', 'engagement', 'review']);
export const ReasonAnswer = z
  .object({
    code: z.string(),
    weight: z.number(),
    evidence: z.string().optional(),
    sentence: z.string().meta({ description: 'What the code means, in English.' }),
    docs: z.string().meta({ description: 'Path of the page about it.', example: '/docs/reasons#same_device' }),
  })
  .meta({ id: 'Reason' });

export const ReferralAnswer = z
  .object({
    id: z.uuid(),
    program: z.string(),
    referrer: z.object({ id: z.uuid(), email: z.string().nullable(), shareCode: z.string() }),
    referred: z.object({ id: z.uuid(), email: z.string().nullable(), status: Status }),
    state: ReferralState,
    heldFor: HeldFor.nullable(),
    reasons: z.array(ReasonAnswer),
    appeal: z
      .object({
        at: AnsweredInstant,
        words: z.string().nullable().meta({ description: 'Of the referrer, cleaned; plain text.' }),
        decidedAt: AnsweredInstant.nullable(),
        decision: z.enum(['approve', 'reject']).nullable(),
      })
      .nullable()
      .meta({ description: 'That the referrer asked to look at a rejection again; once at most.' }),
    click: z.object({ id: z.uuid(), at: AnsweredInstant }).nullable(),
    content: z.string().nullable(),
    channel: z.string(),
    stages: z.array(z.object({ stage: z.string(), at: AnsweredInstant })),
    createdAt: AnsweredInstant,
    verifiedAt: AnsweredInstant.nullable(),
  })
  .meta({ id: 'Referral' });
/** One referral alone tells what happened to it and how it came to be its referrer's, too. */
export const ReferralDetail = ReferralAnswer.extend({
  attribution: z.array(AttributionAnswer),
  history: z.array(
    z.object({
      at: AnsweredInstant,
      from: ReferralState.nullable(),
      to: ReferralState,
      heldFor: HeldFor.nullable(),
      reasons: z.array(ReasonAnswer),
      actor: z.string().meta({ description: '`reader`, `schedule`, `import`, or `key:{id of the API key}`.' }),
    }),
  ),
}).meta({ id: 'ReferralDetail' });

export const NewReview = z.strictObject({
  ids: z.array(Id).min(1, 'must name at least one referral').max(1_000, 'must name at most 1000 referrals'),
  decision: z.enum(['approve', 'reject']),
  note: paragraph(1_000).nullish().meta({ description: 'For the audit log.' }),
});
export const ReviewAnswer = z.object({
  data: z.array(
    z.object({
      id: z.uuid(),
      result: z.enum(['approved', 'rejected', 'unchanged', 'wrong_state', 'not_found']),
      state: ReferralState.nullable().meta({ description: 'As it is now; null where there is no such referral.' }),
      heldFor: HeldFor.nullable(),
      detail: z.string().nullable().meta({ description: 'Why nothing was done.' }),
    }),
  ),
});

/** For a `site` key the referral tells its state and nothing of the people in it. */
const ReferralCard = z.object({ id: z.uuid(), state: z.string() }).meta({ id: 'ReferralCard' });
export const SignupAnswer = z.object({
  subscriber: SubscriberForKey,
  referral: z.union([ReferralAnswer, ReferralCard]).nullable(),
});
