import type { ReasonCode } from './reasons.js';

/** What staff want to know of a reason beside its sentence: see `docs/reasons.md`, which is made of it. */
export interface ReasonNote {
  /** What showed it. */
  shown: string;
  /** How it is weighed, and by which levels. */
  weighed: string;
  /** What staff can do. */
  act: string;
}

const REFUSED = 'It refuses the referral by itself, at every level.';
const ADDS = (weight: number): string =>
  `Adds ${weight}. The sum of all signs holds a referral for review from 3 at \`flexible\`, 2 at \`strong\` and 1 at \`very_strong\`; no sum refuses one.`;
const PLACE = `${ADDS(1)} \`same_network\` and \`same_company\` together add 1: colleagues and families are the honest use.`;
const APPROVE = 'Approve it in the review, and it counts at once.';
const LOOK = "Look at it: approve, and it goes on to the program's delay or counts; reject, and it does not count.";
const NONE = 'Nothing is needed.';

export const REASON_NOTES: Record<ReasonCode, ReasonNote> = {
  self_referral: {
    shown: 'The address that signed up is, but for upper and lower case, that of the referrer.',
    weighed: REFUSED,
    act: 'Nothing to do as a rule: somebody tried their own link. Approving makes it count.',
  },
  alias_of_referrer: {
    shown:
      'With a `+tag` cut, dots cut where the mail service ignores them and its other domains taken as one, both addresses are the same.',
    weighed: REFUSED,
    act: `Two people can share such a mailbox. ${APPROVE}`,
  },
  alias_of_existing: {
    shown:
      'As for `alias_of_referrer`, but the other address is that of an earlier subscriber, whatever became of them.',
    weighed: REFUSED,
    act: APPROVE,
  },
  already_subscribed: {
    shown: 'The address itself had been confirmed here before. Of erased readers a keyed hash is kept for this alone.',
    weighed: REFUSED,
    act: `The referrer is told only after the friend has pressed the button in the mail that this signup caused. ${APPROVE}`,
  },
  disposable_domain: {
    shown: 'The domain is on the list of throw-away mail services; the evidence names it. The allow list wins over it.',
    weighed: REFUSED,
    act: `If the domain is a real one, put it on the allow list. ${APPROVE}`,
  },
  honeypot: {
    shown: 'The hidden field of the form was filled in.',
    weighed: REFUSED,
    act: `Some programs that fill in forms do this for people. ${APPROVE}`,
  },
  blocked: {
    shown: 'An entry of the block list (`GET /fraud-lists`). An entry of the allow list wins over it.',
    weighed: REFUSED,
    act: `Take the entry off the list, or allow this one. ${APPROVE}`,
  },
  left_in_delay: {
    shown: 'The friend unsubscribed, bounced or was erased before the referral counted.',
    weighed: REFUSED,
    act: APPROVE,
  },
  rejected_by_reviewer: {
    shown: 'The decision of a person; the audit log has who, when and the note.',
    weighed: 'A decision, not a check.',
    act: `The referrer may appeal once. ${APPROVE}`,
  },
  fraud_found: {
    shown: 'The decision of a person about a referral that counted; the audit log has who, when and the note.',
    weighed:
      'A decision, not a check. Rewards that were sent stay and are flagged; those not sent are revoked where the count falls below them.',
    act: APPROVE,
  },
  refunded: {
    shown: 'A `refunded` event for the purchase.',
    weighed: 'By the rule of the program, not a check.',
    act: APPROVE,
  },
  same_network: {
    shown:
      'The same IPv4 address or IPv6 /64 within 24 hours; the evidence says whose. Where an office or a carrier puts many behind one address, it is not looked at.',
    weighed: PLACE,
    act: LOOK,
  },
  same_company: {
    shown: 'Both addresses have the same domain, and it is no free mail service.',
    weighed: PLACE,
    act: LOOK,
  },
  same_device: {
    shown:
      "The browser of the signup carried the cookie of the referrer's or another friend's own pages, or had signed up with that address before.",
    weighed: ADDS(2),
    act: LOOK,
  },
  velocity: {
    shown: 'How many signups the link brought, and in which time; the evidence says it.',
    weighed: ADDS(1),
    act: 'A post that went round looks the same. Look at a few of them, and decide about all at once.',
  },
  machine_signs: {
    shown:
      "A script's user agent at the signup or the confirmation, a form filled in within a second; beside them, or of the confirmation alone: another network than the signup's (another user agent where a network is unknown), within ten seconds of the mail. The evidence lists them.",
    weighed: `${ADDS(1)} Two of the confirmation hold at every level, for then perhaps nobody agreed.`,
    act: 'Mail scanners cause this too. Where the friend presses the button once more, as a person, it goes on by itself; otherwise look at it.',
  },
  shared_click: {
    shown: 'The same click id came with an earlier signup; of those by one click the first never has this sign.',
    weighed: ADDS(1),
    act: 'People do pass on the address of a page. Look at who came by the same click.',
  },
  cluster: {
    shown:
      'Look-alike addresses, one browser on one network, or one company that nobody knew; the evidence says how many. Of a company a few go on by themselves after five days, as does an office.',
    weighed: ADDS(2),
    act: 'Look at all of the cluster, and decide about all at once.',
  },
  over_cap: {
    shown: "How many friends the referrer brought within an hour or a day, and the level's cap.",
    weighed:
      'No sign and no accusation: a cap holds, and never drops. Friends an hour and a day: 100 and 400 at `flexible`, 10 and 40 at `strong`, 5 and 20 at `very_strong`.',
    act: 'Look at a few of them, and decide about all at once.',
  },
  not_confirmed: {
    shown: 'The state `pending`.',
    weighed: 'Not weighed.',
    act: 'A word from the referrer helps most. The referral expires 14 days after the signup.',
  },
  waiting_delay: {
    shown: 'The state `held` for `delay`. The days are counted from the confirmation.',
    weighed: 'Not weighed.',
    act: `${NONE} Rejecting it ends the wait.`,
  },
  waiting_engagement: {
    shown: 'The state `held` for `engagement`: the program asks for a click in a mail, which an open is not.',
    weighed: 'Not weighed.',
    act: `${NONE} An \`engaged\` event of the mail platform ends the wait.`,
  },
  waiting_review: {
    shown: 'The state `held` for `review`: signs that add up, or an appeal.',
    weighed: 'Not weighed.',
    act: LOOK,
  },
  expired: {
    shown: 'The state `expired`.',
    weighed: 'Not weighed.',
    act: `${NONE} The friend may sign up again, by any link.`,
  },
  reversed: {
    shown: 'The state `reversed`; the reasons say why.',
    weighed: 'Not weighed.',
    act: APPROVE,
  },
};
