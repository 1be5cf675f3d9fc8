import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import { IntlMessageFormat } from 'intl-messageformat';
import { LOCALES, PROJECT_ROOT, type Locale } from './templates.js';

/** Day before month, as the publications that write English here do; Japanese has one order. */
const DATES: Record<Locale, string> = { en: 'en-GB', ja: 'ja-JP' };

type Part = string | Markup;
class Markup {
  constructor(readonly html: string) {}
}

/** The pages' words: ICU messages by key. */
export class Words {
  private readonly messages: Record<Locale, Map<string, IntlMessageFormat>>;

  /** Parses every message now: a broken one stops the start. */
  constructor(catalogues: Record<Locale, Record<string, string>> = readCatalogues()) {
    const parse = (locale: Locale) =>
      new Map(
        Object.entries(catalogues[locale]).map(([key, message]) => [
          key,
          new IntlMessageFormat(message, DATES[locale]),
        ]),
      );
    this.messages = { en: parse('en'), ja: parse('ja') };
  }

  /**
   * A message with its arguments; an unknown key or a missing argument throws. A message may hold `<b>`, `<mailbox>`, `<a>` (to the
   * argument `href`), `<hidden>` (for screen readers alone) and `<seen>` (for everybody else); then the answer is markup with everything
   * else escaped. Otherwise it is a plain string, for Handlebars to escape.
   */
  say(locale: Locale, key: string, args: Record<string, unknown>): string | Handlebars.SafeString {
    const message = this.messages[locale].get(key);
    if (message === undefined) throw new Error(`templates/messages/${locale}.json has no ${key}`);
    const tag = (open: string, close: string) => (inner: Part[]) => new Markup(open + toHtml(inner) + close);
    const said = message.format<Markup>({
      ...(args as Record<string, string | number | Date>),
      b: tag('<b>', '</b>'),
      mailbox: tag('<b class="mailbox">', '</b>'),
      hidden: tag('<span class="hidden">', '</span>'),
      seen: tag('<span aria-hidden="true">', '</span>'),
      a: (inner: Part[]) => tag(`<a href="${Handlebars.escapeExpression(args.href as string)}">`, '</a>')(inner),
    });
    return typeof said === 'string' ? said : new Handlebars.SafeString(toHtml(Array.isArray(said) ? said : [said]));
  }
}

/** A day in words; the year only where it is not the current one. */
export function sayDay(locale: Locale, day: Date, now: Date, timeZone: string): string {
  const year = (moment: Date) => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(moment);
  const withYear = year(day) === year(now) ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(DATES[locale], { timeZone, day: 'numeric', month: 'long', ...withYear }).format(day);
}

/** A moment in words: day and time of day, in the zone. */
export function sayMoment(locale: Locale, moment: Date, now: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat(DATES[locale], { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment);
  return `${sayDay(locale, moment, now, timeZone)}${locale === 'ja' ? ' ' : ', '}${time}`;
}

/** messages/{locale}.json, and of the pages for staff messages/staff/{area}.{locale}.json. No key may be in two of them. */
export function readCatalogues(): Record<Locale, Record<string, string>> {
  const folder = path.join(PROJECT_ROOT, 'templates/messages');
  const areas = readdirSync(path.join(folder, 'staff')).sort();
  const read = (locale: Locale) => {
    const files = [
      `${locale}.json`,
      ...areas.filter((file) => file.endsWith(`.${locale}.json`)).map((f) => `staff/${f}`),
    ];
    const entries = files.flatMap((file) => Object.entries(readCatalogue(path.join(folder, file))));
    const keys = entries.map(([key]) => key);
    const twice = keys.find((key, n) => keys.indexOf(key) < n);
    if (twice !== undefined) throw new Error(`templates/messages: ${twice} is in two ${locale} files`);
    return Object.fromEntries(entries);
  };
  return Object.fromEntries(LOCALES.map((locale) => [locale, read(locale)])) as Record<Locale, Record<string, string>>;
}

function readCatalogue(file: string): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

function toHtml(parts: Part[]): string {
  return parts.map((part) => (part instanceof Markup ? part.html : Handlebars.escapeExpression(part))).join('');
}
