import path from 'node:path';
import { inline } from '@css-inline/css-inline';
import type Handlebars from 'handlebars';
import { displayName } from '../domain/text.js';
import { sayMoney } from '../platform/money.js';
import {
  compileTemplate,
  createEnvironment,
  type Frame,
  LOCALES,
  type Locale,
  localeOf,
  PROJECT_ROOT,
  readTemplates,
} from '../platform/templates.js';
import { type MailData, type MessageName, MESSAGES } from './messages.js';

export interface RenderedMail {
  /** One line, plain text. */
  subject: string;
  html: string;
  text: string;
}

/** Beads that fit beside each other on a phone; a longer way is a bar. */
const MOST_BEADS = 12;

const HELPERS: Record<string, Handlebars.HelperDelegate> = {
  /** The partial of this mail's language: `{{> (local "footer")}}`. */
  local: (name: string, options: Handlebars.HelperOptions) => `${name}.${localeOf(options)}`,
  /** `{{plural n one="# friend" other="# friends"}}` */
  plural: (count: number, options: Handlebars.HelperOptions) => {
    const form = new Intl.PluralRules(localeOf(options)).select(count);
    return String(options.hash[form] ?? options.hash.other).replace('#', String(count));
  },
  /** One boolean for each friend of the way, false where it is too long to draw. */
  beads: (have: number, goal: number) => goal <= MOST_BEADS && Array.from({ length: goal }, (_, i) => i < have),
  concat: (...parts: unknown[]) => parts.slice(0, -1).join(''),
  money: (value: { amount: number; currency: string }, options: Handlebars.HelperOptions) =>
    sayMoney(localeOf(options), value),
  pick: (condition: boolean, yes: string, no: string) => (condition ? yes : no),
  percent: (have: number, goal: number) => Math.round((have / goal) * 100),
};

/** HTML and text have an environment each: `&` must stay `&` in a text part and in a subject. */
export const environments = { html: createEnvironment(HELPERS), text: createEnvironment(HELPERS) };
const templates = loadTemplates();

/** Reads and compiles all mails once. */
function loadTemplates(): Map<string, Handlebars.TemplateDelegate> {
  const ready = new Map<string, Handlebars.TemplateDelegate>();
  for (const [file, text] of readTemplates(path.join(PROJECT_ROOT, 'templates/mail'))) {
    const isText = file.endsWith('.txt');
    const environment = isText ? environments.text : environments.html;
    const template = compileTemplate(environment, `mail/${file}`, text, isText);
    if (file.startsWith('partials/')) environment.registerPartial(path.basename(file, '.txt'), template);
    else ready.set(file, template);
  }
  for (const message of Object.keys(MESSAGES)) {
    for (const file of LOCALES.flatMap((locale) => [`${message}.${locale}`, `${message}.${locale}.txt`])) {
      if (!ready.has(file)) throw new Error(`templates/mail/${file}.hbs is missing`);
    }
  }
  return ready;
}

/** A mail in one language. Throws when the data lack something that the templates read. */
export function renderMail<Message extends MessageName>(
  message: Message,
  locale: Locale,
  data: MailData[Message],
): RenderedMail {
  const view = safeView(data) as Record<string, unknown>;
  const run = (file: string, more: Record<string, unknown>) =>
    templates.get(file)!({ ...view, ...more }, { data: { locale } satisfies Frame });
  const [, subject, text] = /^Subject: ([^\n]+)\n\n(.*)$/s.exec(run(`${message}.${locale}.txt`, {})) ?? [];
  if (subject === undefined || text === undefined) {
    throw new Error(`templates/mail/${message}.${locale}.txt.hbs must begin with a line "Subject: …" and an empty one`);
  }
  // Inlining comes after rendering: on a template the parser would move {{#each}} out of the tables.
  const html = inline(run(`${message}.${locale}`, { subject }), { loadRemoteStylesheets: false });
  return { subject, html, text };
}

/**
 * The data as the templates may see them: every string on one line, so that no value can begin a header, a line of the text part or the
 * subject's next line; a first name only if it is one.
 */
export function safeView(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    return key === 'firstName' ? displayName(value) : value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, safeView(inner, name)]));
}
