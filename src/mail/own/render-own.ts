import { inline } from '@css-inline/css-inline';
import type Handlebars from 'handlebars';
import { LRUCache } from 'lru-cache';
import { compileTemplate, type Frame, type Locale } from '../../platform/templates.js';
import type { MailData, MessageName } from '../messages.js';
import { environments, type RenderedMail, safeView } from '../render.js';
import { footOf } from './built-in.js';
import { type TemplateField, TemplateFault, type TemplateTexts } from './problem.js';
import { contextOf, shapeOf } from './shape.js';

/** Gmail shows no more of a mail than this, and cuts the way to unsubscribe off with the rest. */
const MOST_HTML_BYTES = 102_000;
const MOST_SUBJECT = 200;
/** What a mailbox shows beside the subject. */
const PREHEADER = 90;

const LAYOUT = compileTemplate(
  environments.html,
  "the layout of a publication's own mail",
  `{{#> layout foot=foot preheader=preheader subject=subject}}\n{{{body}}}\n{{/layout}}`,
);
const FOOT = compileTemplate(environments.text, "the foot of a publication's own mail", `{{> (local foot)}}`, true);

/** Compiled ones, by what they say. */
const compiled = new LRUCache<string, Handlebars.TemplateDelegate>({ max: 200 });

/**
 * A mail in a publication's own words, inside our layout and with our foot. Throws a TemplateFault where it cannot be: the
 * built-in wording says it then.
 */
export function renderOwn<Message extends MessageName>(
  message: Message,
  locale: Locale,
  data: MailData[Message],
  texts: TemplateTexts,
): RenderedMail {
  const view = safeView(data) as Record<string, unknown>;
  const context = contextOf(shapeOf(message), view);
  const run = (field: TemplateField) => render(field, texts[field], context, locale);
  const subject = run('subject').replace(/\s+/g, ' ').trim();
  if (subject === '') throw fault('subject', 'it is empty');
  if (subject.length > MOST_SUBJECT) throw fault('subject', `it comes out longer than ${MOST_SUBJECT} characters`);
  const body = run('text')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const frame = { data: { locale } satisfies Frame };
  const around = { ...view, foot: footOf(message, locale), subject, preheader: beginningOf(body) };
  const whole = LAYOUT({ ...around, body: dressed(run('html')) }, frame);
  if (Buffer.byteLength(whole) > MOST_HTML_BYTES) {
    throw fault('html', 'the mail becomes larger than 102 kB, of which programs show no more');
  }
  return { subject, html: inline(whole, { loadRemoteStylesheets: false }), text: `${body}\n\n${FOOT(around, frame)}` };
}

function render(field: TemplateField, text: string, context: unknown, locale: Locale): string {
  try {
    return templateOf(field, text)(context, { data: { locale } satisfies Frame });
  } catch (error) {
    const { lineNumber, column, message } = error as Error & { lineNumber?: number; column?: number };
    const [, missing] = /^"(.+)" not defined/.exec(message) ?? [];
    const why =
      missing === undefined
        ? message.replace(/ - \d+:\d+$/, '')
        : `${missing} is not in every mail: ask with {{#if …}} first`;
    throw fault(field, why, lineNumber, column);
  }
}

function templateOf(field: TemplateField, text: string): Handlebars.TemplateDelegate {
  const key = `${field === 'html' ? 'html' : 'text'}\n${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const environment = field === 'html' ? environments.html : environments.text;
  const template = compileTemplate(environment, `${field} of a publication's own mail`, text, field !== 'html');
  compiled.set(key, template);
  return template;
}

function fault(field: TemplateField, message: string, line = 1, column = 0): TemplateFault {
  return new TemplateFault({ field, line, column: column + 1, message });
}

/** Paragraphs, headings and links without a class get that of the layout, so that an editor need not know any. */
function dressed(html: string): string {
  return html
    .replace(/<p(?=\s|>)(?![^>]*\sclass=)/gi, '<p class="m-p"')
    .replace(/<h1(?=\s|>)(?![^>]*\sclass=)/gi, '<h1 class="m-h"')
    .replace(/<a(?=\s)(?![^>]*\sclass=)/gi, '<a class="m-link"');
}

/** What the mail begins with, for the line beside the subject. Headings in capitals are no words of a sentence. */
function beginningOf(text: string): string {
  const words = [
    ...text
      .replace(/https?:\/\/\S+/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  return words.length <= PREHEADER
    ? words.join('')
    : `${words
        .slice(0, PREHEADER)
        .join('')
        .replace(/\s\S*$/, '')} …`;
}
