import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  goalOf,
  hasFallen,
  type MilestoneRule,
  namingOf,
  nextMilestone,
  occurrencesCrossed,
  ordinalOf,
  reachedAt,
  ruleProblem,
  standing,
} from './milestones.js';

const context = { season: 2, referralId: 'ref-9' };
const at = (threshold: number, every: number | null = null): MilestoneRule => ({
  threshold,
  every,
  recipient: 'referrer',
});
const referred: MilestoneRule = { threshold: 1, every: null, recipient: 'referred' };

describe('occurrencesCrossed', () => {
  it.each<[string, MilestoneRule, number, number, string[]]>([
    ['below', at(3), 1, 2, []],
    ['exactly', at(3), 2, 3, ['once']],
    ['jumping over it', at(3), 2, 7, ['once']],
    ['already there', at(3), 3, 4, []],
    ['nothing changed', at(3), 3, 3, []],
    ['falling', at(3), 4, 2, []],
    ['climbing back names the same again', at(3), 2, 3, ['once']],
    ['from nothing', at(1), 0, 1, ['once']],
    ['every 5 from 3, the first', at(3, 5), 2, 3, ['2:1']],
    ['every 5 from 3, between', at(3, 5), 3, 7, []],
    ['every 5 from 3, the second', at(3, 5), 7, 8, ['2:2']],
    ['every 5 from 3, three in one jump', at(3, 5), 2, 13, ['2:1', '2:2', '2:3']],
    ['every 5 from 3, one short of three', at(3, 5), 2, 12, ['2:1', '2:2']],
    ['every 2 from 3: 2 to 7 crosses 3, 5 and 7', at(3, 2), 2, 7, ['2:1', '2:2', '2:3']],
    ['every 1 from 2 is not for each', at(2, 1), 1, 3, ['2:1', '2:2']],
    ['every 2 from 1 is not for each', at(1, 2), 0, 3, ['2:1', '2:2']],
    ['for each', at(1, 1), 4, 5, ['ref-9']],
    ['for each, a jump is still one referral', at(1, 1), 4, 9, ['ref-9']],
    ['for each, nothing changed', at(1, 1), 5, 5, []],
    ['for each, falling', at(1, 1), 5, 4, []],
    ['for the referred', referred, 4, 5, ['ref-9']],
    ['for the referred, the first', referred, 0, 1, ['ref-9']],
    ['for the referred, falling', referred, 1, 0, []],
  ])('%s', (_, milestone, before, after, expected) => {
    expect(occurrencesCrossed(milestone, before, after, context)).toEqual(expected);
  });

  it('counts, not events: 2 to 7 crosses 3 and 5 of a ladder', () => {
    const crossed = [3, 5, 10, 25].filter((threshold) => occurrencesCrossed(at(threshold), 2, 7, context).length > 0);
    expect(crossed).toEqual([3, 5]);
  });
});

const count = fc.nat(60);
const notForEach = fc
  .record({
    threshold: fc.integer({ min: 1, max: 12 }),
    every: fc.option(fc.integer({ min: 1, max: 7 })),
    recipient: fc.constant('referrer' as const),
  })
  .filter((m) => !(m.threshold === 1 && m.every === 1));

/** Says of one number whether a crossing lies there, by walking up to it. */
function crossingAt(m: MilestoneRule, n: number): boolean {
  for (let crossing = m.threshold; crossing <= n; crossing += m.every ?? Infinity) if (crossing === n) return true;
  return false;
}

