import { z } from 'zod';
import type { Condition } from '../../domain/audience.js';
import type { FieldProblem } from '../../domain/errors.js';
import type { MilestoneBody } from '../../milestones/milestone.entities.js';
import { Typed, wholeTyped } from './form.js';
import type { Asks, ConditionView, MilestoneField, MilestoneView } from './milestone-views.js';

const ASKS: readonly Asks[] = ['is', 'in', 'not', 'atLeast', 'atMost', 'exists', 'absent'];
/** As many conditions as an audience may have. */
const MOST_CONDITIONS = 20;
const EMPTY_CONDITION: ConditionView = { attribute: '', asks: 'is', value: '' };

/** A milestone as it is typed; conditions are `attribute0`, `asks0`, `value0` and so on. */
export const MilestoneForm = z.looseObject({
  act: z.enum(['preview', 'edit', 'save']).catch('preview'),
  version: Typed,
  past: z.enum(['grant', 'ignore']).catch('ignore'),
  name: Typed,
  threshold: Typed,
  every: Typed,
  stage: Typed,
  recipient: Typed,
  rewardId: Typed,
  approval: Typed,
  holdDays: Typed,
  capCount: Typed,
  capPer: Typed,
});
export type MilestoneForm = z.infer<typeof MilestoneForm>;

export const FINE: MilestoneView['problems'] = {
  name: null,
  threshold: null,
  every: null,
  stage: null,
  recipient: null,
  rewardId: null,
  approval: null,
  holdDays: null,
  capCount: null,
  capPer: null,
  audience: null,
};

export const USUAL_FIELDS: MilestoneView['typed'] = {
  name: '',
  threshold: '3',
  every: '',
  stage: 'verified',
  recipient: 'referrer',
  rewardId: '',
  approval: 'automated',
  holdDays: '0',
  capCount: '',
  capPer: 'year',
};

/** The fields alone, to be shown again. */
export function typedOf(form: MilestoneForm): MilestoneView['typed'] {
  const { name, threshold, every, stage, recipient, rewardId, approval, holdDays, capCount, capPer } = form;
  return { name, threshold, every, stage, recipient, rewardId, approval, holdDays, capCount, capPer };
}

/** A milestone as its form shows it. */
export function fieldsOf(body: MilestoneBody): MilestoneView['typed'] {
  return {
    name: body.name,
    threshold: String(body.threshold),
    every: body.every === null ? '' : String(body.every),
    stage: body.stage,
    recipient: body.recipient,
    rewardId: body.rewardId,
    approval: body.approval,
    holdDays: String(body.holdDays),
    capCount: body.cap === null ? '' : String(body.cap.count),
    capPer: body.cap?.per ?? 'year',
  };
}

export function conditionViews(audience: MilestoneBody['audience']): ConditionView[] {
  return (audience?.all ?? []).map((condition) => {
    const { attribute } = condition;
    if ('exists' in condition) return { attribute, asks: condition.exists ? 'exists' : 'absent', value: '' };
    if ('in' in condition) return { attribute, asks: 'in', value: condition.in.join(', ') };
    const [asks, value] = Object.entries(condition).find(([name]) => name !== 'attribute') as [Asks, unknown];
    return { attribute, asks, value: String(value) };
  });
}

/** Those that were typed, with a line for one more. */
export function withEmptyLine(conditions: readonly ConditionView[]): ConditionView[] {
  return conditions.length >= MOST_CONDITIONS ? [...conditions] : [...conditions, EMPTY_CONDITION];
}

/** The lines that somebody has filled in. */
export function conditionsTyped(form: MilestoneForm): ConditionView[] {
  const text = (name: string): string => Typed.parse(form[name]);
  return Array.from({ length: MOST_CONDITIONS }, (_, n) => ({
    attribute: text(`attribute${n}`),
    asks: ASKS.find((asks) => asks === text(`asks${n}`)) ?? 'is',
    value: text(`value${n}`),
  })).filter(({ attribute, value }) => attribute !== '' || value !== '');
}

/** What the form says, as the API would be told it. */
export function bodyTyped(form: MilestoneForm): object {
  const { name, stage, recipient, rewardId, approval, past } = form;
  const conditions = conditionsTyped(form).map(conditionOf);
  return {
    ...{ name, stage, recipient, rewardId, approval, past },
    threshold: wholeTyped(form.threshold),
    every: form.every === '' ? null : wholeTyped(form.every),
    holdDays: form.holdDays === '' ? 0 : wholeTyped(form.holdDays),
    cap: form.capCount === '' ? null : { count: wholeTyped(form.capCount), per: form.capPer },
    audience: conditions.length === 0 ? null : { all: conditions },
  };
}

function conditionOf({ attribute, asks, value }: ConditionView): Condition {
  if (asks === 'exists' || asks === 'absent') return { attribute, exists: asks === 'exists' };
  if (asks === 'in') return { attribute, in: value.split(/[,、]/).map((one) => one.trim()) };
  if (asks === 'atLeast' || asks === 'atMost') return { attribute, [asks]: number(value) } as Condition;
  return { attribute, [asks]: value } as Condition;
}

function number(text: string): number {
  return /^[+-]?\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
}

/** What is wrong, by the field of the form that it is about. */
export function problemsIn(problems: readonly Pick<FieldProblem, 'path'>[]): MilestoneView['problems'] {
  const wrong = { ...FINE };
  for (const { path } of problems) {
    const field = fieldOf(path);
    wrong[field] = `problem.milestone.${field}`;
  }
  return wrong;
}

function fieldOf(path: string): MilestoneField {
  const [first = '', second] = path.split(/[.[]/);
  if (first === 'cap') return second === 'per' ? 'capPer' : 'capCount';
  return Object.hasOwn(FINE, first) ? (first as MilestoneField) : 'name';
}
