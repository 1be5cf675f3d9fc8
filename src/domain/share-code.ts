/**
 * 28 symbols: digits and lower-case consonants. Without 0 1 i l o (look alike in mail fonts) and without vowels (no words,
 * so no rude ones). 28^8 = 3.8e11 codes.
 */
const ALPHABET = '23456789bcdfghjkmnpqrstvwxyz';
const LENGTH = 8;
// Bytes from here on would favour the first symbols; they are skipped. 252 = 9 * 28.
const UNBIASED = 256 - (256 % ALPHABET.length);

/** How many random bytes to give `makeShareCode`: fewer than 8 usable ones among 16 happens once in 10^12 calls. */
export const SHARE_CODE_BYTES = 16;

/**
 * A new share code of 8 characters, each symbol equally likely. Whether it is taken is for the database to say.
 * @param random at least `SHARE_CODE_BYTES` random bytes
 * @throws RangeError when too few of the bytes are usable; draw again
 */
export function makeShareCode(random: Uint8Array): string {
  let code = '';
  for (const byte of random) {
    if (byte >= UNBIASED) continue;
    code += ALPHABET[byte % ALPHABET.length];
    if (code.length === LENGTH) return code;
  }
  throw new RangeError('Too few usable random bytes for a share code');
}

// Not our alphabet: codes imported from other vendors keep their links.
const SHAPE = /^[a-z0-9_-]{3,32}$/;

/**
 * The stored form of a share code as somebody typed or a link carried it: ASCII lower case.
 * Null when it cannot be a code, so that no query is spent on it.
 */
export function normaliseShareCode(raw: string): string | null {
  // Length first: lower-casing changes non-ASCII letters ("K" the Kelvin sign becomes "k"), which must not become a code.
  if (raw.length > 32 || !/^[\w-]*$/.test(raw)) return null;
  const code = raw.toLowerCase();
  return SHAPE.test(code) ? code : null;
}
