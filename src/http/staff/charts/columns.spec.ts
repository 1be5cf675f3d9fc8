import { describe, expect, it, test } from 'vitest';
import { columnChart, niceAbove } from './columns.js';

test.each([
  [0, 2],
  [1, 2],
  [2, 2],
  [3, 4],
  [5, 10],
  [11, 20],
  [99, 100],
  [101, 200],
  [1_234_567, 2_000_000],
])('a scale for %i ends at %i', (most, end) => {
  expect(niceAbove(most)).toBe(end);
});

describe('a chart of columns', () => {
  it('stacks both parts on the base, to scale', () => {
    const { base, columns, ticks } = columnChart(
      [
        { label: 'Jan', loud: 5, rest: 5 },
        { label: 'Feb', loud: 0, rest: 0 },
      ],
      244,
      236,
    );
    expect(base).toBe(214);
    expect(ticks).toEqual([
      { value: 0, y: 214 },
      { value: 5, y: 114 },
      { value: 10, y: 14 },
    ]);
    expect(columns[0]).toMatchObject({ loud: { y: 114, height: 100 }, rest: { y: 14, height: 100 }, isLabelled: true });
    expect(columns[1]).toMatchObject({ loud: { y: 214, height: 0 }, rest: { y: 214, height: 0 } });
  });

  it('labels as many columns as have room, the last one always', () => {
    const months = Array.from({ length: 12 }, (_, n) => ({ label: String(n), loud: 1, rest: 1 }));
    const labelled = (width: number) =>
      columnChart(months, width, 200)
        .columns.filter(({ isLabelled }) => isLabelled)
        .map(({ label }) => label);
    expect(labelled(900)).toHaveLength(12);
    expect(labelled(330)).toEqual(['2', '5', '8', '11']);
  });
});
