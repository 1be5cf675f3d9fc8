import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { DomainError } from '../../domain/errors.js';
import { isCurrency, MOST_MONEY } from '../../domain/money.js';

/** Text of a line: trimmed, not empty, without control characters. */
export function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(longest, `must have at most ${longest} characters`)
    .refine((text) => !/\p{Cc}|\p{Bidi_Control}/u.test(text), 'must not hold control characters');
}

/** Text of several lines. */
export function paragraph(longest: number) {
  return z.string().trim().min(1, 'must not be empty').max(longest, `must have at most ${longest} characters`);
}

/** Text of several lines that people are shown: line breaks are the only control characters in it. */
export function text(longest: number) {
  return paragraph(longest).refine(
    (typed) => !/[^\P{Cc}\n\r\t]|\p{Bidi_Control}/u.test(typed),
    'must not hold control characters',
  );
}

export const Slug = z
  .string()
  .max(64, 'must have at most 64 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
  .meta({ example: 'weekly-loaf' });

export const Id = z.uuid('must be the id of something here').meta({ description: 'UUIDv7' });

/** A file that is taken as a whole, from a body of text/csv; with any other kind of body it is a 415. */
export const WholeFile = z.string({
  error: () => {
    throw new DomainError('request/unsupported-media-type', 'Send the file as text/csv');
  },
});

/** http or https, without a name and password in it. */
export const WebUrl = z
  .string()
  .max(2_000, 'must have at most 2000 characters')
  .refine(isWebUrl, 'must be an address that starts with https:// or http://')
  .meta({ format: 'uri' });

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
}

/** An address of a reader, with its keys. In the document it is a string. */
export const ReaderAddress = z
  .string()
  .transform((typed, context) => {
    const parsed = parseAddress(typed);
    if (parsed.ok) return parsed.address;
    context.addIssue({ code: 'custom', message: parsed.message });
    return z.NEVER;
  })
  .meta({ format: 'email', example: 'ana@example.com' });

export const Timezone = z
  .string()
  .refine(isTimezone, 'must be an IANA time zone such as Europe/Berlin')
  .meta({ example: 'Europe/Berlin' });

/** A name, not an offset: newer Node takes `+05:00`, and PostgreSQL reads that with the opposite sign. */
function isTimezone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** A day that PostgreSQL has too: its calendar has no year 0. */
export const Day = z.iso
  .date('must be a day such as 2026-11-21')
  .refine((day) => !day.startsWith('0000'), 'must be a day such as 2026-11-21');
export const Instant = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-21T07:00:00Z' });
/** A time in an answer: handlers give a Date, JSON makes it this. */
export const AnsweredInstant = z.iso.datetime();

/** Money as it is told to us. */
export const MoneyField = z
  .strictObject({
    amount: z
      .number()
      .int('must be a whole number of minor units')
      .min(0, 'must not be negative')
      .max(MOST_MONEY, `must be at most ${MOST_MONEY}`)
      .meta({ description: 'In minor units: 4900 is 49.00 USD.' }),
    currency: z.string().refine(isCurrency, 'must be a currency of ISO 4217 such as USD').meta({ example: 'USD' }),
  })
  .meta({ description: 'Never converted.' });
export const AnsweredMoney = z.object({ amount: z.number().int(), currency: z.string() });

/** A list as every list route answers it. */
export function listOf<Row extends z.ZodType>(row: Row) {
  return z.object({ data: z.array(row), nextCursor: z.string().nullable() });
}
