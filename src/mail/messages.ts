/**
 * The one list of mails. To add one: an entry in MailData and MESSAGES, and templates/mail/<message>.<locale>.hbs and .txt.hbs.
 * Links come ready made; every string is put on one line, and first names that are no names are left out, when the mail is rendered.
 */
export interface MailData {
  /** Asks whether the address wants the letter. Nothing that a stranger typed may be in it: anybody can have it sent to anybody. */
  confirm: {
    publication: MailPublication;
    confirmUrl: string;
    /** How long the link works. */
    validDays: number;
  };
  /** Once, a day after a confirm mail that nobody answered. As that one, it holds nothing that a stranger typed. */
  'confirm-reminder': {
    publication: MailPublication;
    confirmUrl: string;
    /** How long the link still works. */
    validDays: number;
  };
  /** After confirming: the reader's own link. */
  welcome: ToReader & {
    shareUrl: string;
    next: NextMilestone | null;
  };
  /** The first friend ever counts. */
  'first-referral': ToSharer & {
    /** What the friend had read before joining, by its title. */
    content: string | null;
  };
  /** More friends count, who joined shortly after each other. */
  'referral-verified': ToSharer & {
    /** How many the mail tells of. */
    friends: number;
    /** How many count in all. */
    count: number;
  };
  /** A friend was refused after they had confirmed. */
  'referral-refused': AboutSharing & {
    /** The first letter of the friend's address. */
    initial: string;
    /** The sentence of the reader's own page. */
    reason: string;
    /** null where there is nothing to appeal. */
    appealUrl: string | null;
  };
  /** A thank-you was earned that is released later. Never with a code or a link: it may yet be taken back. */
  'reward-earned': AboutSharing & {
    reward: { name: string; description: string | null };
    waits: 'time' | 'approval';
  };
  /** One friend from a thank-you: asked once for each. */
  'near-milestone': Asking;
  /** A week in, and never shared: asked once. */
  'share-reminder': Asking;
  /** A round of a contest is over. */
  'contest-result': AboutSharing & {
    contest: string;
    place: number;
    /** How many had a friend who counts. */
    of: number;
    count: number;
    hasPrize: boolean;
    shareUrl: string;
  };
  /** A thank-you that has just been released. */
  reward: ToReader & {
    /** The person who shared, the friend who joined, or who has won a prize. */
    recipient: 'referrer' | 'referred' | 'winner';
    /** Friends of the referrer that count; read for a referrer only. */
    count: number;
    /** The name of the contest or raffle; read for a winner only. */
    won: string | null;
    reward: MailReward;
    /** null but for a referrer, and when nothing is left to reach. */
    next: NextMilestone | null;
    /** null but for a referrer: the gift is theirs without anything more to do. */
    shareUrl: string | null;
  };
  /** Asks where a thank-you shall be sent that goes by post. */
  'claim-address': ToReader & {
    recipient: 'referrer' | 'referred' | 'winner';
    /** As of `reward`. */
    count: number;
    won: string | null;
    reward: {
      name: string;
      description: string | null;
      /** There is a size or the like to choose. */ hasVariants: boolean;
    };
    claimUrl: string;
    /** How long `claimUrl` works. */
    claimDays: number;
    /** When the address is erased, counted from when the parcel was posted. */
    shippingDays: number;
  };
  /** Opens the reader's page; asked for at the door of the hub. */
  'hub-link': ToReader & {
    /** How long `hubUrl` works. */
    validHours: number;
  };
  /** Opens the reader's page at the door of a program; asked for at the program's page. */
  'program-link': ToReader & {
    program: { slug: string; name: string };
    programUrl: string;
    /** How long `programUrl` works. */
    validHours: number;
  };
  /**
   * To somebody whose business contact a reader handed in: asks whether they want the letter. The reader's first name is all
   * that anybody typed.
   */
  'handed-in': {
    publication: MailPublication;
    referrer: { firstName: string | null };
    handInUrl: string;
    /** Never to write to this address again. */
    stopUrl: string;
    validDays: number;
  };
  /** How a reader fares on the way into a program. */
  participation: ToReader & {
    /** Applied: we read it. Accepted or declined by a person. Invited: if they agree. Welcomed: put in by the publication. */
    news: 'applied' | 'accepted' | 'declined' | 'invited' | 'welcomed';
    program: { slug: string; name: string; description?: string | null };
    /** The reader's page at the program. */
    programUrl: string;
  };
  /** To the publication itself: a receiver of webhooks was switched off, and what would have to be done about it. */
  'webhook-off': {
    publication: MailPublication;
    /** Where it was, without the query, which may hold a token. */
    receiver: string;
    webhookId: string;
    /** It answered 410; else it failed for five days. */
    isGone: boolean;
  };
  /** To the publication itself: a pool of codes is nearly empty. */
  'low-stock': {
    publication: MailPublication;
    reward: string;
    left: number;
    total: number;
  };
  /** To the publication itself, once a day while referrals wait for a person. */
  'review-waiting': {
    publication: MailPublication;
    count: number;
    /** How long the oldest has waited. */
    days: number;
    reviewUrl: string;
  };
  /** To somebody who is asked to work here. Their own way in: it works once. */
  'staff-invitation': {
    publication: MailPublication;
    /** The administrator's name, null when it is no name. */
    invitedBy: string | null;
    role: 'admin' | 'editor' | 'marketing';
    staffUrl: string;
    validDays: number;
  };
  /** Signs somebody in who works here, once. Nothing that a stranger typed is in it: anybody can have it sent. */
  'staff-sign-in': {
    publication: MailPublication;
    staffUrl: string;
    validMinutes: number;
  };
}

