import { describe, expect, it, test } from 'vitest';
import {
  joinWordsFor,
  LONGEST_MESSAGE,
  messageFor,
  messageProblem,
  ownKey,
  sayWith,
  shareLink,
  type ShareVariant,
  variantOf,
} from './share-words.js';

const BAKERS: ShareVariant = {
  name: 'bakers',
  label: 'Bakers',
  by: 'industry',
  message: 'For your bakery:',
  join: { heading: 'For people who bake for a living' },
};

describe('what is said to a friend', () => {
  test.each([
    ['nothing, where nobody has set words', {}, null, null, null],
    ["the program's words", {}, null, 'Read it:', 'Read it:'],
    ["the sharer's own before the program's", { '': 'Mine:' }, null, 'Read it:', 'Mine:'],
    ["a variant's words, not the sharer's for everybody", { '': 'Mine:' }, BAKERS, 'Read it:', 'For your bakery:'],
    ["the sharer's own for these friends", { '': 'Mine:', bakers: 'Crumb:' }, BAKERS, null, 'Crumb:'],
    ['nothing that an object has by itself', {}, { ...BAKERS, name: 'constructor' }, null, 'For your bakery:'],
  ])('%s', (_, own, variant, ofProgram, said) => {
    expect(messageFor(own, variant, ofProgram)).toBe(said);
  });

  test.each([
    ['Read it:', 'Read it: https://s.example/r/c'],
    ['They are good: {url} & more', 'They are good: https://s.example/r/c & more'],
    ['$& {url}', '$& https://s.example/r/c'],
  ])('has the link in its place: %s', (message, said) => {
    expect(sayWith(message, 'https://s.example/r/c')).toBe(said);
  });
});

describe("a sharer's own words", () => {
  test.each([
    ['x'.repeat(LONGEST_MESSAGE), null],
    ['two\nlines, 絵文字 🍞 and {url}', null],
    ['x'.repeat(LONGEST_MESSAGE + 1), 'too_long'],
    ['a \u0007 bell', 'unreadable'],
    ['\u202Egnp', 'unreadable'],
    ['{url} {url}', 'unreadable'],
  ])('%j', (typed, problem) => {
    expect(messageProblem(typed)).toBe(problem);
  });
});

describe('where the friend joins', () => {
  it("says the variant's words, and the program's where it has none", () => {
    const ofProgram = { heading: 'Bread', lead: 'Every Saturday.' };
    expect(joinWordsFor(BAKERS, ofProgram)).toEqual({ heading: BAKERS.join.heading, lead: 'Every Saturday.' });
    expect(joinWordsFor({ ...BAKERS, join: { lead: undefined } }, ofProgram)).toEqual(ofProgram);
    expect(joinWordsFor(null, {})).toEqual({});
  });

  it('knows variants by their name alone', () => {
    expect([variantOf([BAKERS], 'bakers'), variantOf([BAKERS], 'Bakers'), variantOf([BAKERS], null)]).toEqual([
      BAKERS,
      null,
      null,
    ]);
    expect([ownKey(BAKERS), ownKey(null)]).toEqual(['bakers', '']);
  });
});

test.each([
  [null, null, 'https://s.example/r/c'],
  ['line', null, 'https://s.example/r/c?via=line'],
  ['x', 'bakers', 'https://s.example/r/c?via=x&for=bakers'],
])('a link shared by %s for %s', (via, variant, link) => {
  expect(shareLink('https://s.example/r/c', via, variant)).toBe(link);
});
