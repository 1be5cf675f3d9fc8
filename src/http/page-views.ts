import type { Channel } from '../domain/visit.js';
import type { NextMilestone } from '../mail/messages.js';

/**
 * The pages that readers and friends see, and the exact data each takes: `pages.render('join', locale, view)`.
 * Every field must be there (null where there is nothing): the templates are strict.
 */
export interface PageViews {
  join: JoinView;
  'check-mail': CheckMailView;
  confirm: ConfirmView;
  confirmed: ConfirmedView;
  'confirm-expired': ConfirmExpiredView;
  unsubscribe: UnsubscribeView;
  unsubscribed: UnsubscribedView;
  'hub-door': HubDoorView;
  'hub-door-sent': HubDoorSentView;
  hub: HubView;
  'hub-expired': HubExpiredView;
  'unknown-link': UnknownLinkView;
  'slow-down': SlowDownView;
  problem: ProblemView;
  'dev-mail': DevMailView;
}

export interface PagePublication {
  slug: string;
  name: string;
  /** Where the name in the page's head leads. */
  siteUrl: string;
  /** null leaves it out of the foot. */
  postalAddress: string | null;
  /** IANA zone in which days are told. */
  timezone: string;
}

/** GET /join/{publication}, and its POST with a bad address (422). Posts `email firstName heardFrom website shown ref click content channel`. */
export interface JoinView {
  publication: PagePublication;
  /** Shown with the content as "recommended this to you". null unless the referrer allowed it; pass it through `displayName`. */
  referrerName: string | null;
  /** What the friend came from. */
  content: { title: string } | null;
  /** Goes along as hidden fields; null leaves a field out. `content` is a slug. */
  hidden: { ref: string | null; click: string | null; content: string | null; channel: string | null };
  /** Signed moment of the showing, for a hidden field. */
  shown: string;
  askHeardFrom: boolean;
  /** What was typed, kept when the form comes back; empty at first. */
  typed: { email: string; firstName: string; heardFrom: HeardFrom | null };
  /** Said beside the address; null at first. */
  emailProblem: EmailProblem | null;
}
/** `no_ending`: what follows the @ has no dot. `invalid`: anything else. */
export type EmailProblem = 'required' | 'no_at' | 'no_ending' | 'invalid';
export type HeardFrom = 'friend' | 'search' | 'social' | 'podcast' | 'other';

/** After POST /join, the same for every address. */
export interface CheckMailView {
  publication: PagePublication;
  fromEmail: string;
  /** The form again, for who has mistyped; it knows still who recommended us. */
  backUrl: string;
}

/** GET /confirm/{token}. */
export interface ConfirmView {
  publication: PagePublication;
  token: string;
  /** The token's address, as typed: only its owner has the token. */
  email: string;
  /** How long the request is kept. */
  validDays: number;
  /** True where this is the browser that signed up: the page's script submits the form. */
  autoSubmit: boolean;
}

/** POST /confirm/{token}, for the whole life of the token. */
export interface ConfirmedView {
  publication: PagePublication;
  /** True when this address had been confirmed before. */
  already: boolean;
  share: Share;
  /** The first thank-you not yet reached, if there is one. */
  next: NextMilestone | null;
  /** The reader's page: the door, or a fresh link with a token. */
  hubUrl: string;
}

/** GET or POST /confirm/{token} with a token that is too old or unknown. */
export interface ConfirmExpiredView {
  /** null for a token that tells no publication; then there is no form. */
  publication: PagePublication | null;
  validDays: number;
}

/** GET /unsubscribe/{token}. The button posts `List-Unsubscribe=One-Click`, as mail programs do. */
export interface UnsubscribeView {
  publication: PagePublication;
  token: string;
  /** `a…@posteo.example`: mails with this link are forwarded. null when the subscriber was erased. */
  maskedEmail: string | null;
}

/** After POST /unsubscribe/{token}, also when there was nothing left to do. */
export interface UnsubscribedView {
  publication: PagePublication;
  maskedEmail: string | null;
}

/** GET /hub?publication={slug}. Posts `email publication website` to /hub. */
export interface HubDoorView {
  publication: PagePublication;
  typed: { email: string };
  emailProblem: EmailProblem | null;
}

/** After POST /hub, the same for every address. */
export interface HubDoorSentView {
  publication: PagePublication;
  validHours: number;
}

/** GET /hub/{token} with a token that is too old or wrong. */
export interface HubExpiredView {
  /** null for a token that tells no publication; then there is no way to the door. */
  publication: PagePublication | null;
}

