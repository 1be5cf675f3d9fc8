import { describe, expect, it } from 'vitest';
import { RandomBytes } from './random.js';
import { Seal } from './seal.js';

const random = new RandomBytes();
const [OLD, NEW] = ['the old secret of at least 32 bytes', 'the new secret of at least 32 bytes'];
const seal = new Seal([OLD], random);

describe('what is sealed', () => {
  it('opens again, and looks different each time', () => {
    const [a, b] = [seal.seal('row', 'whsec_日本'), seal.seal('row', 'whsec_日本')];
    expect([seal.open('row', a), seal.open('row', b)]).toEqual(['whsec_日本', 'whsec_日本']);
    expect(a.equals(b)).toBe(false);
    expect(a.includes('whsec')).toBe(false);
  });

  it('opens for no other row, and not when a bit was changed', () => {
    const sealed = seal.seal('row', 'secret');
    expect(() => seal.open('another', sealed)).toThrow(/SECRET_KEY/);
    for (let byte = 0; byte < sealed.length; byte++) {
      const bent = Buffer.from(sealed);
      bent[byte]! ^= 1;
      expect(() => seal.open('row', bent)).toThrow();
    }
    expect(() => seal.open('row', Buffer.alloc(0))).toThrow();
  });

  it('opens with the former key while the key is being changed, and is sealed with the new one', () => {
    const changing = new Seal([NEW, OLD], random);
    expect([seal.isChangingKeys, changing.isChangingKeys]).toEqual([false, true]);
    const opened = changing.open('row', seal.seal('row', 'secret'));
    expect(new Seal([NEW], random).open('row', changing.seal('row', opened))).toBe('secret');
    expect(() => seal.open('row', changing.seal('row', 'secret'))).toThrow();
  });
});
