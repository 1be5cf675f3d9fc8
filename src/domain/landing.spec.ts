import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { landingUrl } from './landing.js';

type Query = [string, string][];
const tie = { ref: 'k7m2', click: 'c.1~s' };

describe('landingUrl', () => {
  it.each<[string, string, Query, string]>([
    ['a bare URL', 'https://loaf.example/issue-42', [], 'https://loaf.example/issue-42?ref=k7m2&click=c.1%7Es'],
    ['an origin alone', 'https://loaf.example', [], 'https://loaf.example/?ref=k7m2&click=c.1%7Es'],
    [
      'other parameters are passed on',
      'https://loaf.example/',
      [
        ['utm_source', 'loaf'],
        ['q', 'a b&c=d#e'],
      ],
      'https://loaf.example/?utm_source=loaf&q=a+b%26c%3Dd%23e&ref=k7m2&click=c.1%7Es',
    ],
    [
      'via is used up',
      'https://loaf.example/',
      [
        ['via', 'x'],
        ['a', '1'],
      ],
      'https://loaf.example/?a=1&ref=k7m2&click=c.1%7Es',
    ],
    [
      "the stored via is the site's own",
      'https://loaf.example/?via=shop',
      [['via', 'x']],
      'https://loaf.example/?via=shop&ref=k7m2&click=c.1%7Es',
    ],
    [
      'the stored URL wins',
      'https://loaf.example/?utm_source=own',
      [
        ['utm_source', 'theirs'],
        ['utm_medium', 'm'],
      ],
      'https://loaf.example/?utm_source=own&utm_medium=m&ref=k7m2&click=c.1%7Es',
    ],
    [
      'a repeated name is passed on whole',
      'https://loaf.example/',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'https://loaf.example/?a=1&a=2&ref=k7m2&click=c.1%7Es',
    ],
    [
      'ref and click of the link are ours',
      'https://loaf.example/',
      [
        ['ref', 'evil'],
        ['click', 'evil'],
      ],
      'https://loaf.example/?ref=k7m2&click=c.1%7Es',
    ],
    [
      'ref and click of the stored URL too',
      'https://loaf.example/?ref=old&a=1&%63lick=old&click',
      [],
      'https://loaf.example/?a=1&ref=k7m2&click=c.1%7Es',
    ],
    [
      'the fragment is kept',
      'https://loaf.example/a?b=1#part',
      [['c', '2']],
      'https://loaf.example/a?b=1&c=2&ref=k7m2&click=c.1%7Es#part',
    ],
    [
      'the stored query is kept letter by letter',
      'https://loaf.example/?a&b=x%20y&c=%E3%81%82&b=2',
      [],
      'https://loaf.example/?a&b=x%20y&c=%E3%81%82&b=2&ref=k7m2&click=c.1%7Es',
    ],
    [
      'a second question mark belongs to the name',
      'https://loaf.example/??ref=1',
      [],
      'https://loaf.example/??ref=1&ref=k7m2&click=c.1%7Es',
    ],
    [
      'a parameter without a name is left out',
      'https://loaf.example/',
      [['', 'x']],
      'https://loaf.example/?ref=k7m2&click=c.1%7Es',
    ],
    [
      'names are compared exactly',
      'https://loaf.example/?A=1',
      [
        ['a', '2'],
        ['REF', 'x'],
      ],
      'https://loaf.example/?A=1&a=2&REF=x&ref=k7m2&click=c.1%7Es',
    ],
    [
      'line breaks stay in their parameter',
      'https://loaf.example/',
      [['a', '\r\nLocation: x']],
      'https://loaf.example/?a=%0D%0ALocation%3A+x&ref=k7m2&click=c.1%7Es',
    ],
  ])('%s', (_, target, query, expected) => {
    expect(landingUrl(target, query, tie)).toBe(expected);
  });

  it('without a stored click there is no click, not even a stored one', () => {
    expect(landingUrl('https://loaf.example/?click=old', [['click', 'evil']], { ref: 'k7m2', click: null })).toBe(
      'https://loaf.example/?ref=k7m2',
    );
  });

  it('passes on 20 parameters; via, ours and taken ones do not count', () => {
    const others: Query = Array.from({ length: 21 }, (_, i) => [`p${i}`, '1']);
    const passed = new URL(
      landingUrl('https://loaf.example/?own=1', [['via', 'x'], ['ref', 'y'], ['own', '2'], ...others], tie),
    ).searchParams;
    expect(passed.get('p19')).toBe('1');
    expect(passed.has('p20')).toBe(false);
  });

  it.each([
    [2045, true], // "a=" + 2045 + "&" = 2,048
    [2046, false],
  ])('a value of %i octets: %s', (length, kept) => {
    expect(new URL(landingUrl('https://loaf.example/', [['a', 'x'.repeat(length)]], tie)).searchParams.has('a')).toBe(
      kept,
    );
  });

  it('counts octets as sent, over all parameters, and leaves out whole ones', () => {
    const passed = new URL(
      landingUrl(
        'https://loaf.example/',
        [
          ['a', 'あ'.repeat(200)],
          ['b', 'あ'.repeat(200)],
          ['c', '1'],
        ],
        tie,
      ),
    ).searchParams;
    expect([passed.get('a'), passed.get('b'), passed.get('c')]).toEqual(['あ'.repeat(200), null, '1']);
  });

  it('refuses a target that is no absolute URL', () => {
    expect(() => landingUrl('/join', [], tie)).toThrow(TypeError);
  });

  it('whatever the query says, only the query of the answer differs', () => {
    const target = 'https://loaf.example/issue-42?own=1&flag#part';
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('ref', 'click', 'via', 'own', '#', '//evil.example', '@evil.example', '\\'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 30 }), (query) => {
        const url = new URL(landingUrl(target, query, tie));
        expect([url.origin, url.username, url.pathname, url.hash]).toEqual([
          'https://loaf.example',
          '',
          '/issue-42',
          '#part',
        ]);
        expect(url.searchParams.getAll('ref')).toEqual(['k7m2']);
        expect(url.searchParams.getAll('click')).toEqual(['c.1~s']);
        expect(url.searchParams.getAll('own')).toEqual(['1']);
        expect(url.searchParams.has('via')).toBe(false);
        expect([...url.searchParams].length).toBeLessThanOrEqual(24);
      }),
    );
  });
});
