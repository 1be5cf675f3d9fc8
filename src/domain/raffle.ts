import { createHash } from 'node:crypto';

/*
 * How a raffle is drawn, so that anyone can draw it again. The seed is committed by its hash before the period begins, and opened after
 * the draw; the hash of the list of entries is mixed in. This proves that the draw was not changed afterwards. It does not prove that
 * who runs the service did not know the seed before.
 */

/** One chance to win. Neither name tells who it is. */
export interface Entry {
  entry: string;
  /** The same for all entries of a person. */
  person: string;
}

/** An entry that won. */
export interface Drawn<Row extends Entry> {
  /** From 1, in the order of drawing. */
  number: number;
  /** From 1, in the list. */
  position: number;
  entry: Row;
}

/** SHA-256 of the 32 bytes of a seed, in hex. */
export function commitmentTo(seed: string): string {
  return createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
}

/** A name for a row that is the same in this raffle only, and tells nobody which row it is. */
export function pseudonym(raffleId: string, id: string): string {
  return sha256(`${raffleId}:${id}`).slice(0, 20);
}

/** The list of entries as it is published: a line each, `{position} {entry} {person}`, ended by LF. */
export function listOfEntries(entries: readonly Entry[]): string {
  return entries.map(({ entry, person }, index) => `${index + 1} ${entry} ${person}\n`).join('');
}

/**
 * Draws up to so many winners. Winner k is the entry at SHA-256 of `{key}:{k}`, taken as a number, modulo the number of entries that
 * are left, counted from 0; the key is SHA-256 of `{seed}\n{SHA-256 of the list}`, all in hex. Who has won is out with all entries.
 */
export function draw<Row extends Entry>(seed: string, entries: readonly Row[], winners: number): Drawn<Row>[] {
  const key = sha256(`${seed}\n${sha256(listOfEntries(entries))}`);
  const drawn: Drawn<Row>[] = [];
  let left = entries.map((entry, index) => ({ entry, position: index + 1 }));
  for (let number = 1; number <= winners && left.length > 0; number++) {
    const at = BigInt(`0x${sha256(`${key}:${number}`)}`) % BigInt(left.length);
    const won = left[Number(at)]!;
    drawn.push({ number, ...won });
    left = left.filter(({ entry }) => entry.person !== won.entry.person);
  }
  return drawn;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
