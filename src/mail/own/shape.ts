import { LOCALES } from '../../platform/templates.js';
import type { MessageName } from '../messages.js';
import { sampleMails } from '../samples/sample-mails.js';

/** What a place in a mail's data holds. Learned from the samples, so that a new mail needs no second list of its variables. */
export type Shape =
  | { kind: 'value' }
  | { kind: 'money' }
  | { kind: 'group'; fields: ReadonlyMap<string, Shape> }
  | { kind: 'list'; item: Shape };

export type Group = Extract<Shape, { kind: 'group' }>;

const shapes = new Map<MessageName, Group>();

/** The variables of a mail, by name; those of any of its samples. */
export function shapeOf(message: MessageName): Group {
  const known = shapes.get(message);
  if (known !== undefined) return known;
  const samples = LOCALES.flatMap((locale) => Object.values(sampleMails(locale)[message] as Record<string, unknown>));
  const shape = samples.map(shapeOfValue).reduce(merged) as Group;
  shapes.set(message, shape);
  return shape;
}

function shapeOfValue(value: unknown): Shape | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return { kind: 'list', item: value.map(shapeOfValue).reduce(merged, null) ?? VALUE };
  if (typeof value !== 'object') return VALUE;
  const keys = Object.keys(value).sort();
  if (keys.join() === 'amount,currency') return { kind: 'money' };
  const fields = Object.entries(value).map(([name, inner]) => [name, shapeOfValue(inner)] as const);
  // Which is always null in a sample is something: another sample may say what.
  return { kind: 'group', fields: new Map(fields.map(([name, shape]) => [name, shape ?? UNKNOWN])) };
}

const VALUE: Shape = { kind: 'value' };
const UNKNOWN: Shape = { kind: 'value' };

function merged(one: Shape | null, other: Shape | null): Shape | null {
  if (one === null || one === UNKNOWN) return other ?? one;
  if (other === null || other === UNKNOWN) return one;
  if (one.kind === 'list' && other.kind === 'list') {
    return { kind: 'list', item: merged(one.item, other.item) ?? VALUE };
  }
  if (one.kind !== 'group' || other.kind !== 'group') return one;
  const fields = new Map(one.fields);
  for (const [name, shape] of other.fields) fields.set(name, merged(fields.get(name) ?? null, shape) ?? VALUE);
  return { kind: 'group', fields };
}

/**
 * The data as a publication's own template may see them: what the shape names and nothing else. What this mail lacks is null, so
 * that `{{#if reward.code}}` may be asked of every mail of the kind.
 */
export function contextOf(shape: Shape, data: unknown): unknown {
  if (data === null || data === undefined) return null;
  if (shape.kind === 'group') {
    const source = data as Record<string, unknown>;
    return Object.fromEntries([...shape.fields].map(([name, inner]) => [name, contextOf(inner, source[name])]));
  }
  if (shape.kind === 'list') return Object.values(data).map((item) => contextOf(shape.item, item));
  if (shape.kind === 'money') return data;
  return typeof data === 'object' ? null : data;
}

/** The shape at a path such as `reward.name`; null where there is none. */
export function shapeAt(shape: Shape, parts: readonly string[]): Shape | null {
  return parts.reduce<Shape | null>((at, part) => (at?.kind === 'group' ? (at.fields.get(part) ?? null) : null), shape);
}

/** Every name that may be written, with what it holds: `reward.name`, `next`, `next.have`. */
export function variablesOf(shape: Group, before = ''): { name: string; kind: Shape['kind'] }[] {
  return [...shape.fields].flatMap(([name, inner]) => [
    { name: before + name, kind: inner.kind },
    ...(inner.kind === 'group' ? variablesOf(inner, `${before}${name}.`) : []),
  ]);
}
