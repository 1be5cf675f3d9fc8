import type { Money } from './money.js';

/**
 * The one catalogue of what webhooks tell of, with a sentence for people. Names are part of the API: added, never renamed.
 * Endpoints may subscribe to all of them.
 */
export const WEBHOOK_EVENTS = {
  'subscriber.created': 'A new address signed up; it may not be confirmed yet.',
  'subscriber.confirmed': 'A reader confirmed and is active.',
  'subscriber.unsubscribed': 'A reader left.',
  'referral.pending': 'Somebody signed up through a share link and is asked to confirm.',
  'referral.held': 'The friend confirmed, and the referral waits for a delay, an engagement or a review.',
  'referral.verified': 'The referral counts.',
  'referral.rejected': 'The referral does not count; `reasons` say why.',
  'referral.reversed': 'The referral counted and was taken back.',
  'lead.qualified': 'A referred reader was qualified as a lead.',
  'lead.purchased': 'A referred reader bought something.',
  'milestone.reached': 'A count crossed a milestone, and the reward was granted.',
  'grant.sent': 'A reward was released and its mail is on the way.',
  'grant.fulfilled': 'A reward was handed over.',
  'grant.revoked': 'A reward was taken back before it was sent.',
  'reward.low_stock': 'A pool of coupons or gift cards has 25 codes or a tenth left. Once after each refill.',
  'participant.applied': 'Somebody applied to take part in a program.',
} as const satisfies Record<string, string>;

export type WebhookEventType = keyof typeof WEBHOOK_EVENTS;

/** What an endpoint subscribes to: some types, or `*` for all there are and will be. */
export type WebhookSubscription = WebhookEventType | '*';

/** A reader, as the publication's own systems know them. The receiver is the publication itself, so their address is in it. */
interface SubscriberTold {
  id: string;
  email: string | null;
  firstName: string | null;
  status: string;
  locale: string;
  externalId: string | null;
  /** Of the program `default`; null for who does not take part in it. */
  shareCode: string | null;
  shareUrl: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
}

interface ReferralTold {
  id: string;
  program: string;
  referrer: { id: string; email: string | null; shareCode: string };
  referred: { id: string; email: string | null; status: string };
  state: string;
  heldFor: string | null;
  reasons: { code: string; weight: number; evidence?: string }[];
  content: string | null;
  channel: string;
  createdAt: Date;
  verifiedAt: Date | null;
}

interface GrantTold {
  id: string;
  /** What it is for: one of the three is there. */
  milestone: { id: string; name: string } | null;
  contest: { id: string; name: string } | null;
  raffle: { id: string; name: string } | null;
  reward: { id: string; name: string; kind: string };
  subscriber: { id: string; email: string | null; firstName: string | null };
  referral: string | null;
  occurrence: string;
  /** The count at which the milestone was crossed, where it is one of many referrals. */
  count: number | null;
  status: string;
  reason: string | null;
  /** What it is worth, once it is owed. */
  value: Money | null;
  percent: number | null;
  /** Whose account it is for; null: the person's own. */
  company: string | null;
  dueAt: Date;
  sentAt: Date | null;
  createdAt: Date;
}

interface StockTold {
  reward: { id: string; name: string };
  /** Of gift cards: those of which value. */
  value: Money | null;
  total: number;
  free: number;
}

/** A reader who applied to take part in a program, with what they wrote. */
interface ParticipantTold {
  id: string;
  program: string;
  subscriber: { id: string; email: string | null; firstName: string | null };
  status: string;
  /** Of the program's requirements, which staff have ticked off. */
  requirements: Record<string, boolean>;
  answers: Record<string, string>;
  appliedAt: Date | null;
}

/** A lead without what marketing noted of it. */
interface LeadTold {
  /** As in `GET /leads`: the id of the referral. */
  id: string;
  program: string;
  referrer: { id: string; email: string | null; shareCode: string };
  referred: { id: string; email: string | null; firstName: string | null; company: string | null; role: string | null };
  content: string | null;
  channel: string;
  stage: string;
  /** What they have bought and not given back, one sum for each currency. */
  value: Money[];
  signedUpAt: Date;
  verifiedAt: Date | null;
}

interface PurchaseTold {
  /** The sender's id of the event. */
  id: string;
  plan: string | null;
  seats: number | null;
  value: Money | null;
  at: Date;
}

/** The `data` of each type that the product tells today; dates become ISO 8601. A coupon's code is in none of them. */
export interface WebhookData {
  'subscriber.created': SubscriberTold;
  'subscriber.confirmed': SubscriberTold;
  'subscriber.unsubscribed': SubscriberTold;
  'referral.pending': ReferralTold;
  'referral.held': ReferralTold;
  'referral.verified': ReferralTold;
  'referral.rejected': ReferralTold;
  'referral.reversed': ReferralTold;
  'lead.qualified': LeadTold;
  'lead.purchased': LeadTold & { purchase: PurchaseTold };
  'milestone.reached': GrantTold;
  'grant.sent': GrantTold;
  'grant.fulfilled': GrantTold;
  'grant.revoked': GrantTold;
  'reward.low_stock': StockTold;
  'participant.applied': ParticipantTold;
}

/** Types that something tells of. */
export type ToldEvent = keyof WebhookData;

const LOW_FREE = 25;
const LOW_SHARE = 0.1;

/** Whether a pool of codes is to be refilled: a tenth is left, or 25, whichever comes first. */
export function isLowStock({ total, free }: { total: number; free: number }): boolean {
  return free <= Math.max(LOW_FREE, total * LOW_SHARE);
}
