import type { Signup, Truth } from './plan.js';
import type { Outcome } from './product.js';
import { SHAPES } from './shapes.js';

/** Rows of the confusion table: how many signups of a shape ended how. */
export interface Row {
  shape: string;
  truth: Truth;
  signups: number;
  verified: number;
  /** Of those: held at first, and let go on by the schedule, or by the person behind a mail scanner. */
  waited: number;
  /** Held for review, waiting for a person. */
  held: number;
  /** Of those: held because the referrer has so many. It accuses nobody, whatever else was seen. */
  overCap: number;
  rejected: number;
  notConfirmed: number;
  /** How often each reason was given to who was held or rejected. */
  reasons: Map<string, number>;
}

/** Compares what was meant with what became of it. Throws for an honest signup that was tied to nobody: then nothing was measured. */
export function tally(signups: readonly Signup[], outcomes: readonly Outcome[]): Row[] {
  const byEmail = new Map(outcomes.map((outcome) => [outcome.email, outcome]));
  const rowOf = new Map<string, Row>(SHAPES.map(({ name, truth }) => [name, emptyRow(name, truth)]));
  for (const { shape, email } of signups) {
    const row = rowOf.get(shape)!;
    const outcome = byEmail.get(email);
    if (row.truth === 'honest' && outcome?.state == null) throw new Error(`${email} was referred by nobody`);
    count(row, outcome);
  }
  return [...rowOf.values()].filter(({ signups: of }) => of > 0);
}

function emptyRow(shape: string, truth: Truth): Row {
  return {
    shape,
    truth,
    signups: 0,
    verified: 0,
    waited: 0,
    held: 0,
    overCap: 0,
    rejected: 0,
    notConfirmed: 0,
    reasons: new Map(),
  };
}

function count(row: Row, outcome: Outcome | undefined): void {
  row.signups++;
  const codes = (outcome?.reasons ?? []).map(({ code }) => code);
  switch (outcome?.state) {
    case 'verified':
      row.verified++;
      if (outcome.waited) row.waited++;
      return;
    case 'held':
      row.held++;
      if (codes.includes('over_cap')) row.overCap++;
      break;
    case 'rejected':
      row.rejected++;
      break;
    default:
      row.notConfirmed++;
      return;
  }
  for (const code of codes) row.reasons.set(code, (row.reasons.get(code) ?? 0) + 1);
}

export function sum(rows: readonly Row[], name: string, truth: Truth): Row {
  const total = emptyRow(name, truth);
  for (const row of rows.filter((row) => row.truth === truth)) {
    for (const figure of ['signups', 'verified', 'waited', 'held', 'overCap', 'rejected', 'notConfirmed'] as const) {
      total[figure] += row[figure];
    }
    for (const [code, times] of row.reasons) total.reasons.set(code, (total.reasons.get(code) ?? 0) + times);
  }
  return total;
}

export interface Target {
  what: string;
  met: boolean;
}

/** What the checks are held to at `strong`. */
const MOST_ATTACKS_VERIFIED = 0.05;
const MOST_HONEST_HELD = 0.01;

/** Each attack by itself: an average would hide one that always gets through. */
export function targets(rows: readonly Row[]): Target[] {
  const honest = sum(rows, 'honest', 'honest');
  const attacks = rows.filter(({ truth }) => truth === 'attack');
  const suspected = honest.held - honest.overCap;
  return [
    ...attacks.map(({ shape, verified, signups }) => ({
      what: `${shape}: ${percent(signups - verified, signups)} not verified by themselves (at least 95 %)`,
      met: verified <= MOST_ATTACKS_VERIFIED * signups,
    })),
    {
      what: `honest: ${percent(suspected, honest.signups)} held on suspicion (at most 1 %)`,
      met: suspected <= MOST_HONEST_HELD * honest.signups,
    },
    { what: `honest: ${honest.rejected} rejected (none)`, met: honest.rejected === 0 },
  ];
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
