import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAUD_LEVELS, type FraudLevel, type Sign } from '../fraud.js';
import { decide, weightOf } from './decide.js';
import { type Judged, Replay } from './dry-run.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const WEIGHTS = {
  same_network: 1,
  same_company: 1,
  same_device: 2,
  velocity: 1,
  machine_signs: 1,
  shared_click: 1,
  cluster: 2,
};
type Code = keyof typeof WEIGHTS; // prettier-ignore
const sign = (code: Code): Sign => ({ code, weight: WEIGHTS[code] });
const none = { refused: null, signs: [], isAllowed: false };
const nobody = { hour: 0, day: 0 };
const anyCodes = fc.uniqueArray(fc.constantFrom(...(Object.keys(WEIGHTS) as Code[])));
const anyPassed = fc.record({ hour: fc.nat(120), day: fc.nat(500) });

describe('the weight of signs', () => {
  it.each([
    [[], 0],
    [['same_network', 'same_company'], 1],
    [['same_network', 'same_company', 'velocity'], 2],
    [['same_device'], 2],
    [['machine_signs', 'shared_click'], 2],
    [['cluster', 'same_network'], 3],
  ] as [Code[], number][])('%j is %i', (codes, weight) => {
    expect(weightOf(codes.map(sign))).toBe(weight);
  });
});

describe('a level', () => {
  it.each([
    [['same_company'], 'passed passed held'],
    [['same_network', 'same_company'], 'passed passed held'],
    [['shared_click'], 'passed passed held'],
    [['same_network', 'shared_click'], 'passed held held'],
    [['same_device'], 'passed held held'],
    [['same_device', 'same_network'], 'held held held'],
    [[], 'passed passed passed'],
  ] as [Code[], string][])('%j is %s', (codes, outcomes) => {
    const findings = { ...none, signs: codes.map(sign) };
    expect(FRAUD_LEVELS.map((level) => decide(findings, level, nobody).outcome).join(' ')).toBe(outcomes);
  });

  it.each([
    ['flexible', 100, 400],
    ['strong', 10, 40],
    ['very_strong', 5, 20],
  ] as [FraudLevel, number, number][])('%s lets %i friends in an hour and %i in a day go by themselves', (level, hour, day) => {
    const outcome = (passed: { hour: number; day: number }) => decide(none, level, passed).outcome;
    expect(outcome({ hour: hour - 1, day: day - 1 })).toBe('passed');
    expect([outcome({ hour, day: hour }), outcome({ hour: 0, day })]).toEqual(['held', 'held']);
    expect(decide(none, level, { hour, day: hour }).reasons).toMatchObject([{ code: 'over_cap', weight: 0 }]);
    expect(decide({ ...none, isAllowed: true }, level, { hour: 1_000, day: 1_000 }).outcome).toBe('passed');
  }); // prettier-ignore

  it('holds for days only whom nothing but a new house speaks against', () => {
    const house = { ...sign('cluster'), weight: 2, forDays: true as const };
    const judged = (signs: Sign[], passed = nobody) => decide({ ...none, signs }, 'strong', passed);
    expect(judged([house])).toMatchObject({ outcome: 'held', forDays: true });
    expect(judged([house, sign('same_network')])).toMatchObject({ outcome: 'held', forDays: true });
    expect(judged([house, sign('same_network'), sign('velocity')])).toMatchObject({ outcome: 'held', forDays: false });
    expect(judged([house], { hour: 10, day: 10 })).toMatchObject({ outcome: 'held', forDays: false });
    expect(judged([])).toMatchObject({ outcome: 'passed', forDays: false });
  });

  it('holds whom two machine signs speak against, however patient it is', () => {
    const findings = { ...none, signs: [{ ...sign('machine_signs'), holds: true as const }] };
    expect(decide(findings, 'flexible', nobody)).toMatchObject({ outcome: 'held', reasons: [sign('machine_signs')] });
  });

  it('refuses at every level whom a hard check refuses, and holds never less where it is stricter', () => {
    const refused = { code: 'self_referral', weight: 100 };
    fc.assert(
      fc.property(anyCodes, fc.boolean(), anyPassed, (codes, isHard, passed) => {
        const findings = { ...none, signs: codes.map(sign), refused: isHard ? refused : null };
        const outcomes = FRAUD_LEVELS.map((level) => decide(findings, level, passed).outcome);
        if (isHard) expect(outcomes).toEqual(['rejected', 'rejected', 'rejected']);
        else expect([...outcomes].sort((a, b) => Number(a === 'held') - Number(b === 'held'))).toEqual(outcomes);
      }),
    );
  });

  it('gives a reason whenever it holds, and none when it does not', () => {
    fc.assert(
      fc.property(anyCodes, fc.constantFrom(...FRAUD_LEVELS), anyPassed, (codes, level, passed) => {
        const { outcome, reasons } = decide({ ...none, signs: codes.map(sign) }, level, passed);
        expect(reasons.length > 0).toBe(outcome === 'held');
      }),
    );
  });
});