export type MessageName = keyof MailData;

/** Mails to who works here. They are no letter that one could leave. */
export type StaffMessage = 'webhook-off' | 'low-stock' | 'review-waiting' | 'staff-invitation' | 'staff-sign-in';

/** Mails to an address that is no reader's yet. */
export type ContactMessage = 'handed-in';

export interface MailPublication {
  name: string;
  /** One line; null leaves the line out of the foot. */
  postalAddress: string | null;
}

/** What every mail to a subscriber brings. */
interface ToReader {
  publication: MailPublication;
  firstName: string | null;
  /** Opens the reader's page, signed and expiring. */
  hubUrl: string;
  unsubscribeUrl: string;
}

/** What every mail about sharing brings. */
interface AboutSharing extends ToReader {
  /** Ends the mails about sharing, and not the letter. */
  muteUrl: string;
}

interface ToSharer extends AboutSharing {
  shareUrl: string;
  next: NextMilestone | null;
}

interface Asking extends AboutSharing {
  next: NextMilestone;
  /** The newest content, which the link leads to, by its title. */
  content: string | null;
  shareUrl: string;
}

/** The next thank-you within reach: `have` of `goal` friends count, `have` < `goal`. */
export interface NextMilestone {
  /** The reward's name, as staff wrote it. */
  reward: string;
  description: string | null;
  have: number;
  goal: number;
}

/** In minor units. */
interface MailMoney {
  amount: number;
  currency: string;
}

export type MailReward = { name: string; description: string | null } & (
  | {
      kind: 'link';
      /** What the button opens; null in what is kept of a protected one, whose link is made when it is rendered. */ url:
        string | null;
    }
  | {
      kind: 'coupon';
      code: string;
      /** Out of a pool, and nobody else's; false for one code that everybody gets. */
      own: boolean;
      /** Where the code is used, if known. */
      url: string | null;
    }
  | {
      kind: 'gift_card';
      /** null: it comes by itself, from whoever the publication orders it from. */
      code: string | null;
      url: string | null;
      value: MailMoney | null;
    }
  | {
      kind: 'credit';
      value: MailMoney | null;
      /** Whose account it is on; null: the reader's own. */ company: string | null;
    }
  | { kind: 'discount'; percent: number }
  | { kind: 'access'; /** null: for good. */ months: number | null; url: string | null }
  | { kind: 'physical' } // the address is known, the parcel is being packed
  | { kind: 'entry' } // takes part in a draw
  | { kind: 'custom' } // somebody at the publication hands it over; the reader has nothing to do
);

/** Whether a mail carries List-Unsubscribe and List-Unsubscribe-Post (RFC 8058). The confirm mail does not: nobody has subscribed yet. Nor do mails to staff. */
export const MESSAGES: Record<MessageName, { listUnsubscribe: boolean }> = {
  confirm: { listUnsubscribe: false },
  'confirm-reminder': { listUnsubscribe: false },
  welcome: { listUnsubscribe: true },
  'first-referral': { listUnsubscribe: true },
  'referral-verified': { listUnsubscribe: true },
  'referral-refused': { listUnsubscribe: true },
  'reward-earned': { listUnsubscribe: true },
  'contest-result': { listUnsubscribe: true },
  'near-milestone': { listUnsubscribe: true },
  'share-reminder': { listUnsubscribe: true },
  reward: { listUnsubscribe: true },
  'claim-address': { listUnsubscribe: true },
  'hub-link': { listUnsubscribe: true },
  participation: { listUnsubscribe: true },
  'program-link': { listUnsubscribe: true },
  // Its own way to be left is in it: nobody has subscribed yet.
  'handed-in': { listUnsubscribe: false },
  'webhook-off': { listUnsubscribe: false },
  'low-stock': { listUnsubscribe: false },
  'review-waiting': { listUnsubscribe: false },
  'staff-invitation': { listUnsubscribe: false },
  'staff-sign-in': { listUnsubscribe: false },
};
