import { describe, expect, it } from 'vitest';
import { COUNT_FELL, decide, type Holding } from './grant-decision.js';
import type { GrantStatus } from './grants.js';

const nothing: Holding = { grants: [], earlier: 0, rewarded: [] };
const wanted = (...names: [occurrence: string, month?: string][]) =>
  names.map(([occurrence, month = '2026-11'], i) => ({ occurrence, ordinal: i + 1, month }));
const had = (occurrence: string, status: GrantStatus, reason: string | null = null, month = '2026-11') => ({
  ...{ id: `id of ${occurrence}`, occurrence, status, reason, month },
});
const shortly = (decisions: ReturnType<typeof decide>) =>
  decisions.map((d) => `${d.reinstates === null ? 'new' : 'back'} ${d.occurrence}${d.capped ? ' capped' : ''}`);

describe('decide', () => {
  it('gives what is not there', () => {
    expect(decide(null, nothing, wanted(['1:1'], ['1:2']))).toEqual([
      { occurrence: '1:1', month: '2026-11', capped: false, reinstates: null },
      { occurrence: '1:2', month: '2026-11', capped: false, reinstates: null },
    ]);
  });

  it.each<GrantStatus>([
    'awaiting_approval', 'awaiting_claim', 'due', 'sent', 'fulfilled', 'revoked', 'capped', 'out_of_stock',
  ])('gives nothing to who has it as %s', (status) => {
    expect(decide(null, { ...nothing, grants: [had('once', status)] }, wanted(['once']))).toEqual([]);
  }); // prettier-ignore

  it('brings back what a fallen count took, and not what a person took back', () => {
    const holding = { ...nothing, grants: [had('1:1', 'revoked', COUNT_FELL), had('1:2', 'revoked', 'a mistake')] };
    expect(shortly(decide(null, holding, wanted(['1:1'], ['1:2'])))).toEqual(['back 1:1']);
  });

  it('keeps what is above the cap as capped', () => {
    const cap = { count: 2, per: 'year' } as const;
    const holding = { ...nothing, rewarded: [{ month: '2026-03', count: 1 }] };
    expect(shortly(decide(cap, holding, wanted(['a'], ['b'], ['c', '2027-01'])))).toEqual([
      'new a',
      'new b capped',
      'new c',
    ]);
  });

  it('what comes back counts in its own month, and is capped when its place is gone', () => {
    const cap = { count: 1, per: 'month' } as const;
    const grants = [had('a', 'revoked', COUNT_FELL, '2026-10')];
    const asked = wanted(['a', '2026-12']);
    expect(decide(cap, { ...nothing, grants }, asked)).toMatchObject([{ month: '2026-10', capped: false }]);
    const rewarded = [{ month: '2026-10', count: 1 }];
    expect(shortly(decide(cap, { ...nothing, grants, rewarded }, asked))).toEqual(['back a capped']);
  });

  it('what was given under another shape stands for the first times', () => {
    expect(shortly(decide(null, { ...nothing, earlier: 2 }, wanted(['1:1'], ['1:2'], ['1:3'])))).toEqual(['new 1:3']);
  });
});
