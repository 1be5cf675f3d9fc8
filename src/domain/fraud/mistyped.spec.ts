import { describe, expect, it } from 'vitest';
import { withoutMistyped } from './neighbours.js';
import type { OtherSignup, OwnSignup } from './traces.js';

const trace = { at: 0, network: 'home', agent: 'phone', domain: null, stem: null, clickId: 'a visit' };
const own: OwnSignup = { ...trace, isScript: false, fillMs: null, browserOf: null, earlierKey: 'earlier' };

const other = (subscriberId: string, changes: Partial<OtherSignup> = {}): OtherSignup => ({
  ...trace,
  subscriberId,
  signupKey: null,
  isConfirmed: false,
  ...changes,
});

describe('an address that was mistyped', () => {
  it.each<[what: string, changes: Partial<OtherSignup>]>([
    ['in the same visit', {}],
    ['in the same browser, in another visit', { clickId: 'another visit', signupKey: 'earlier' }],
  ])('%s, is nobody', (_, changes) => {
    const friend = other('a friend', { clickId: null });
    expect(withoutMistyped(own, [other('mistyped', changes), friend])).toEqual([friend]);
  });

  it.each<[what: string, others: OtherSignup[]]>([
    ['confirmed: a second person at this visit', [other('a', { isConfirmed: true })]],
    ['of another visit and browser', [other('a', { clickId: 'another visit', signupKey: 'other' })]],
    ['of nobody knows which visit', [other('a', { clickId: null })]],
    ['three in one visit: nobody mistypes so often', [other('a'), other('b'), other('c')]],
  ])('%s', (_, others) => {
    expect(withoutMistyped({ ...own, clickId: others[0]!.clickId && 'a visit' }, others)).toEqual(others);
  });
});
