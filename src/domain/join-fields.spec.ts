import { describe, expect, it } from 'vitest';
import { answersIn, askedFields, JOIN_FIELD_NAME, KNOWN_JOIN_FIELDS, TAKEN_FIELD_NAMES } from './join-fields.js';

const fields = askedFields(['company', { name: 'seats', label: 'Seats', options: ['1-10', '11-100'] }]);

describe('fields of a form', () => {
  it('are shown with what they were told of', () => {
    expect(fields).toEqual([
      { name: 'company', label: null, options: null, required: false },
      { name: 'seats', label: 'Seats', options: ['1-10', '11-100'], required: false },
    ]);
  });

  it('that are known by name are good names and no field of the form itself', () => {
    for (const name of KNOWN_JOIN_FIELDS) {
      expect(name).toMatch(JOIN_FIELD_NAME);
      expect(TAKEN_FIELD_NAMES.has(name)).toBe(false);
    }
  });
});

describe('answers', () => {
  it('are taken for what was asked, and for nothing else', () => {
    expect(
      answersIn({ company: ' Mill & Stone ', seats: '11-100', plan: 'gold', email: 'a@b.example' }, fields),
    ).toEqual({
      company: 'Mill & Stone',
      seats: '11-100',
    });
  });

  it.each([
    ['is empty', { company: '  ' }],
    ['is too long', { company: 'x'.repeat(201) }],
    ['is no text', { company: ['x'] }],
    ['has control characters', { company: 'a\r\nb' }],
    ['turns the direction of text', { company: 'a\u202Eb' }],
    ['is no choice', { seats: '12' }],
    ['is only inherited', Object.create({ company: 'x' }) as object],
  ])('that %s count as not given', (_, form) => {
    expect(answersIn(form as Record<string, unknown>, fields)).toEqual({});
  });
});
