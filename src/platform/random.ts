import { randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const POOL_BYTES = 4096;

/** The only source of randomness. Tests and the demo bind one with a fixed seed in its place. */
@Injectable()
export class RandomBytes {
  // One call to the kernel for 4 kB: an id takes 4 to 12 bytes, and a call each costs more than the id.
  private readonly pool = Buffer.alloc(POOL_BYTES);
  private used = POOL_BYTES;

  /** `count` bytes of a cryptographically strong generator; at most 4096 at once. */
  take(count: number): Buffer {
    if (this.used + count > POOL_BYTES) {
      this.fill(this.pool);
      this.used = 0;
    }
    const bytes = Buffer.from(this.pool.subarray(this.used, this.used + count));
    this.used += count;
    return bytes;
  }

  protected fill(pool: Buffer): void {
    randomFillSync(pool);
  }
}
