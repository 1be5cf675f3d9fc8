import { percent, type Row, sum } from './tally.js';

const HEAD = [
  '',
  'signups',
  'verified by itself',
  'of them later',
  'held',
  'of them over a cap',
  'rejected',
  'not confirmed',
  'why',
];

/** The confusion table of one level, as text in columns. */
export function confusionTable(rows: readonly Row[]): string {
  const lines = [
    HEAD,
    ...linesOf(rows, 'honest', 'all honest'),
    ...linesOf(rows, 'attack', 'all five attacks'),
    ...linesOf(rows, 'apart', 'what looks like people'),
  ];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, n) => (n === 0 || n === 8 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function linesOf(rows: readonly Row[], truth: Row['truth'], total: string): string[][] {
  return [...rows.filter((row) => row.truth === truth), sum(rows, total, truth)].map(line).concat([HEAD.map(() => '')]);
}

function line(row: Row): string[] {
  const cell = (figure: number) => `${figure} (${percent(figure, row.signups)})`;
  const why = [...row.reasons].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
  const { shape, signups, verified, waited, held, overCap, rejected, notConfirmed } = row;
  return [
    shape,
    String(signups),
    cell(verified),
    String(waited),
    cell(held),
    String(overCap),
    cell(rejected),
    cell(notConfirmed),
    why.join(', '),
  ];
}
