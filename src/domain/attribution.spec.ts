import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, type PresentedClick } from './attribution.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);
const click = (id: string, days: number, model: 'first' | 'last' = 'first', windowDays = 30): PresentedClick => ({
  id,
  participantId: `owner of ${id}`,
  at: ago(days),
  settings: { model, windowDays },
});

describe('attribute', () => {
  it.each([
    ['the first of two clicks', [click('b', 2), click('a', 5)], 'a'],
    ['the last where the program says so', [click('a', 5, 'last'), click('b', 2, 'last')], 'b'],
    ['a click at the very end of the window', [click('a', 30)], 'a'],
    ['the second when the first is too old', [click('a', 30.001), click('b', 2)], 'b'],
    ['the smaller id of two at the same moment', [click('b', 2), click('a', 2)], 'a'],
    ['each click within the window of its own program', [click('a', 9, 'first', 7), click('b', 8, 'first', 10)], 'b'],
  ])('chooses %s', (_, clicks, winner) => {
    expect(attribute(clicks, null, NOW)).toMatchObject({ by: 'click', click: { id: winner } });
  });

  it('lets the program of the first click decide, and the last of its own kind win', () => {
    const clicks = [click('a', 5, 'last'), click('b', 3, 'first'), click('c', 4, 'last')];
    expect(attribute(clicks, null, NOW)).toMatchObject({ by: 'click', click: { id: 'c' } });
  });

  it('takes a bare code only where no click is in the window', () => {
    const code = { participantId: 'somebody' };
    expect(attribute([], code, NOW)).toEqual({ by: 'code', code });
    expect(attribute([click('a', 1)], code, NOW)).toMatchObject({ by: 'click' });
    expect(attribute([click('a', 31)], code, NOW)).toEqual({ by: 'code', code });
  });

  it('gives nothing for a code whose own click is too old', () => {
    expect(attribute([click('a', 31)], { participantId: 'owner of a' }, NOW)).toBeNull();
  });

  it('does not depend on the order in which the browser presents clicks', () => {
    const clicks = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1 }), days: fc.integer({ min: 0, max: 60 }) }),
      {
        selector: ({ id }) => id,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(clicks, fc.constantFrom('first' as const, 'last' as const), (found, model) => {
        const presented = found.map(({ id, days }) => click(id, days, model));
        const [a, b] = [attribute(presented, null, NOW), attribute([...presented].reverse(), null, NOW)];
        expect(a?.by === 'click' && a.click.at).toEqual(b?.by === 'click' && b.click.at);
      }),
    );
  });
});
