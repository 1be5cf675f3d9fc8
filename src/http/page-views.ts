import type { FriendKind } from '../domain/friend.js';
import type { HEARD_FROM } from '../domain/heard-from.js';
import type { Money } from '../domain/money.js';
import type { ReasonPage } from '../domain/reason-pages.js';
import type { ToldReason } from '../domain/reasons.js';
import type { ShippingField, ShippingProblem } from '../domain/shipping-address.js';
import type { Channel } from '../domain/visit.js';
import type { NextMilestone } from '../mail/messages.js';
import type { EmailProblem, PagePublication } from './page-publication.js';
import type {
  FormField,
  HandedInEndView,
  HandedInGoneView,
  HandedInStopView,
  HandedInView,
  HandInView,
  HubPrograms,
  NoProgramView,
  ProgramDoorView,
  ProgramSentView,
  ProgramStandingView,
  ProgramView,
  ShownProgram,
} from './program-views.js';
import type { ErasedView, EraseView, HubNav, BoardView, SettingsView, ShareWords } from './hub-views.js';
import type { HubRunning, RaffleView } from './raffle-views.js';

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
  mute: UnsubscribeView;
  muted: UnsubscribedView;
  'hub-door': HubDoorView;
  'hub-door-sent': HubDoorSentView;
  hub: HubView;
  friends: FriendsView;
  appeal: AppealView;
  appealed: AppealedView;
  board: BoardView;
  settings: SettingsView;
  erase: EraseView;
  erased: ErasedView;
  'hub-expired': HubExpiredView;
  'no-program': NoProgramView;
  program: ProgramView;
  'program-sent': ProgramSentView;
  'program-door': ProgramDoorView;
  'program-standing': ProgramStandingView;
  'hand-in': HandInView;
  'handed-in': HandedInView;
  'handed-in-stop': HandedInStopView;
  'handed-in-stopped': HandedInEndView;
  'handed-in-gone': HandedInGoneView;
  raffle: RaffleView;
  claim: ClaimView;
  'claim-given': ClaimGivenView;
  'link-over': LinkOverView;
  'unknown-link': UnknownLinkView;
  'slow-down': SlowDownView;
  problem: ProblemView;
  reasons: ReasonsView;
  'dev-mail': DevMailView;
}

/** GET /join/{publication}, and its POST with a bad address (422). Posts `email firstName heardFrom website shown ref click clicks content channel`. */
/** What a chat shows of a link. */
export interface CardView {
  /** The publication's name. */
  site: string;
  title: string;
  description: string | null;
  /** Where the page that it is of stands. */
  url: string;
  /** PNG, 1200 × 630. */
  picture: string;
}

export interface JoinView {
  card: CardView;
  publication: PagePublication;
  /** Shown with the content as "recommended this to you". null unless the referrer allowed it; pass it through `displayName`. */
  referrerName: string | null;
  /** The program's own words, and those for some friends; null and empty where the plain ones are said. */
  says: { heading: string | null; lead: string | null; gets: string[] };
  program: Pick<ShownProgram, 'faq' | 'termsUrl'>;
  /** What the friend came from. */
  content: { title: string } | null;
  /** Goes along as hidden fields; null leaves a field out. `content` is a slug, `clicks` are ids parted by commas. */
  hidden: {
    ref: string | null;
    click: string | null;
    clicks: string | null;
    content: string | null;
    channel: string | null;
    for: string | null;
  };
  /** Signed moment of the showing, for a hidden field. */
  shown: string;
  askHeardFrom: boolean;
  /** What the program asks beside. */
  fields: FormField[];
  /** What was typed, kept when the form comes back; empty at first. */
  typed: { email: string; firstName: string; heardFrom: HeardFrom | null };
  /** Said beside the address; null at first. */
  emailProblem: EmailProblem | null;
}
export type HeardFrom = (typeof HEARD_FROM)[number];

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

/** GET /unsubscribe/{token}, and GET /unsubscribe/{token}/program-mails for the mails about sharing alone. The button posts `List-Unsubscribe=One-Click`, as mail programs do. */
export interface UnsubscribeView {
  publication: PagePublication;
  token: string;
  /** `a…@posteo.example`: mails with this link are forwarded. null when the subscriber was erased. */
  maskedEmail: string | null;
}

/** After POST /unsubscribe/{token} or …/program-mails, also when there was nothing left to do. */
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
export interface HubView extends HubPrograms, HubRunning {
  publication: PagePublication;
  /** For days: the year is said only where it is not this one. */
  now: Date;
  /** `/hub/{token}`, without an end. */
  hubPath: string;
  nav: HubNav;
  firstName: string | null;
  /** Friends that count: the `referralCount` that milestones are measured by. */
  count: number;
  share: Share;
  words: ShareWords;
  /** The rung with state `next`, told at the top of the page; null when all are reached or there are none. */
  next: NextMilestone | null;
  /** In the order of the goals; at most one is `next`. */
  ladder: Rung[];
  /** What was earned beside the ladder: for joining, or for friends who came further than being counted. */
  others: { reward: string; grant: RungGrant }[];
  /** Newest first, as many as the page shall show. */
  friends: Friend[];
  /** Of all friends, also those not shown. */
  friendCounts: { counted: number; waiting: number; refused: number; total: number };
  /** Newest first. */
  contents: SharedContent[];
}

