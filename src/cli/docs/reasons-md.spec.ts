import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { phaseOf, type ReasonCode, REASONS, toldAs } from '../../domain/reasons.js';
import { LOCALES, PROJECT_ROOT } from '../../platform/templates.js';
import { readCatalogues } from '../../platform/words.js';
import { reasonsMd } from './reasons-md.js';

const codes = Object.keys(REASONS) as ReasonCode[];
const sorted = (list: Iterable<string>) => [...list].sort();

describe('the words for reasons', () => {
  it.each(LOCALES)('has words in %s for exactly the codes that are told in their own', (locale) => {
    const keys = Object.keys(readCatalogues()[locale]).filter((key) => key !== 'friend.counts.chip');
    const worded = (end: string) =>
      sorted(
        keys.flatMap((key) => (key.startsWith('friend.') && key.endsWith(end) ? [key.slice(7, -end.length)] : [])),
      );
    const own = sorted(codes.filter((code) => REASONS[code].words === 'own'));
    expect([worded('.chip'), worded('.text')]).toEqual([own, own]);
  });

  it('has a section in docs/reasons.md for each, in this order, with its sentence and what its reader reads', () => {
    const text = readFileSync(path.join(PROJECT_ROOT, 'docs/reasons.md'), 'utf8');
    expect(text).toBe(reasonsMd());
    const sections = text.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(codes);
    const { en, ja } = readCatalogues();
    for (const [n, code] of codes.entries()) {
      const words = toldAs(phaseOf(code)!, code);
      for (const part of [REASONS[code].sentence, en[`friend.${words}.text`]!, ja[`friend.${words}.text`]!]) {
        expect(sections[n]).toContain(part);
      }
    }
  });

  it('are the same of an address that we knew and of an alias of one', () => {
    for (const messages of Object.values(readCatalogues())) {
      expect(messages['friend.already_subscribed.text']).toBe(messages['friend.alias_of_existing.text']);
      expect(messages['friend.already_subscribed.chip']).toBe(messages['friend.alias_of_existing.chip']);
    }
  });
});
