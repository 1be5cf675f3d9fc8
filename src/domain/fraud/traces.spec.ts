import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abuseKey } from '../abuse-key.js';
import { clientOf, houseOf, stemOf } from './traces.js';

describe('the client of a request', () => {
  it.each([
    ['curl/8.5.0', true],
    ['python-requests/2.32.3', true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0.0.0 Safari/537.36', false],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', false],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.9.0', false],
  ])('%s is a script: %s', (userAgent, isScript) => {
    expect(clientOf(userAgent)?.isScript).toBe(isScript);
  }); // prettier-ignore

  it('is driven where it says so', () => {
    const chrome =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
    expect(clientOf(chrome)?.isDriven).toBe(false);
    expect(clientOf(chrome.replace('Chrome', 'HeadlessChrome'))?.isDriven).toBe(true);
  });

  it.each([null, '', '  ', 'node', 'undici', 'Mozilla/5.0'])('%j names nobody', (userAgent) => {
    expect(clientOf(userAgent)).toBeNull();
  });
});

it.each([
  ['mail.crumbs.example', 'crumbs.example'],
  ['crumbs.co.uk', 'crumbs.co.uk'],
  ['gmail.com', null],
  ['docomo.ne.jp', null],
])('people of %s are of the house %s', (domain, house) => {
  expect(houseOf(domain)).toBe(house);
});

describe('look-alike addresses', () => {
  it.each([
    ['annabaker@crumbs.example', 'annabaker@crumbs.example'],
    ['anna.baker1@crumbs.example', 'annabaker@crumbs.example'],
    ['anna-baker_02@crumbs.example', 'annabaker@crumbs.example'],
    ['0042ann@crumbs.example', 'ann@crumbs.example'],
    ['anna@rye.example', 'anna@rye.example'],
    ['s1234567@uni.example', null],
    ['student20241@uni.example', null],
    ['123456789@qq.com', null],
    ['jb@crumbs.example', null],
    ['j.b.1@crumbs.example', null],
  ])('%s share %s', (address, stem) => {
    expect(stemOf(address)).toBe(stem);
  });

  it('share a stem whatever small number and marks are put into them', () => {
    const letters = fc.stringMatching(/^[a-z]{3,12}$/);
    const number = fc.integer({ min: 0, max: 9999 });
    fc.assert(
      fc.property(letters, number, fc.constantFrom('.', '-', '_', ''), fc.nat(), (name, n, mark, at) => {
        const cut = at % name.length;
        const other = `${name.slice(0, cut)}${mark}${n}${name.slice(cut)}`;
        const [one, two] = [name, other].map((local) => stemOf(abuseKey(local, 'crumbs.example')));
        expect(two).toBe(one);
      }),
    );
  });
});
