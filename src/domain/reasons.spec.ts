import { describe, expect, it, test } from 'vitest';
import { REASON_NOTES } from './reason-notes.js';
import { explain, isAppealable, phaseOf, type ReasonCode, REASONS, toldAs } from './reasons.js';

/** The codes that the parts of the product have agreed on. */
const AGREED = [
  ...[
    'self_referral',
    'alias_of_referrer',
    'alias_of_existing',
    'already_subscribed',
    'disposable_domain',
    'honeypot',
    'blocked',
  ],
  ...['left_in_delay', 'rejected_by_reviewer', 'fraud_found', 'refunded'],
  ...[
    'same_network',
    'same_company',
    'same_device',
    'velocity',
    'machine_signs',
    'shared_click',
    'cluster',
    'over_cap',
  ],
  ...['not_confirmed', 'waiting_delay', 'waiting_engagement', 'waiting_review', 'expired', 'reversed'],
];
const codes = Object.keys(REASONS) as ReasonCode[];
const sorted = (list: Iterable<string>) => [...list].sort();

describe('the catalogue of reasons', () => {
  it('has every agreed code and no other', () => {
    expect(sorted(codes)).toEqual(sorted(AGREED));
    expect(sorted(Object.keys(REASON_NOTES))).toEqual(sorted(AGREED));
  });

  it('lends words only of the same phase, and only such as are there', () => {
    for (const code of codes) {
      const words = toldAs(phaseOf(code)!, code);
      expect([REASONS[words].words, phaseOf(words)], code).toEqual(['own', phaseOf(code)]);
    }
  });

  it('says one thing in one sentence, a different one for each code', () => {
    const sentences = codes.map((code) => REASONS[code].sentence);
    expect(new Set(sentences).size).toBe(codes.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
  });
});

describe('what a reader is told', () => {
  test.each([
    ['waiting', 'velocity', 'velocity'],
    ['waiting', 'over_cap', 'velocity'],
    ['waiting', 'same_company', 'waiting_review'],
    ['waiting', 'cluster', 'waiting_review'],
    ['waiting', 'a_code_of_tomorrow', 'waiting_review'],
    ['waiting', 'toString', 'waiting_review'],
    ['waiting', 'blocked', 'waiting_review'],
    ['refused', 'honeypot', 'blocked'],
    ['refused', 'fraud_found', 'reversed'],
    ['refused', 'a_code_of_tomorrow', 'blocked'],
    ['refused', 'same_network', 'blocked'],
  ] as const)('in a %s referral of %s is %s', (phase, code, words) => {
    expect(toldAs(phase, code)).toBe(words);
  });

  test.each([
    ['alias_of_referrer', true],
    ['rejected_by_reviewer', true],
    ['honeypot', true],
    ['a_code_of_tomorrow', true],
    ['left_in_delay', false],
    ['fraud_found', false],
    ['expired', false],
  ])('leaves an appeal against %s: %s', (code, appeal) => {
    expect(isAppealable(code)).toBe(appeal);
  });
});

test('staff get the sentence and the page of each reason, also of one without an entry', () => {
  const evidence = 'the same /24';
  expect(
    explain([
      { code: 'same_network', weight: 1, evidence },
      { code: 'a_code_of_tomorrow', weight: 2 },
    ]),
  ).toEqual([
    {
      code: 'same_network',
      weight: 1,
      evidence,
      sentence: REASONS.same_network.sentence,
      docs: '/docs/reasons#same_network',
    },
    { code: 'a_code_of_tomorrow', weight: 2, sentence: expect.any(String), docs: '/docs/reasons' },
  ]);
});
