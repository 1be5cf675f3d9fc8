import type { Tx } from './database.js';
import type { RandomBytes } from './random.js';

/*
 * Hashes of erased people are made by the database, under a key that is made once and kept there: they must outlive every
 * SECRET_KEY, and a file of a million readers is compared with them set by set. The program never sees the key.
 */

const NAME = 'erasure_key';

/** The key as a table of one row, of none before anybody was erased. Joined as `k`. */
export const ERASURE_KEY = `(select decode(value, 'hex') as key from instance_settings where name = '${NAME}') k`;

/**
 * The hash of an address' key, of its mailbox or of what an event told, as SQL. Twice, as HMAC does it, so that nothing can be appended to what was
 * hashed; HMAC itself would need pgcrypto.
 */
export const erasureHash = (of: 'address' | 'mailbox' | 'event', text: string): string =>
  `sha256(k.key || sha256(k.key || convert_to('${of} ' || ${text}, 'UTF8')))`;

/** Makes the key where there is none; of any number at once the first makes it and the others wait for it. */
export async function makeErasureKey(tx: Tx, random: RandomBytes): Promise<void> {
  await tx.query(`insert into instance_settings (name, value) values ('${NAME}', $1) on conflict (name) do nothing`, [
    random.take(32).toString('hex'),
  ]);
}
