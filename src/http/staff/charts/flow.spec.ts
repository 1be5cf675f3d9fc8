import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowChart, type FlowLink } from './flow.js';

const SIZE = { at: [0, 100, 200], width: 300, height: 200 };

describe('a flow chart', () => {
  it('makes bars as high as what goes through them, and fills the height with the fullest column', () => {
    const links: FlowLink[] = [
      { from: 'rye', to: 'mail', value: 30, loud: true },
      { from: 'oats', to: 'mail', value: 10, loud: false },
      { from: 'mail', to: 'verified', value: 40, loud: false },
    ];
    const { bars, bands } = flowChart([['rye', 'oats'], ['mail'], ['verified']], links, SIZE);
    const [contents, [mail]] = bars as [(typeof bars)[number], (typeof bars)[number]];
    const [rye, oats] = contents as [(typeof contents)[number], (typeof contents)[number]];
    expect(rye.height + oats.height).toBeCloseTo(200 - 14, 0);
    expect(rye.height).toBeCloseTo(3 * oats.height, 0);
    expect(mail!.height).toBeCloseTo(rye.height + oats.height, 0);
    expect(bands.map(({ from, loud }) => [from, loud])).toEqual([
      ['oats', false],
      ['mail', false],
      ['rye', true],
    ]);
    expect(bands[2]!.path).toMatch(/^M8 0C54 0 /);
  });

  it('draws nothing of nothing', () => {
    const chart = flowChart([['rye'], ['mail'], ['verified']], [], SIZE);
    expect(chart.bands).toEqual([]);
    expect(chart.bars.flat().map(({ height }) => height)).toEqual([0, 0, 0]);
  });

  it('keeps every bar and band inside, whatever the numbers', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const link = fc.record({
      from: fc.constantFrom(...keys),
      to: fc.constantFrom('x', 'y'),
      value: fc.integer({ min: 0, max: 1_000_000 }),
      loud: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 20 }), (first) => {
        const second = ['x', 'y'].map((from) => ({
          ...{ from, to: 'end', loud: false },
          value: first.filter(({ to }) => to === from).reduce((sum, { value }) => sum + value, 0),
        }));
        const chart = flowChart([keys, ['x', 'y'], ['end']], [...first, ...second], SIZE);
        const numbers = chart.bands.flatMap(({ path }) => path.match(/-?[\d.]+/g)!.map(Number));
        expect(Math.min(0, ...numbers)).toBe(0);
        expect(Math.max(200, ...numbers)).toBeLessThanOrEqual(201);
        for (const bar of chart.bars.flat()) {
          expect(bar.y).toBeGreaterThanOrEqual(-0.1);
          expect(bar.y + bar.height).toBeLessThanOrEqual(200.2);
        }
      }),
    );
  });
});
