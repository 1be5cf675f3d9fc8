import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readListEntry } from './list-entry.js';

describe('an entry of a list', () => {
  it.each([
    ['address', 'Ana.Baker+news@GMAIL.com', 'Ana.Baker+news@gmail.com', 'anabaker@gmail.com'],
    ['domain', 'Crumbs.Example', 'crumbs.example', 'crumbs.example'],
    ['domain', '@crumbs.example', 'crumbs.example', 'crumbs.example'],
    ['domain', 'bäcker.example', 'xn--bcker-gra.example', 'xn--bcker-gra.example'],
    ['network', '203.0.113.77/24', '203.0.113.0/24', '203.0.113.0/24'],
    ['network', '203.0.113.77/30', '203.0.113.76/30', '203.0.113.76/30'],
    ['network', '203.0.113.7', '203.0.113.7/32', '203.0.113.7/32'],
    ['network', '::ffff:203.0.113.7', '203.0.113.7/32', '203.0.113.7/32'],
    ['network', '::ffff:203.0.113.7/120', '203.0.113.0/24', '203.0.113.0/24'],
    ['network', '2001:DB8:0:0:1::9/32', '2001:db8::/32', '2001:db8::/32'],
    ['network', '2001:db8::1', '2001:db8::1/128', '2001:db8::1/128'],
  ] as const)('%s %s is %s, found by %s', (kind, typed, value, key) => {
    expect(readListEntry(kind, typed)).toEqual({ ok: true, value, key });
  });

  it.each([
    ['address', 'ana'],
    ['address', 'crumbs.example'],
    ['domain', 'ana@crumbs.example'],
    ['domain', 'crumbs'],
    ['domain', ''],
    ['domain', '203.0.113.7'],
    ['network', '203.0.113.0/33'],
    ['network', '203.0.113.0/4'],
    ['network', '0.0.0.0/0'],
    ['network', '2001:db8::/129'],
    ['network', '2000::/3'],
    ['network', '203.0.113'],
    ['network', '127.1'],
    ['network', '203.0.113.0/24/7'],
    ['network', '203.0.113.0/'],
    ['network', 'fe80::1%eth0'],
    ['network', 'crumbs.example'],
  ] as const)('%s %j is none', (kind, typed) => {
    expect(readListEntry(kind, typed)).toMatchObject({ ok: false });
  });

  it('of a network is found by itself again, whatever address of it was typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })), fc.tuple(fc.ipV6(), fc.integer({ min: 112, max: 128 }))), ([ip, bits]) => {
        const once = readListEntry('network', `${ip}/${bits}`);
        if (once.ok) expect(readListEntry('network', once.key)).toEqual(once);
        else expect(ip).toMatch(/^0*:/);
      }),
    ); // prettier-ignore
  });
});
