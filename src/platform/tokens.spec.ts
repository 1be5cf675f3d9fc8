import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Purpose, Tokens } from './tokens.js';

const subject = {
  publicationId: '019a0000-0000-7000-8000-000000000001',
  id: '019a0000-0000-7000-8000-000000000002',
  expiresAt: null,
};
const tokens = new Tokens(['a secret of at least thirty-two bytes']);
const PURPOSES: Purpose[] = ['click', 'confirm', 'hub', 'reader', 'unsubscribe'];

describe('tokens', () => {
  it('give back what they name', () => {
    const dated = { ...subject, expiresAt: new Date('2026-12-01T00:00:00Z') };
    expect(tokens.read('hub', tokens.make('hub', dated))).toEqual(dated);
    expect(tokens.read('unsubscribe', tokens.make('unsubscribe', subject))).toEqual(subject);
  });

  it('are the same on every try', () => {
    expect(tokens.make('confirm', subject)).toBe(tokens.make('confirm', subject));
  });

  it('open nothing but their own purpose', () => {
    for (const made of PURPOSES) {
      const token = tokens.make(made, subject);
      expect(PURPOSES.filter((read) => tokens.read(read, token) !== null)).toEqual([made]);
    }
  });

  it('are refused when any character is changed', () => {
    const token = tokens.make('hub', subject);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABCabc019-_'), (at, other) => {
        fc.pre(token[at] !== other);
        const forged = token.slice(0, at) + other + token.slice(at + 1);
        // The last of 70 characters carries 4 bits: two spellings of it can mean the same bytes.
        fc.pre(!Buffer.from(forged, 'base64url').equals(Buffer.from(token, 'base64url')));
        expect(tokens.read('hub', forged)).toBeNull();
      }),
    );
  });

  it.each(['', 'x', '../../etc/passwd', 'A'.repeat(70), 'A'.repeat(71)])(
    'are refused when they are none: %s',
    (text) => {
      expect(tokens.read('hub', text)).toBeNull();
    },
  );

  it('are believed under the previous secret and not under another', () => {
    const token = tokens.make('hub', subject);
    expect(
      new Tokens(['a newer secret of thirty-two bytes!!', 'a secret of at least thirty-two bytes']).read('hub', token),
    ).toEqual(subject);
    expect(new Tokens(['a newer secret of thirty-two bytes!!']).read('hub', token)).toBeNull();
  });

  it('hash the same text differently for another purpose', () => {
    expect(tokens.hash('visitor', 'ana')).not.toEqual(tokens.hash('signup', 'ana'));
  });
});
