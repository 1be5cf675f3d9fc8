import { expect, test } from 'vitest';
import { type Answers, qualifies } from './qualification.js';

const none: Answers = { decisionMaker: null, fit: null, need: null };
const two: Answers = { decisionMaker: true, fit: true, need: null };
const all: Answers = { decisionMaker: true, fit: true, need: true };
const notAll: Answers = { ...all, need: false };

test.each([
  ['nothing is answered', none, none, undefined, null],
  ['two of three are yes', none, two, undefined, null],
  ['the third becomes yes', two, all, undefined, true],
  ['one of three is no longer yes', all, notAll, undefined, false],
  ['one of three is forgotten', all, two, undefined, false],
  ['three that were yes stay yes', all, all, undefined, null],
  ['a no of one that was never all yes', two, notAll, undefined, null],
  ['it is said outright', none, none, true, true],
  ['it is denied outright, whatever is answered', two, all, false, false],
])('when %s', (_, before, after, outright, expected) => expect(qualifies(before, after, outright)).toBe(expected));
