import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Audience, type Condition, type Fact, isIn } from './audience.js';

const facts = {
  plan: 'Pro',
  seats: 12,
  nps: '9',
  paying: true,
  blank: '  ',
  industry: 'Bäckerei',
  hex: '0x10',
  list: ['a'],
};

describe('isIn', () => {
  it.each<[string, Condition, boolean]>([
    ['is: the same text', { attribute: 'plan', is: 'Pro' }, true],
    ['is: case and blanks do not matter', { attribute: 'plan', is: ' pro ' }, true],
    ['is: another text', { attribute: 'plan', is: 'Free' }, false],
    ['is: a number told as text', { attribute: 'nps', is: 9 }, true],
    ['is: text of another form of the number', { attribute: 'nps', is: '9.0' }, true],
    ['is: a number', { attribute: 'seats', is: 12 }, true],
    ['is: a number is not a part of a text', { attribute: 'seats', is: 1 }, false],
    ['is: a boolean', { attribute: 'paying', is: true }, true],
    ['is: a boolean as a file tells it', { attribute: 'paying', is: 'TRUE' }, true],
    ['is: true is not 1', { attribute: 'paying', is: 1 }, false],
    ['is: decomposed letters', { attribute: 'industry', is: 'ba\u0308ckerei' }, true],
    ['is: of nobody knows what', { attribute: 'role', is: 'baker' }, false],
    ['is: a list is no fact', { attribute: 'list', is: 'a' }, false],
    ['in: one of them', { attribute: 'plan', in: ['free', 'pro'] }, true],
    ['in: none of them', { attribute: 'plan', in: ['free', 'team'] }, false],
    ['in: unknown', { attribute: 'role', in: ['baker'] }, false],
    ['not: another', { attribute: 'plan', not: 'free' }, true],
    ['not: the same', { attribute: 'plan', not: 'PRO' }, false],
    ['not: unknown', { attribute: 'role', not: 'baker' }, true],
    ['atLeast: there', { attribute: 'seats', atLeast: 12 }, true],
    ['atLeast: below', { attribute: 'seats', atLeast: 12.5 }, false],
    ['atLeast: a number as text', { attribute: 'nps', atLeast: 9 }, true],
    ['atLeast: no number', { attribute: 'plan', atLeast: 0 }, false],
    ['atLeast: what only a programmer reads as one', { attribute: 'hex', atLeast: 0 }, false],
    ['atLeast: unknown is not 0', { attribute: 'role', atLeast: 0 }, false],
    ['atMost: there', { attribute: 'seats', atMost: 12 }, true],
    ['atMost: above', { attribute: 'seats', atMost: 11 }, false],
    ['atMost: unknown is not 0', { attribute: 'role', atMost: 5 }, false],
    ['exists: yes', { attribute: 'plan', exists: true }, true],
    ['exists: a blank is nothing', { attribute: 'blank', exists: true }, false],
    ['exists: no', { attribute: 'role', exists: false }, true],
    ['exists: yes, but should not', { attribute: 'plan', exists: false }, false],
    ['what every object has is no attribute', { attribute: 'constructor', exists: true }, false],
  ])('%s', (_, condition, expected) => {
    expect(isIn({ all: [condition] }, facts)).toBe(expected);
  });

  it('all conditions must be met', () => {
    const pro: Condition = { attribute: 'plan', is: 'pro' };
    expect(isIn({ all: [pro, { attribute: 'seats', atLeast: 10 }] }, facts)).toBe(true);
    expect(isIn({ all: [pro, { attribute: 'seats', atLeast: 20 }] }, facts)).toBe(false);
  });

  it('no audience is everybody', () => {
    expect(isIn(null, {})).toBe(true);
  });
});

const fact = fc.oneof(fc.string({ maxLength: 5 }), fc.integer({ min: -20, max: 20 }), fc.boolean());
const name = fc.constantFrom('plan', 'seats', 'nps', '__proto__', 'toString');
const someFacts = fc.dictionary(name, fact);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ attribute: name, is: fact }),
  fc.record({ attribute: name, in: fc.array(fact, { minLength: 1, maxLength: 4 }) }),
  fc.record({ attribute: name, not: fact }),
  fc.record({ attribute: name, atLeast: fc.integer({ min: -20, max: 20 }) }),
  fc.record({ attribute: name, atMost: fc.integer({ min: -20, max: 20 }) }),
  fc.record({ attribute: name, exists: fc.boolean() }),
);
const one = (asked: Condition): Audience => ({ all: [asked] });

describe('whatever is asked and known', () => {
  it('is, in and not agree with each other', () => {
    fc.assert(
      fc.property(name, fc.array(fact, { minLength: 1, maxLength: 4 }), someFacts, (attribute, values, known) => {
        const each = values.map((is: Fact) => isIn(one({ attribute, is }), known));
        expect(isIn(one({ attribute, in: values }), known)).toBe(each.includes(true));
        expect(values.map((not: Fact) => isIn(one({ attribute, not }), known))).toEqual(each.map((yes) => !yes));
      }),
    );
  });

  it('a person who is at least n is not at most n - 1, and one who is neither has no number there', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: -20, max: 20 }), someFacts, (attribute, n, known) => {
        const above = isIn(one({ attribute, atLeast: n }), known);
        const below = isIn(one({ attribute, atMost: n - 1 }), known);
        expect(above && below).toBe(false);
        if (typeof known[attribute] === 'number' && Object.hasOwn(known, attribute)) expect(above || below).toBe(true);
      }),
    );
  });

  it('a further condition lets nobody in, and their order does not matter', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), condition, someFacts, (all, more, known) => {
        if (isIn({ all: [...all, more] }, known)) expect(isIn({ all }, known)).toBe(true);
        expect(isIn({ all: [...all].reverse() }, known)).toBe(isIn({ all }, known));
      }),
    );
  });
});
