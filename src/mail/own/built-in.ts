import path from 'node:path';
import { type Locale, PROJECT_ROOT, readTemplates } from '../../platform/templates.js';
import type { MessageName } from '../messages.js';
import type { TemplateTexts } from './problem.js';

const sources = readTemplates(path.join(PROJECT_ROOT, 'templates/mail'));
const LAYOUT = /^\{\{#> layout foot="([\w-]+)"[^\n]*\}\}\n(.*)\n\{\{\/layout\}\}\s*$/s;
const TEXT = /^Subject: ([^\n]+)\n\n(.*?)\n+\{\{> \(local "[\w-]+"\)\}\}\s*$/s;

/** The wording that comes with the product, without the layout around it: what a publication begins its own with. */
export function builtInTexts(message: MessageName, locale: Locale): TemplateTexts {
  const [, , html] = LAYOUT.exec(source(`${message}.${locale}`)) ?? [];
  const [, subject, text] = TEXT.exec(source(`${message}.${locale}.txt`)) ?? [];
  if (html === undefined || subject === undefined || text === undefined) {
    throw new Error(
      `templates/mail/${message}.${locale}: a mail is one layout with a foot, and a text with the same foot at its end`,
    );
  }
  return { subject, html, text };
}

/** The foot of a mail, a part of templates/mail/partials/. */
export function footOf(message: MessageName, locale: Locale): string {
  return LAYOUT.exec(source(`${message}.${locale}`))?.[1] ?? 'reader-foot';
}

function source(file: string): string {
  return sources.get(file) ?? '';
}
