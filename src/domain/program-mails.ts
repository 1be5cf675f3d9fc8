import { instantOf, isTimezone, localTime } from './local-time.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEK = 7 * DAY;

interface MailNature {
  keepsDays: number;
  asks: boolean;
}

/**
 * Mails about sharing. A reader may mute them and go on reading; they wait for the day and for their turn, and one that has waited
 * longer than `keepsDays` is not sent any more. `asks`: it asks the reader for something, and so waits until the publication says
 * where it can be reached by post.
 */
export const PROGRAM_MAILS = {
  'first-referral': { keepsDays: 7, asks: false },
  'referral-verified': { keepsDays: 7, asks: false },
  'referral-refused': { keepsDays: 14, asks: false },
  'reward-earned': { keepsDays: 7, asks: false },
  'contest-result': { keepsDays: 7, asks: false },
  'near-milestone': { keepsDays: 14, asks: true },
  'share-reminder': { keepsDays: 14, asks: true },
} as const satisfies Record<string, MailNature>;

export type ProgramMail = keyof typeof PROGRAM_MAILS;

export const PROGRAM_MAIL_NAMES = Object.keys(PROGRAM_MAILS) as ProgramMail[];

export function isProgramMail(message: string): message is ProgramMail {
  return Object.hasOwn(PROGRAM_MAILS, message);
}

/** What a publication sets of its mails about sharing. */
export interface ProgramMailSettings {
  /** How many of them a reader gets in any seven days. */
  perWeek: number;
  /** On the reader's clocks, `21:00`. From here until then none comes; the same twice: at any time. */
  quietFrom: string;
  quietUntil: string;
  /** Which are not sent at all. */
  off: ProgramMail[];
}

export const USUAL_PROGRAM_MAILS: ProgramMailSettings = {
  perWeek: 3,
  quietFrom: '21:00',
  quietUntil: '08:00',
  off: [],
};

/** A mail that is about to be sent, and what speaks for and against it. */
interface AtTheDoor {
  message: ProgramMail;
  promisedAt: Date;
  settings: ProgramMailSettings;
  /** Of the reader. */
  timezone: string;
  hasPostalAddress: boolean;
  /** When mails about sharing went to this reader in the last seven days, oldest first; null when this one was counted already. */
  released: readonly Date[] | null;
}

type Verdict = { act: 'send' } | { act: 'drop'; why: string } | { act: 'wait'; until: Date; why: string };

function natureOf(message: ProgramMail): MailNature {
  return PROGRAM_MAILS[message];
}

/** Whether a mail about sharing goes out now. */
export function paceOf(mail: AtTheDoor, now: Date): Verdict {
  const { message, settings, released } = mail;
  const { keepsDays, asks } = natureOf(message);
  if (settings.off.includes(message)) return { act: 'drop', why: 'the publication does not send this mail' };
  if (now.getTime() - mail.promisedAt.getTime() > keepsDays * DAY) return { act: 'drop', why: 'its time is over' };
  if (asks && !mail.hasPostalAddress) {
    return { act: 'wait', until: new Date(now.getTime() + DAY / 4), why: 'the publication has no postal address' };
  }
  if (released !== null && released.length >= settings.perWeek) {
    const earliest = released[released.length - settings.perWeek]!;
    return { act: 'wait', until: new Date(earliest.getTime() + WEEK), why: 'the reader had enough mails this week' };
  }
  const until = endOfQuiet(now, settings, mail.timezone);
  return until === null ? { act: 'send' } : { act: 'wait', until, why: 'it is night at the reader’s' };
}

/** Since when mails count towards the week that ends now. */
export function weekBefore(now: Date): Date {
  return new Date(now.getTime() - WEEK);
}

/** Where the reader's clocks are: in the zone that the publication's systems told of them, else in the publication's own. */
export function zoneOf(told: string | null, publications: string): string {
  return told !== null && isTimezone(told) ? told : publications;
}

/** When the quiet hours end, or null when there are none at this moment. */
function endOfQuiet(now: Date, { quietFrom, quietUntil }: ProgramMailSettings, timezone: string): Date | null {
  const local = localTime(now, timezone);
  const midnight = Math.floor(local / DAY) * DAY;
  const [from, until] = [minutesOf(quietFrom) * MINUTE, minutesOf(quietUntil) * MINUTE];
  const time = local - midnight;
  const quiet = from <= until ? time >= from && time < until : time >= from || time < until;
  if (!quiet) return null;
  return instantOf(time < until ? midnight + until : midnight + DAY + until, timezone);
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}
