import type { Attributes } from './attributes.js';

/** Facts that a form can ask for by their name alone: the pages have labels for them. */
export const KNOWN_JOIN_FIELDS = ['company', 'role', 'companySize', 'industry', 'country', 'phone'] as const;
type KnownJoinField = (typeof KNOWN_JOIN_FIELDS)[number];

/** A field that a program adds to its form: the name of an attribute, known or with a label and perhaps a choice of values. */
export type JoinField =
  KnownJoinField | { name: string; label: string; options?: string[] | undefined; required?: boolean | undefined };

/** Names that forms use for themselves. */
export const TAKEN_FIELD_NAMES: ReadonlySet<string> = new Set([
  'email', 'firstName', 'heardFrom', 'website', 'ref', 'click', 'clicks', 'content', 'channel', 'sent', 'terms', 'why', 'program',
  'publication', 'token', 'agreed', 'started', 'constructor', 'prototype',
]); // prettier-ignore

export const JOIN_FIELD_NAME = /^[a-z][a-zA-Z0-9]{0,39}$/;
export const MOST_JOIN_FIELDS = 10;
const LONGEST_ANSWER = 200;

/** A field as a form shows it; without a label of its own the page says the name in its language. */
export interface AskedField {
  name: string;
  label: string | null;
  /** The values to choose from; null for a line of text. */
  options: string[] | null;
  required: boolean;
}

export function askedFields(fields: readonly JoinField[]): AskedField[] {
  return fields.map((field) =>
    typeof field === 'string'
      ? { name: field, label: null, options: null, required: false }
      : { name: field.name, label: field.label, options: field.options ?? null, required: field.required ?? false },
  );
}

/**
 * What a form brought for the fields that were asked for, as attributes. Anything else in it is nobody's: a stranger's form
 * writes no fact that was not asked for. An answer that is too long, no text or no choice counts as not given.
 */
export function answersIn(
  form: Readonly<Record<string, unknown>>,
  fields: readonly AskedField[],
): Attributes & Record<string, string> {
  const answers: Record<string, string> = {};
  for (const { name, options } of fields) {
    const given = Object.hasOwn(form, name) ? form[name] : undefined;
    if (typeof given !== 'string') continue;
    const answer = given.trim();
    if (answer === '' || answer.length > LONGEST_ANSWER || /\p{Cc}|\p{Bidi_Control}/u.test(answer)) continue;
    if (options === null || options.includes(answer)) answers[name] = answer;
  }
  return answers;
}
