import { z } from 'zod';
import type { FieldProblem } from '../../domain/errors.js';
import type { Program } from '../../publications/publication.entities.js';
import { Typed, wholeTyped } from './form.js';
import type { ProgramField, ProgramSettingsView } from './program-views.js';

export const ProgramForm = z.object({
  name: Typed,
  access: Typed,
  requirements: Typed,
  landingUrl: Typed,
  model: Typed,
  windowDays: Typed,
  doubleOptIn: Typed,
  holdDays: Typed,
  requireEngagement: Typed,
  when: Typed,
  cron: Typed,
  timezone: Typed,
  stages: Typed,
  askHeardFrom: Typed,
  showsBoard: Typed,
  handIn: Typed,
  description: Typed,
  steps: Typed,
  faq: Typed,
  termsUrl: Typed,
  shareMessage: Typed,
});
export type ProgramForm = z.infer<typeof ProgramForm>;

const FIELDS = Object.keys(ProgramForm.shape) as ProgramField[];
export const FINE = Object.fromEntries(FIELDS.map((field) => [field, null])) as ProgramSettingsView['problems'];
/** How the API calls what is called otherwise in the form. */
const GROUPS = ['attribution', 'verification', 'delivery'];

/** A program as its form shows it. Steps and questions stand in blocks with an empty line between them, the title first. */
export function programFields(program: Program): ProgramForm {
  const on = (isOn: boolean) => (isOn ? 'on' : '');
  return {
    name: program.name,
    access: program.access,
    requirements: program.requirements.join('\n'),
    landingUrl: program.landingUrl ?? '',
    model: program.attributionModel,
    windowDays: String(program.attributionWindowDays),
    doubleOptIn: on(program.doubleOptIn),
    holdDays: String(program.holdDays),
    requireEngagement: on(program.requireEngagement),
    when: program.deliveryWhen,
    cron: program.deliveryCron ?? '',
    timezone: program.deliveryTimezone ?? '',
    stages: program.stages.join('\n'),
    askHeardFrom: on(program.askHeardFrom),
    showsBoard: on(program.showsBoard),
    handIn: on(program.handIn),
    ...textFields(program),
  };
}

function textFields({ description, steps, faq, termsUrl, shareMessage }: Program) {
  return {
    description: description ?? '',
    steps: steps.map(({ title, text }) => (text === null ? title : `${title}\n${text}`)).join('\n\n'),
    faq: faq.map(({ question, answer }) => `${question}\n${answer}`).join('\n\n'),
    termsUrl: termsUrl ?? '',
    shareMessage: shareMessage ?? '',
  };
}

/** What the form says, as the API would be told it. */
export function programTyped(form: ProgramForm): object {
  return {
    name: form.name,
    access: form.access,
    requirements: linesOf(form.requirements),
    landingUrl: form.landingUrl || null,
    attribution: { model: form.model, windowDays: wholeTyped(form.windowDays) },
    verification: {
      doubleOptIn: form.doubleOptIn !== '',
      holdDays: wholeTyped(form.holdDays),
      requireEngagement: form.requireEngagement !== '',
    },
    delivery:
      form.when === 'scheduled'
        ? { when: 'scheduled', cron: form.cron, ...(form.timezone === '' ? {} : { timezone: form.timezone }) }
        : { when: form.when },
    stages: linesOf(form.stages),
    askHeardFrom: form.askHeardFrom !== '',
    showsBoard: form.showsBoard !== '',
    handIn: form.handIn !== '',
    description: form.description || null,
    steps: blocksOf(form.steps).map(([title, text]) => ({ title, text: text || null })),
    faq: blocksOf(form.faq).map(([question, answer]) => ({ question, answer })),
    termsUrl: form.termsUrl || null,
    shareMessage: form.shareMessage || null,
  };
}

function linesOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** The first line of each block, and the lines below it. */
function blocksOf(text: string): [string, string][] {
  const blocks = text.replaceAll('\r', '').split(/\n[^\S\n]*\n/);
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const [first = '', ...rest] = block.split('\n');
      return [first.trim(), rest.join('\n').trim()];
    });
}

/** What is wrong, by the field of the form that it is about. */
export function programProblems(problems: readonly Pick<FieldProblem, 'path'>[]): ProgramSettingsView['problems'] {
  const wrong = { ...FINE };
  for (const { path } of problems) {
    const [first = '', second = ''] = path.split(/[.[]/);
    const name = GROUPS.includes(first) ? second : first;
    const field = FIELDS.find((one) => one === name) ?? 'access';
    wrong[field] = `problem.program.${field}`;
  }
  return wrong;
}
