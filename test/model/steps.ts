import fc from 'fast-check';

/*
 * What can happen to the readers and referrals of one publication. Readers and referrals are named by a number, in the order in
 * which they came, of as many as there are by then. Two addresses next to each other (0 and 1, 2 and 3 …) lead to one mailbox.
 */

const ADDRESSES = 8;
/** Who signs up with this address sits at the browser of the first reader, and fills the form in as no person does. */
export const ODD = 7;
/** Of so many readers, with the addresses 0 and 2, the publication knows from the start. */
export const FIRST_READERS = [0, 2];
export const WINDOW_DAYS = 30;

export type Via = { how: 'nothing' } | { how: 'code'; of: number } | { how: 'clicks' };

export type Step =
  | { kind: 'signup'; address: number; via: Via }
  | { kind: 'click'; address: number; of: number }
  | { kind: 'confirm' | 'unsubscribe' | 'bounce' | 'erase' | 'engage'; reader: number }
  | { kind: 'move'; reader: number; address: number }
  | { kind: 'approve' | 'reject' | 'appeal'; referral: number }
  | { kind: 'wait'; days: number }
  | { kind: 'tick' }
  | { kind: 'season' }
  | { kind: 'program'; patience: Patience };

export interface Patience {
  holdDays: number;
  requireEngagement: boolean;
}

export interface Setting {
  model: 'first' | 'last';
  patience: Patience;
}

/** How all stands, in the same words whoever says it. */
export interface Shown {
  readers: { status: string; current: number; lifetime: number }[];
  referrals: { of: number; by: number; state: string; history: string[] }[];
}

/** Somebody who plays the steps. What a step answers is the code of an error, what became of an appeal, or null. */
export interface Player {
  take(step: Step): string | null | Promise<string | null>;
  shown(): Shown | Promise<Shown>;
}

/** A change of a referral, as a line. */
export function line(
  from: string | null,
  to: string,
  heldFor: string | null,
  reasons: string[],
  actor: string,
): string {
  return `${from ?? 'new'} > ${heldFor ?? to} (${reasons.join(', ')}) by ${actor}`;
}

const somebody = fc.nat(9);
const address = fc.nat(ADDRESSES - 1);
const via: fc.Arbitrary<Via> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ how: 'nothing' as const }) },
  { weight: 4, arbitrary: fc.record({ how: fc.constant('code' as const), of: fc.oneof(fc.nat(1), somebody) }) },
  { weight: 2, arbitrary: fc.constant({ how: 'clicks' as const }) },
);
const patience = fc.record({ holdDays: fc.constantFrom(0, 0, 2, 7), requireEngagement: fc.boolean() });

export const someSetting: fc.Arbitrary<Setting> = fc.record({ model: fc.constantFrom('first', 'last'), patience });

function of<Kind extends string>(...kinds: Kind[]): fc.Arbitrary<Kind> {
  return fc.constantFrom(...kinds);
}

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: of('signup'), address, via }) },
  { weight: 3, arbitrary: fc.record({ kind: of('click'), address, of: somebody }) },
  { weight: 8, arbitrary: fc.record({ kind: of('confirm'), reader: somebody }) },
  { weight: 6, arbitrary: fc.record({ kind: of('unsubscribe', 'bounce', 'erase', 'engage', 'engage'), reader: somebody }) },
  { weight: 2, arbitrary: fc.record({ kind: of('move'), reader: somebody, address }) },
  { weight: 6, arbitrary: fc.record({ kind: of('approve', 'reject', 'appeal'), referral: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ kind: of('wait'), days: fc.constantFrom(1, 2, 5, 14, 30) }) },
  { weight: 4, arbitrary: fc.record({ kind: of('tick') }) },
  { weight: 1, arbitrary: fc.record({ kind: of('season') }) },
  { weight: 1, arbitrary: fc.record({ kind: of('program'), patience }) },
); // prettier-ignore

export function someSteps(maxLength: number): fc.Arbitrary<Step[]> {
  return fc.array(someStep, { minLength: Math.floor(maxLength / 2), maxLength, size: 'max' });
}
