import { RandomBytes } from '../../platform/random.js';

/** Any number does; another one gives other share codes and other visitors. */
export const SEED = 20_261_114;

/** Numbers from 0 up to 1, the same for the same seed: Mulberry32 (Tommy Ettinger, public domain). For a story, never for a secret. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Share codes of the demo come from here, so that they are the same on every machine. */
export class SeededBytes extends RandomBytes {
  private readonly next: () => number;

  constructor(seed: number) {
    super();
    this.next = numbersFrom(seed);
  }

  protected override fill(pool: Buffer): void {
    for (let i = 0; i < pool.length; i++) pool[i] = Math.floor(this.next() * 256);
  }
}