export interface Share {
  /** `{PUBLIC_URL}/r/{code}`, without a query: the page adds `?via=` and `&for=`. */
  url: string;
  /** The name of the variant whose words are said; null for those to everybody. */
  for: string | null;
  /** In the sharer's voice, the program's words or their own; null for a plain sentence in the page's language. */
  message: string | null;
  /** Where presses on the buttons are told; null where nobody's are. */
  pressed: { path: string; program: string | null } | null;
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
  /** Once sent: what a link reward opens, or where a code is used or an access is. */
  url: string | null;
  /** Once sent: the code of a coupon or gift card. */
  code: string | null;
  /** It is posted to the reader: being sent is being packed. */
  isPosted: boolean;
  /** `awaiting_claim`: where the reader says where to send it. */
  claimUrl: string | null;
  /** What a gift card or credit is worth, in minor units. */
  value: Money | null;
  /** Of a discount. */
  percent: number | null;
}

/** GET /claim/{token}, and its POST with something wrong (422). Posts the fields of a ShippingField each. */
export interface ClaimView {
  publication: PagePublication;
  token: string;
  reward: string;
  description: string | null;
  /** null where there is nothing to choose. */
  variants: { name: string; isChosen: boolean }[] | null;
  countries: { code: string; name: string; isChosen: boolean }[];
  /** What was typed, kept when the form comes back; empty at first. */
  typed: Record<Exclude<ShippingField, 'variant' | 'country'>, string>;
  /** What is said beside a field; null where nothing is wrong. */
  problems: Record<ShippingField, ShippingProblem | null>;
  /** A prefecture and no town. */
  isJapanese: boolean;
  /** When the address is erased, counted from when the parcel was posted. */
  shippingDays: number;
}

/** POST /claim/{token}, and GET once an address was given. */
export interface ClaimGivenView {
  publication: PagePublication;
  reward: string;
  shippingDays: number;
}

/** GET of /claim/{token} or /download/{token} that ended, or is unknown: the reader's page makes new ones. */
export interface LinkOverView {
  /** null for a token that tells no publication; then there is no way to the door. */
  publication: PagePublication | null;
}

/** A referral as its referrer may see it. */
export interface Friend {
  /** The first letter of the address, never more. */
  initial: string;
  joinedAt: Date;
  /** Nothing is said for `other`. */
  channel: Channel;
  contentTitle: string | null;
  /** When they opened the link; null where only its code is known. */
  openedAt: Date | null;
  /** Whether they had opened another link too, of this reader or of others, and so which of them counts: null where they had not. */
  otherOfYours: OtherLink | null;
  otherReaders: OtherLink | null;
  kind: FriendKind;
  /** Why it does not count (yet); null when it counts. */
  reason: ToldReason | null;
  /** The day told by `not_confirmed` (they have until then) and `waiting_delay` (it counts then); null otherwise. */
  until: Date | null;
  /** Since when it counts, or does not; null while it waits. */
  since: Date | null;
  /** Part of the address of its appeal. */
  id: string;
  /** `open`: the reader may ask to look again. `asked`: they did, then, and nobody has answered. `kept`: somebody looked, then, and it stays. */
  appeal: { state: 'open' | 'asked' | 'kept'; at: Date | null } | null;
}

/** GET /hub/{token}/friends. */
export interface FriendsView {
  publication: PagePublication;
  now: Date;
  /** `/hub/{token}`, without an end. */
  hubPath: string;
  nav: HubNav;
  /** In which they were brought; null where the reader takes part in one only. */
  program: { slug: string; name: string } | null;
  /** True where one kind is shown, page by page. */
  isOne: boolean;
  /** `older`: where the next page is; null at the end. */
  sections: { kind: FriendKind; total: number; friends: Friend[]; older: string | null }[];
}
/** `later`: opened after the link that counts, which was the first. `earlier`: that one was the last. */
export type OtherLink = 'later' | 'earlier';

/** GET /hub/{token}/referrals/{id}/appeal, and its POST with too many words (422). Posts `words`. */
export interface AppealView {
  publication: PagePublication;
  now: Date;
  hubPath: string;
  friend: Friend;
  typed: { words: string };
  problem: 'too_long' | null;
}

/** After its POST, and instead of the form where there is nothing to ask (any more). */
export interface AppealedView {
  publication: PagePublication;
  now: Date;
  hubPath: string;
  friend: Friend;
  /** `thanks`: just asked. `asked`: earlier, and nobody has answered. `kept`, `counts`: what it came to. `closed`: nothing to ask. */
  outcome: 'thanks' | 'asked' | 'kept' | 'counts' | 'closed';
  /** When it was asked, for `asked`, or answered, for `kept`. */
  at: Date | null;
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

/** GET /docs/reasons, for staff: in English alone. */
export interface ReasonsView {
  publication: null;
  reasons: ReasonPage[];
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