describe('against a model that walks one by one', () => {
  it('a jump crosses what its single steps cross', () => {
    fc.assert(
      fc.property(notForEach, count, count, (m, before, rise) => {
        const after = before + rise;
        const steps: string[] = [];
        for (let n = before; n < after; n++) steps.push(...occurrencesCrossed(m, n, n + 1, context));
        expect(occurrencesCrossed(m, before, after, context)).toEqual(steps);
      }),
    );
  });

  it('a step crosses exactly where the rule says', () => {
    fc.assert(
      fc.property(notForEach, count, (m, n) => {
        expect(occurrencesCrossed(m, n, n + 1, context)).toHaveLength(crossingAt(m, n + 1) ? 1 : 0);
      }),
    );
  });

  it('from nothing upward no occurrence is named twice, and the standing has as many times', () => {
    fc.assert(
      fc.property(notForEach, count, (m, n) => {
        const all = occurrencesCrossed(m, 0, n, context);
        expect(new Set(all).size).toBe(all.length);
        expect(standing(m, n).times).toBe(all.length);
      }),
    );
  });

  it('next is the first crossing met on the way up', () => {
    fc.assert(
      fc.property(fc.array(notForEach, { maxLength: 5 }), count, (rules, n) => {
        const milestones = rules.map((m, i) => ({ ...m, id: `m${i}`, name: `M${i}` }));
        let expected: number | null = null;
        for (let step = 1; step <= 80 && expected === null; step++) {
          if (milestones.some((m) => crossingAt(m, n + step))) expected = step;
        }
        const next = nextMilestone(milestones, n);
        expect(next?.remaining ?? null).toBe(expected);
        if (next) expect(crossingAt(milestones.find((m) => m.id === next.id) ?? at(0), n + next.remaining)).toBe(true);
      }),
    );
  });
});

describe('nextMilestone', () => {
  const named = (id: string, rule: MilestoneRule) => ({ id, name: `name of ${id}`, ...rule });
  const ladder = [named('c', at(10)), named('a', at(3)), named('b', at(5))];

  it.each([
    [0, 'a', 3],
    [2, 'a', 1],
    [3, 'b', 2],
    [4, 'b', 1],
    [5, 'c', 5],
    [9, 'c', 1],
  ])('at %i it is %s, %i to go', (n, id, remaining) => {
    expect(nextMilestone(ladder, n)).toEqual({ id, name: `name of ${id}`, remaining });
  });

  it('is null when nothing is left, or nothing is there', () => {
    expect(nextMilestone(ladder, 10)).toBeNull();
    expect(nextMilestone([], 0)).toBeNull();
  });

  it('a repeating milestone comes again', () => {
    expect(nextMilestone([...ladder, named('d', at(4, 4))], 5)).toMatchObject({ id: 'd', remaining: 3 });
    expect(nextMilestone([...ladder, named('d', at(4, 4))], 100)).toMatchObject({ id: 'd', remaining: 4 });
  });

  it("what the referred get is not the referrer's next", () => {
    expect(nextMilestone([named('r', referred)], 0)).toBeNull();
  });

  it('ties go to the lower threshold, then to the lower id, whatever the order', () => {
    const tied = [named('z', at(5)), named('y', at(5)), named('x', at(3, 2))];
    expect(nextMilestone(tied, 4)?.id).toBe('x');
    expect(nextMilestone(tied.slice(0, 2), 4)?.id).toBe('y');
    expect(nextMilestone(tied.slice(0, 2).reverse(), 4)?.id).toBe('y');
  });
});

describe('standing', () => {
  it.each<[string, MilestoneRule, number, ReturnType<typeof standing>]>([
    ['nothing yet', at(3), 0, { reached: false, times: 0, goal: 3, remaining: 3 }],
    ['one short', at(3), 2, { reached: false, times: 0, goal: 3, remaining: 1 }],
    ['there', at(3), 3, { reached: true, times: 1, goal: 3, remaining: 0 }],
    ['past it', at(3), 9, { reached: true, times: 1, goal: 3, remaining: 0 }],
    ['repeating, before', at(3, 5), 2, { reached: false, times: 0, goal: 3, remaining: 1 }],
    ['repeating, first', at(3, 5), 3, { reached: true, times: 1, goal: 8, remaining: 5 }],
    ['repeating, between', at(3, 5), 7, { reached: true, times: 1, goal: 8, remaining: 1 }],
    ['repeating, third', at(3, 5), 13, { reached: true, times: 3, goal: 18, remaining: 5 }],
    ['for each', at(1, 1), 4, { reached: true, times: 4, goal: 5, remaining: 1 }],
  ])('%s', (_, milestone, n, expected) => {
    expect(standing(milestone, n)).toEqual(expected);
  });
});

