import type { Locale } from '../../platform/templates.js';
import type { MailData, MessageName, StaffMessage } from '../messages.js';
import { sampleMails } from '../samples/sample-mails.js';
import { renderMail } from '../render.js';
import { checkMarkup } from './check-markup.js';
import { checkSyntax, isUrlName } from './check-syntax.js';
import {
  TEMPLATE_FIELDS,
  type TemplateField,
  TemplateFault,
  type TemplateProblem,
  type TemplateTexts,
} from './problem.js';
import { renderOwn } from './render-own.js';
import { shapeOf, variablesOf } from './shape.js';

/** Characters. More than any mail may come out with. */
const MOST_TEMPLATE: Readonly<Record<TemplateField, number>> = { subject: 1_000, html: 90_000, text: 50_000 };
const MOST_PROBLEMS = 20;

/** Mails to who works here let people in: in an editor's words they could ask a colleague for anything. */
const OURS: ReadonlySet<MessageName> = new Set<StaffMessage>([
  'webhook-off', 'low-stock', 'review-waiting', 'staff-invitation', 'staff-sign-in',
]); // prettier-ignore

/** Whether a publication may word this mail itself. */
export function mayBeOwn(message: MessageName): boolean {
  return !OURS.has(message);
}

/** What a mail may leave out: the foot has the way out, every other mail the way to the hub, and sharing is no duty. */
const MAY_BE_LEFT_OUT = new Set(['unsubscribeUrl', 'hubUrl', 'shareUrl']);
const NEEDED: Partial<Record<MessageName, string>> = { 'hub-link': 'hubUrl', welcome: 'shareUrl' };

/** Links and codes for whose sake a mail is sent: in a sample in which the built-in wording shows one, the publication's own must. */
function requiredOf(message: MessageName): string[] {
  const values = variablesOf(shapeOf(message)).filter(({ kind }) => kind === 'value');
  return values
    .map(({ name }) => name)
    .filter((name) => isUrlName(name) || name === 'reward.code')
    .filter((name) => !MAY_BE_LEFT_OUT.has(name) || NEEDED[message] === name);
}

/**
 * Everything that is wrong with a template: its braces, its markup, its size, and how it comes out of every sample. None means
 * that it can be sent.
 */
export function checkTemplate(message: MessageName, locale: Locale, texts: TemplateTexts): TemplateProblem[] {
  const sizes = TEMPLATE_FIELDS.flatMap((field) => checkSize(field, texts[field]));
  if (sizes.length > 0) return sizes;
  const shape = shapeOf(message);
  const syntax = TEMPLATE_FIELDS.flatMap((field) => checkSyntax(field, texts[field], shape));
  const markup = syntax.some(({ field }) => field === 'html') ? [] : checkMarkup(texts.html);
  const problems = [...syntax, ...markup].slice(0, MOST_PROBLEMS);
  return problems.length > 0 ? problems : checkSamples(message, locale, texts);
}

function checkSize(field: TemplateField, text: string): TemplateProblem[] {
  const say = (message: string): TemplateProblem[] => [{ field, line: 1, column: 1, message }];
  if (text.trim() === '') return say('must not be empty');
  if (text.length > MOST_TEMPLATE[field]) return say(`must have at most ${MOST_TEMPLATE[field]} characters`);
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) || /\p{Cs}/u.test(text)) {
    return say('must not hold control characters');
  }
  if (field === 'subject' && /[\r\n\u2028\u2029]/.test(text)) return say('must be one line');
  return [];
}

function checkSamples(message: MessageName, locale: Locale, texts: TemplateTexts): TemplateProblem[] {
  for (const [sample, data] of Object.entries(sampleMails(locale)[message] as Record<string, MailData[MessageName]>)) {
    try {
      const problems = checkRequired(message, data, locale, texts, sample);
      if (problems.length > 0) return problems;
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      return [{ ...error.problem, message: `${error.problem.message} (sample ${sample})` }];
    }
  }
  return [];
}

function checkRequired(
  message: MessageName,
  data: MailData[MessageName],
  locale: Locale,
  texts: TemplateTexts,
  sample: string,
): TemplateProblem[] {
  const { html, text } = renderOwn(message, locale, data, texts);
  const builtIn = renderMail(message, locale, data);
  return requiredOf(message).flatMap((name) => {
    const value = name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], data);
    if (typeof value !== 'string' || !builtIn.text.includes(value)) return [];
    const missing = (field: TemplateField): TemplateProblem => ({
      field,
      line: 1,
      column: 1,
      message: `{{${name}}} must be in it (sample ${sample})`,
    });
    return [...(html.includes(value) ? [] : [missing('html')]), ...(text.includes(value) ? [] : [missing('text')])];
  });
}
