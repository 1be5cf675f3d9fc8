import { describe, expect, it } from 'vitest';
import { REASONS } from '../../domain/reasons.js';
import { readCatalogues } from '../../platform/words.js';
import { evidenceWords } from './evidence-words.js';

const { en } = readCatalogues();

describe('evidence in words', () => {
  it.each([
    ['network of the referrer within a day', [['evidence.network-referrer', 0]]],
    ['4 friends in ten minutes', [['evidence.ten-minutes', 4]]],
    ['12 friends with look-alike addresses of one domain', [['evidence.cluster-look-alike', 12]]],
    ['signed up by a script, filled the form in within a second', [['evidence.script-signup', 0], ['evidence.fast-form', 0]]], // prettier-ignore
    ['mailinator.com', [['evidence.domain', 0]]],
    ['something of a later version', [[null, 0]]],
  ] as const)('%s', (evidence, said) => {
    const words = evidenceWords(evidence);
    expect(words.map(({ key, count }) => [key, count])).toEqual(said);
    for (const { key } of words) expect(key === null || key in en).toBe(true);
  });

  it('is nothing where nothing was written down', () => {
    expect(evidenceWords(undefined)).toEqual([]);
  });
});

it('every reason has words for staff', () => {
  expect(Object.keys(REASONS).filter((code) => !(`reason.${code}` in en))).toEqual([]);
});