describe('ruleProblem', () => {
  it.each<[number, number | null, MilestoneRule['recipient'], string | null]>([
    [3, 5, 'referrer', null],
    [1, null, 'referred', null],
    [1, 1, 'referred', null],
    [2, null, 'referred', 'threshold'],
    [1, 2, 'referred', 'every'],
  ])('threshold %i, every %j for the %s: %j', (threshold, every, recipient, path) => {
    expect(ruleProblem({ threshold, every, recipient })?.path ?? null).toBe(path);
  });
});

describe('names of occurrences', () => {
  it('tell which time it is and at which count, and how they are made', () => {
    expect([ordinalOf('once', 9), ordinalOf('2:14', 9), ordinalOf('0198-ref', 9)]).toEqual([1, 14, 9]);
    expect([namingOf(at(3)), namingOf(at(3, 5)), namingOf(at(1, 1)), namingOf(referred)]).toEqual([
      ...['once', 'season', 'each', 'each'],
    ]);
  });

  it('of a milestone that is not for each are crossed at their goal', () => {
    fc.assert(
      fc.property(notForEach, count, (m, n) => {
        for (const occurrence of occurrencesCrossed(m, n, n + 1, context)) expect(goalOf(m, occurrence)).toBe(n + 1);
      }),
    );
  });
});

describe('reachedAt', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  const move = (n: number, delta = 1) => ({ at: day(n), delta });

  it.each<[string, { at: Date; delta: number }[], number, Date | null]>([
    ['the move that got there', [move(1), move(2), move(3)], 2, day(2)],
    ['in any order', [move(3), move(1), move(2)], 2, day(2)],
    ['a jump over it', [move(1), move(4, 5)], 3, day(4)],
    ['again after a fall', [move(1), move(2), move(3, -1), move(5)], 2, day(5)],
    ['not any more', [move(1), move(2), move(3, -1)], 2, null],
    ['never', [move(1)], 2, null],
    ['a fall that stays above', [move(1, 5), move(2, -1)], 3, day(1)],
  ])('%s', (_, moves, goal, expected) => {
    expect(reachedAt(moves, goal)).toEqual(expected);
  });
});

describe('what a fall of the count takes away', () => {
  const rule = (threshold: number, every: number | null = null) => ({
    threshold,
    every,
    recipient: 'referrer' as const,
  });
  const fall = (before: number, after: number, more = {}) => ({
    ...{ before, after, season: 2, referralId: 'a referral', highest: after },
    ...more,
  });

  test.each([
    ['below the goal', 'once', [rule(3)], fall(3, 2), true],
    ['not below it', 'once', [rule(3)], fall(4, 3), false],
    ['from below it', 'once', [rule(3)], fall(2, 1), false],
    ['far below', 'once', [rule(3)], fall(9, 0), true],
    ['another season has the count', 'once', [rule(3)], fall(3, 2, { highest: 3 }), false],
    ['a raised goal: what it was given by still stands', 'once', [rule(3), rule(5)], fall(5, 4), false],
    ['a raised goal: below both', 'once', [rule(3), rule(5)], fall(3, 2), true],
    ['a lowered goal stands for it', 'once', [rule(5), rule(2)], fall(5, 4), false],
    ['a lowered goal: below both', 'once', [rule(5), rule(2)], fall(5, 1), true],
    ['the second time', '2:2', [rule(3, 5)], fall(8, 7), true],
    ['the first time stays', '2:1', [rule(3, 5)], fall(8, 7), false],
    ['of another season', '1:2', [rule(3, 5)], fall(8, 7), false],
    ['repeating since: judged by what it was given by', 'once', [rule(3), rule(3, 5)], fall(3, 2), true],
    ['nothing names it', 'once', [rule(3, 5)], fall(3, 2), false],
    ['each: its own referral', 'a referral', [rule(1, 1)], fall(9, 8), true],
    ['each: another one', 'another', [rule(1, 1)], fall(9, 8), false],
    ['each: a correction is nobody’s', 'a referral', [rule(1, 1)], fall(9, 8, { referralId: null }), false],
    ['each once, repeating now', 'a referral', [rule(1, 1), rule(3, 5)], fall(9, 8), true],
    ['of a stage that did not fall', 'once', [], fall(3, 0), false],
  ])('%s', (_, occurrence, rules, move, expected) => {
    expect(hasFallen(occurrence, rules, move)).toBe(expected);
  });
});
