import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { RandomBytes } from './random.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets in the database that must be readable again, such as those that sign webhooks: AES-256-GCM under a key derived
 * from SECRET_KEY, bound to the row they belong to, so that a copy of the database alone gives none away.
 * Not derived from SECRET_KEY by themselves, which would need no column: then a new SECRET_KEY would silently change the secret
 * that every receiver has stored, where here it is only sealed anew.
 */
export class Seal {
  private readonly keys: Buffer[];

  /** `secretKeys`: the current one first, then former ones that still open. */
  constructor(
    secretKeys: readonly string[],
    private readonly random: RandomBytes,
  ) {
    this.keys = secretKeys.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'kuchikomi/seal', 32)));
  }

  /** Whether a former key still opens: then what it sealed wants to be sealed anew. */
  get isChangingKeys(): boolean {
    return this.keys.length > 1;
  }

  /** `owner` names the row; what is sealed for one row opens for no other. */
  seal(owner: string, text: string): Buffer {
    const nonce = this.random.take(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.keys[0]!, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when none of the keys opens it. */
  open(owner: string, sealed: Buffer): string {
    for (const key of this.keys) {
      const text = tryKey(key, owner, sealed);
      if (text !== null) return text;
    }
    throw new Error('a sealed secret opens with neither SECRET_KEY nor SECRET_KEY_PREVIOUS');
  }
}

function tryKey(key: Buffer, owner: string, sealed: Buffer): string | null {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
