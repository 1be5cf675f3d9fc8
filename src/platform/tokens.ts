import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { UUID } from 'uuidv7';

/** What a link in a mail, or a click id, is good for. A token made for one purpose opens nothing else. */
export type Purpose =
  'claim' | 'click' | 'confirm' | 'download' | 'form' | 'hand-in' | 'hub' | 'reader' | 'staff' | 'unsubscribe';

/** What a keyed hash is of: one kind of hash never equals another of the same text. */
type Hashed = 'limit' | 'signal' | 'signup' | 'visitor';

/** Whom or what a token names. `expiresAt` is null where the token itself never ends. */
interface TokenSubject {
  publicationId: string;
  id: string;
  expiresAt: Date | null;
}

const UUID_BYTES = 16;
const EXPIRY_BYTES = 4;
const BODY_BYTES = 2 * UUID_BYTES + EXPIRY_BYTES;
/** 128 bits: a forged one is found by chance after 2^127 tries, and each costs a request. */
const MAC_BYTES = 16;

/**
 * Makes and reads the tokens in mails and redirects: publication, id and expiry with an HMAC-SHA-256 under a key of their purpose.
 * They are derived whenever they are needed and never stored, so every try of a mail carries the same one.
 */
export class Tokens {
  private readonly keys: ReadonlyMap<Purpose | Hashed, Buffer>[];

  /** `secretKeys`: the current one first, then former ones that are still believed. */
  constructor(secretKeys: readonly string[]) {
    const purposes = [
      ...([
        'claim',
        'click',
        'confirm',
        'download',
        'form',
        'hand-in',
        'hub',
        'reader',
        'staff',
        'unsubscribe',
      ] as const),
      ...(['limit', 'signal', 'signup', 'visitor'] as const),
    ];
    this.keys = secretKeys.map((secret) => new Map(purposes.map((purpose) => [purpose, keyFor(secret, purpose)])));
  }

  make(purpose: Purpose, subject: TokenSubject): string {
    const body = Buffer.alloc(BODY_BYTES);
    body.set(UUID.parse(subject.publicationId).bytes, 0);
    body.set(UUID.parse(subject.id).bytes, UUID_BYTES);
    body.writeUInt32BE(subject.expiresAt === null ? 0 : Math.floor(subject.expiresAt.getTime() / 1000), 2 * UUID_BYTES);
    return Buffer.concat([body, this.mac(0, purpose, body)]).toString('base64url');
  }

  /** The subject of a token of this purpose, expired or not; null for anything else. */
  read(purpose: Purpose, token: string): TokenSubject | null {
    if (!/^[A-Za-z0-9_-]{70}$/.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    const body = bytes.subarray(0, BODY_BYTES);
    const given = bytes.subarray(BODY_BYTES);
    const genuine = this.keys.some((_, generation) => timingSafeEqual(this.mac(generation, purpose, body), given));
    if (!genuine) return null;
    const seconds = body.readUInt32BE(2 * UUID_BYTES);
    return {
      publicationId: UUID.ofInner(body.subarray(0, UUID_BYTES)).toString(),
      id: UUID.ofInner(body.subarray(UUID_BYTES, 2 * UUID_BYTES)).toString(),
      expiresAt: seconds === 0 ? null : new Date(seconds * 1000),
    };
  }

  /**
   * The publication that a token claims to be of, proven by nothing: good for leading back to a page that is open to everybody
   * where a mail program has cut the link. Null where the text begins with none.
   */
  claimedPublication(token: string): string | null {
    if (!/^[A-Za-z0-9_-]{22}/.test(token)) return null;
    return UUID.ofInner(Buffer.from(token.slice(0, 22), 'base64url')).toString();
  }

  /** A keyed hash of 16 bytes: the same text gives the same hash, and nobody without the key can try texts. */
  hash(kind: Hashed, text: string): Buffer {
    return createHmac('sha256', this.key(0, kind)).update(text).digest().subarray(0, MAC_BYTES);
  }

  /** Names a signup in the browser that made it, without telling whose it is. */
  signupKey(publicationId: string, emailKey: string): Buffer {
    return this.hash('signup', `${publicationId}\n${emailKey}`);
  }

  private mac(generation: number, purpose: Purpose, body: Uint8Array): Buffer {
    return createHmac('sha256', this.key(generation, purpose)).update(body).digest().subarray(0, MAC_BYTES);
  }

  private key(generation: number, purpose: Purpose | Hashed): Buffer {
    const key = this.keys[generation]?.get(purpose);
    if (key === undefined) throw new Error(`no key for ${purpose}`);
    return key;
  }
}

/** One key for each purpose out of the secret, by HKDF (RFC 5869). */
function keyFor(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `kuchikomi/${purpose}`, 32));
}