/** GET /hub/{token}. */
export interface HubView {
  publication: PagePublication;
  /** For days: the year is said only where it is not this one. */
  now: Date;
  firstName: string | null;
  /** Friends that count: the `referralCount` that milestones are measured by. */
  count: number;
  share: Share;
  /** The rung with state `next`, told at the top of the page; null when all are reached or there are none. */
  next: NextMilestone | null;
  /** In the order of the goals; at most one is `next`. */
  ladder: Rung[];
  /** Newest first, as many as the page shall show. */
  friends: Friend[];
  /** Of all friends, also those not shown. */
  friendCounts: { counted: number; waiting: number; refused: number; total: number };
  /** Newest first. */
  contents: SharedContent[];
}

export interface Share {
  /** `{PUBLIC_URL}/r/{code}`, without a query: the page adds `?via=`. */
  url: string;
  /** The program's words in the sharer's voice; null for a plain sentence in the page's language. */
  message: string | null;
}

/** A milestone as a step of the ladder. */
export interface Rung {
  /** The reward's name and description. */
  reward: string;
  description: string | null;
  /** `reached`: nothing more to reach here. `next`: the nearest one. `later`: after it. */
  state: 'reached' | 'next' | 'later';
  /** Friends at which it is reached: for a repeating milestone the next time, or the last when `reached`. */
  goal: number;
  /** A repeating milestone comes again after so many more friends. */
  every: number | null;
  /** What was earned here so far, oldest first; one entry at most when `every` is null. */
  grants: RungGrant[];
}

export interface RungGrant {
  status: 'awaiting_approval' | 'awaiting_claim' | 'due' | 'sent' | 'fulfilled' | 'out_of_stock' | 'capped' | 'revoked';
  /** The count at which it was earned; said for repeating milestones. */
  count: number;
  /** `due`: when it goes out (null: at once). `sent`, `fulfilled`: when that was. Otherwise null. */
  at: Date | null;
  /** Once sent: what a link reward opens, or where a coupon is used. */
  url: string | null;
  /** Once sent: a coupon's code. */
  code: string | null;
}

/** A referral as its referrer may see it. */
export interface Friend {
  /** The first letter of the address, never more. */
  initial: string;
  joinedAt: Date;
  /** Nothing is said for `other`. */
  channel: Channel;
  contentTitle: string | null;
  kind: 'counted' | 'waiting' | 'refused';
  /** Why it does not count (yet): from `friendReason`, null when it counts. */
  reason: FriendReason | null;
  /** The day told by `not_confirmed` (they have until then) and `waiting_delay` (it counts then); null otherwise. */
  until: Date | null;
}

/** Reasons that readers have words for: `friend.{reason}.chip` and `.text` in templates/messages. */
export const REASONS = {
  waiting: [
    'not_confirmed',
    'waiting_delay',
    'waiting_engagement',
    'waiting_review',
    'same_device',
    'same_network',
    'velocity',
    'machine_signs',
  ],
  refused: [
    'self_referral',
    'alias_of_referrer',
    'alias_of_existing',
    'already_subscribed',
    'disposable_domain',
    'blocked',
    'left_in_delay',
    'expired',
    'reversed',
  ],
} as const;
export type FriendReason = (typeof REASONS)['waiting' | 'refused'][number];

/** What a friend's row says for a reason code; a code without words of its own is told as the plain case of its kind. */
export function friendReason(kind: 'waiting' | 'refused', code: string): FriendReason {
  const known: readonly FriendReason[] = REASONS[kind];
  return known.find((reason) => reason === code) ?? (kind === 'waiting' ? 'waiting_review' : 'blocked');
}

export interface SharedContent {
  /** Part of element ids on the page. */
  slug: string;
  title: string;
  kind: 'issue' | 'article' | 'page';
  publishedAt: Date | null;
  /** `{PUBLIC_URL}/r/{code}/{slug}` */
  shareUrl: string;
  /** Friends of this reader who joined from it and count. */
  friends: number;
}

/** 404 of /r/{code}. */
export interface UnknownLinkView {
  /** null when the code tells no publication; otherwise its join page is offered. */
  publication: PagePublication | null;
}

/** 429 of the public forms. */
export interface SlowDownView {
  publication: PagePublication | null;
  /** Rounded up from Retry-After. */
  minutes: number;
  /** The form to go back to. */
  backUrl: string | null;
}

/** Any other error on a page. */
export interface ProblemView {
  publication: PagePublication | null;
  status: number;
  /** A sentence that says more than the status does, in the page's language; null for the plain one. */
  detail: string | null;
  /** To quote when asking for help. */
  requestId: string | null;
}

/** GET /dev/mail: the built-in mailbox, newest first. */
export interface DevMailView {
  mails: DevMail[];
}
export interface DevMail {
  /** Also the address of its parts: /dev/mail/{id}.html and /dev/mail/{id}.txt. */
  id: string;
  to: string;
  subject: string;
  /** Time as it shall be read, such as `2026-11-21 09:30:12 UTC`. */
  at: string;
}
