import { describe, expect, test } from 'vitest';
import { COUNTRIES, readShippingAddress } from './shipping-address.js';

const bristol = { name: 'Ana', country: 'GB', postcode: 'BS1 4ND', city: 'Bristol', line1: '12 Mill Lane' };
const tokyo = { name: '山田アナ', country: 'JP', postcode: '100-0001', region: '東京都', line1: '千代田区千代田1-1' };

describe('an address', () => {
  test.each([bristol, tokyo])('is read: %j', (typed) => {
    expect(readShippingAddress(typed, null)).toMatchObject({ ok: true, address: { ...typed, line2: null } });
  });

  test('is put on one line, without what turns text around, and its country in capitals', () => {
    const typed = { ...bristol, name: ' Ana\r\nX: y\u202e ', country: 'gb', line2: ' ' };
    expect(readShippingAddress(typed, null)).toMatchObject({
      address: { name: 'Ana X: y', country: 'GB', line2: null },
    });
  });

  test.each(['name', 'country', 'postcode', 'city', 'line1'] as const)('without %s is none', (field) => {
    expect(readShippingAddress({ ...bristol, [field]: '  ' }, null)).toEqual({
      ok: false,
      problems: { [field]: 'required' },
    });
  });

  test('in Japan has a prefecture and needs no town', () => {
    expect(readShippingAddress({ ...tokyo, region: '' }, null)).toEqual({
      ok: false,
      problems: { region: 'required' },
    });
  });

  test('says all that is wrong at once', () => {
    const typed = { ...bristol, country: 'XX', line1: 'x'.repeat(201), variant: 'huge' };
    expect(readShippingAddress(typed, ['short', 'long'])).toEqual({
      ok: false,
      problems: { country: 'invalid', line1: 'long', variant: 'invalid' },
    });
  });

  test('names one of the variants, where there are any', () => {
    expect(readShippingAddress(bristol, ['short'])).toMatchObject({ problems: { variant: 'required' } });
    expect(readShippingAddress({ ...bristol, variant: 'short' }, ['short'])).toMatchObject({
      address: { variant: 'short' },
    });
    expect(readShippingAddress({ ...bristol, variant: 'short' }, null)).toMatchObject({ address: { variant: null } });
  });
});

test('every country has a name in both languages', () => {
  for (const locale of ['en', 'ja']) {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
    expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
  }
  expect(new Set(COUNTRIES).size).toBe(COUNTRIES.length);
});
