import { describe, expect, it } from 'vitest';
import { paceOf, USUAL_PROGRAM_MAILS, zoneOf } from './program-mails.js';

const at = (text: string) => new Date(text);
const mail = {
  message: 'first-referral' as const,
  promisedAt: at('2026-04-01T10:00:00Z'),
  settings: USUAL_PROGRAM_MAILS,
  timezone: 'UTC',
  hasPostalAddress: true,
  released: [] as Date[],
};

describe('paceOf', () => {
  it.each([
    ['UTC', '2026-04-01T10:00:00Z', null],
    ['UTC', '2026-04-01T07:59:59Z', '2026-04-01T08:00:00.000Z'],
    ['UTC', '2026-04-01T08:00:00Z', null],
    ['UTC', '2026-04-01T20:59:59Z', null],
    ['UTC', '2026-04-01T21:00:00Z', '2026-04-02T08:00:00.000Z'],
    ['Asia/Tokyo', '2026-04-01T10:00:00Z', null], // 19:00
    ['Asia/Tokyo', '2026-04-01T13:00:00Z', '2026-04-01T23:00:00.000Z'], // 22:00
    ['America/New_York', '2026-04-01T10:00:00Z', '2026-04-01T12:00:00.000Z'], // 06:00
    ['Europe/Berlin', '2026-03-28T23:30:00Z', '2026-03-29T06:00:00.000Z'], // a night of one hour less
  ])('in %s at %s it waits until %s', (timezone, now, until) => {
    const verdict = paceOf({ ...mail, timezone, promisedAt: at(now) }, at(now));
    expect(verdict.act === 'wait' ? verdict.until.toISOString() : null).toBe(until);
  });

  it('quiet hours may lie within a day, or be none', () => {
    const noon = { ...USUAL_PROGRAM_MAILS, quietFrom: '12:00', quietUntil: '13:30' };
    const none = { ...USUAL_PROGRAM_MAILS, quietFrom: '00:00', quietUntil: '00:00' };
    const now = at('2026-04-01T12:30:00Z');
    expect(paceOf({ ...mail, settings: noon }, now)).toMatchObject({ act: 'wait', until: at('2026-04-01T13:30:00Z') });
    expect(paceOf({ ...mail, settings: noon }, at('2026-04-01T13:30:00Z'))).toEqual({ act: 'send' });
    expect(paceOf({ ...mail, settings: none }, at('2026-04-01T23:30:00Z'))).toEqual({ act: 'send' });
  });

  it('the fourth in seven days waits until the first of three is a week old', () => {
    const days = ['2026-03-26', '2026-03-27', '2026-03-31'].map((day) => at(`${day}T09:00:00Z`));
    const now = at('2026-04-01T10:00:00Z');
    expect(paceOf({ ...mail, released: days.slice(1) }, now)).toEqual({ act: 'send' });
    expect(paceOf({ ...mail, released: days }, now)).toMatchObject({ act: 'wait', until: at('2026-04-02T09:00:00Z') });
    const fewer = { ...USUAL_PROGRAM_MAILS, perWeek: 1 };
    expect(paceOf({ ...mail, settings: fewer, released: days }, now)).toMatchObject({
      until: at('2026-04-07T09:00:00Z'),
    });
    expect(paceOf({ ...mail, settings: fewer, released: null }, now)).toEqual({ act: 'send' });
  });

  it('what has waited too long, or is switched off, is dropped', () => {
    const week = at('2026-04-08T10:00:00Z');
    expect(paceOf(mail, week)).toEqual({ act: 'send' });
    expect(paceOf(mail, new Date(week.getTime() + 1))).toMatchObject({ act: 'drop' });
    const off = { ...USUAL_PROGRAM_MAILS, off: ['first-referral' as const] };
    expect(paceOf({ ...mail, settings: off }, mail.promisedAt)).toMatchObject({ act: 'drop' });
  });
});

it.each([
  ['Asia/Tokyo', 'Asia/Tokyo'],
  ['+09:00', 'UTC'],
  ['Mars/Base', 'UTC'],
  [null, 'UTC'],
])('the zone of a reader of whom %j was told is %s', (told, zone) => {
  expect(zoneOf(told, 'UTC')).toBe(zone);
});