describe('a dry run', () => {
  /** Judges friends one after the other as the service does: knowing who went through before. */
  function judgeAll(level: FraudLevel, friends: readonly { afterMs: number; codes: Code[]; isAllowed: boolean }[]): Judged[] {
    const judged: Judged[] = [];
    let at = 0;
    for (const [n, { afterMs, codes, isAllowed }] of friends.entries()) {
      at += afterMs;
      const findings = { refused: null, signs: isAllowed ? [] : codes.map(sign), isAllowed };
      const through = judged.filter((one) => one.outcome === 'passed' && !one.isAllowed && one.at.getTime() > at - DAY);
      const hour = through.filter((one) => one.at.getTime() > at - 60 * MINUTE).length;
      const { outcome } = decide(findings, level, { hour, day: through.length });
      judged.push({ ...findings, referralId: `r${n}`, referrerId: 'ana', at: new Date(at), outcome });
    }
    return judged;
  } // prettier-ignore

  const anyFriends = fc.array(
    fc.record({ afterMs: fc.integer({ min: 0, max: 30 * MINUTE }), codes: anyCodes, isAllowed: fc.boolean() }),
    { maxLength: 80 },
  );
  const anyLevel = fc.constantFrom(...FRAUD_LEVELS);

  it('says exactly what another level would have decided, caps included', () => {
    fc.assert(
      fc.property(anyFriends, anyLevel, anyLevel, (friends, was, would) => {
        const [actual, other] = [judgeAll(was, friends), judgeAll(would, friends)];
        const replay = new Replay(would, new Date(0));
        for (const judged of actual) replay.add(judged);
        const changed = actual.map(({ outcome }, n) => [outcome, other[n]!.outcome].join(' '));
        expect(replay.result.counts).toEqual({
          referrals: friends.length,
          unchanged: changed.filter((both) => both === 'passed passed' || both === 'held held').length,
          wouldHold: changed.filter((both) => both === 'passed held').length,
          wouldLetThrough: changed.filter((both) => both === 'held passed').length,
          rejected: 0,
        });
      }),
    );
  });

  it('changes nothing at the level of the time, keeps referrers apart and shows the ten newest each way', () => {
    const friends = Array.from({ length: 30 }, () => ({ afterMs: MINUTE, codes: [] as Code[], isAllowed: false }));
    const one = judgeAll('strong', friends);
    const two = one.map((judged) => ({ ...judged, referrerId: 'ben', referralId: `${judged.referralId} of ben` }));
    const same = new Replay('strong', new Date(0));
    const other = new Replay('very_strong', new Date(5 * MINUTE));
    for (const judged of [...one, ...two]) {
      same.add(judged);
      other.add(judged);
    }
    expect(same.result.counts).toMatchObject({ referrals: 60, unchanged: 60 });
    // 10 of each went through, 5 would have: of the ten minutes from the fifth on, six were let through.
    expect(other.result.counts).toMatchObject({ referrals: 52, wouldHold: 10, wouldLetThrough: 0 });
    expect(other.result.examples.wouldHold.length).toBe(10);
    expect(other.result.examples.wouldHold[0]!.reasons).toMatchObject([{ code: 'over_cap' }]);
  });
});
