import { describe, expect, it, test } from 'vitest';
import {
  ACCESS,
  mayBecome,
  openRequirements,
  PARTICIPANT_STATUSES,
  type ParticipantStatus,
  statusByReader,
  statusByStaff,
  TRANSITIONS,
} from './participation.js';

const FROM = [null, ...PARTICIPANT_STATUSES];

describe('the statuses of a participant', () => {
  it('can all be reached from nothing', () => {
    const reached = new Set<ParticipantStatus>();
    const visit = (from: ParticipantStatus | 'none') => {
      for (const to of TRANSITIONS[from].filter((status) => !reached.has(status))) visit((reached.add(to), to));
    };
    visit('none');
    expect([...reached].sort()).toEqual([...PARTICIPANT_STATUSES].sort());
  });

  it('never lead away from taking part', () => {
    expect(PARTICIPANT_STATUSES.filter((to) => mayBecome('active', to))).toEqual([]);
  });

  it('begin with nobody being refused who did not ask', () => {
    expect(mayBecome(null, 'rejected')).toBe(false);
    expect(mayBecome('applied', 'rejected')).toBe(true);
  });

  it('change by the rules only as the table says', () => {
    for (const from of FROM) {
      for (const access of ACCESS) {
        for (const isMet of [true, false]) {
          for (const flag of [true, false]) {
            for (const to of [
              statusByStaff(from, flag, { access, isMet }),
              statusByReader(from, { access, isMet }, flag),
            ]) {
              if (to !== null && to !== from) expect(mayBecome(from, to), `${from} to ${to}`).toBe(true);
            }
          }
        }
      }
    }
  });
});

describe('whom staff put into a program', () => {
  const door = (access: (typeof ACCESS)[number], isMet = true) => ({ access, isMet });

  test.each([
    [null, false, door('invite'), 'active'],
    [null, true, door('invite'), 'invited'],
    [null, false, door('invite', false), 'invited'],
    ['invited', false, door('invite'), 'active'],
    ['rejected', false, door('invite'), 'active'],
    [null, false, door('application'), 'applied'],
    ['applied', false, door('application'), 'applied'],
    ['rejected', false, door('application', false), 'applied'],
    [null, false, door('open'), 'active'],
    [null, true, door('segment'), 'active'],
    ['active', true, door('invite', false), 'active'],
  ] as const)('%s, asked first: %s, %o: %s', (from, isAsked, at, to) => {
    expect(statusByStaff(from, isAsked, at)).toBe(to);
  });
});

describe('a reader who presses the button', () => {
  const door = (access: (typeof ACCESS)[number], isMet = true) => ({ access, isMet });

  test.each([
    [null, door('open'), false, 'active'],
    [null, door('auto'), false, 'active'],
    ['applied', door('open'), false, 'active'],
    [null, door('segment'), true, 'active'],
    [null, door('segment'), false, null],
    [null, door('application'), false, 'applied'],
    ['applied', door('application'), false, 'applied'],
    ['rejected', door('application'), false, null],
    [null, door('invite'), false, null],
    ['rejected', door('invite'), false, null],
    ['invited', door('invite'), false, 'active'],
    ['invited', door('invite', false), false, 'applied'],
    ['invited', door('application', false), false, 'applied'],
    ['active', door('invite', false), false, 'active'],
  ] as const)('from %s at %o, in the segment: %s: %s', (from, at, isInSegment, to) => {
    expect(statusByReader(from, at, isInSegment)).toBe(to);
  });
});

it('what is required is open until it is ticked off', () => {
  expect(openRequirements(['fee', 'certified'], ['certified'])).toEqual(['fee']);
  expect(openRequirements(['fee'], ['fee', 'forgotten'])).toEqual([]);
  expect(openRequirements([], [])).toEqual([]);
});
