import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from './public-address.js';

const PUBLIC = [
  '1.1.1.1', '8.8.8.8', '9.9.9.9', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.0.3.0', '198.17.255.255',
  '223.255.255.255', '2001:4860:4860::8888', '2606:4700:4700::1111', '2a00:1450:4001::1', '::ffff:8.8.8.8', '::ffff:808:808',
]; // prettier-ignore

const NOT_PUBLIC: Record<string, string[]> = {
  'this network': ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00:ec2::254'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local, where clouds keep their credentials': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
  'shared by a carrier': ['100.64.0.1', '100.127.255.255', '100.100.100.200'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
  broadcast: ['255.255.255.255'],
  reserved: ['192.0.0.1', '192.0.0.192', '240.0.0.1', '192.88.99.1', '4000::1', '8000::1', 'e000::1', '5f00::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmarks: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'IPv4 in disguise': [
    '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0:127.0.0.1',
    '::127.0.0.1', '::7f00:1', '::a00:1', '2002:7f00:1::', '2002:a9fe:a9fe::', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::7f00:1',
    '2001:0:7f00:1::', '2001::1',
  ], // prettier-ignore
  'old and special': ['fec0::1', '2001:10::1', '2001:20::1', '100::1', '2620:4f:8000::1', '192.31.196.1', '192.175.48.1'],
  'not an address in its plain form': [
    '', 'localhost', '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '127.0.0.1.', '127.0.0.1:80', '[::1]', ' 1.1.1.1', '1.1.1.1/32', '01.1.1.1',
  ],
}; // prettier-ignore

describe('isPublicAddress', () => {
  it.each(PUBLIC)('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  describe.each(Object.entries(NOT_PUBLIC))('%s', (_, addresses) => {
    it.each(addresses)('%j is not', (address) => {
      expect(isPublicAddress(address)).toBe(false);
    });
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['::2', false],
  ['0.0.0.0', false],
  ['localhost', false],
])('isLoopbackAddress(%j) is %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected);
});

const testData = process.env['TEST_DATA'];
describe.skipIf(!testData)(testData ? "svix' vectors" : "svix' vectors (skipped: TEST_DATA is not set)", () => {
  const file = join(testData ?? '', 'ssrf/svix-is-allowed.json');
  const vectors = testData ? (JSON.parse(readFileSync(file, 'utf8')) as { ip: string; allowed: boolean }[]) : [];

  it('are there', () => expect(vectors.length).toBeGreaterThan(40));

  it.each(vectors)('$ip: $allowed', ({ ip, allowed }) => {
    expect(isPublicAddress(ip)).toBe(allowed);
  });
});
