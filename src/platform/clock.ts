import { Injectable } from '@nestjs/common';
import { V7Generator } from 'uuidv7';
import { RandomBytes } from './random.js';

/**
 * The only source of "now" outside leases and locks, which follow the database's clock.
 * It runs at the speed of real time, with a distance from it that tests, the demo and `/dev/clock` set.
 */
@Injectable()
export class Clock {
  private offset = 0;

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  /** Moves the clock to a moment from which it runs on; null puts it back to real time. */
  set(moment: Date | null): void {
    this.offset = moment === null ? 0 : moment.getTime() - Date.now();
  }
}

/** Makes UUIDv7 in the program: PostgreSQL has a function for it only from 18 on. */
@Injectable()
export class Ids {
  private readonly generator: V7Generator;

  constructor(
    private readonly clock: Clock,
    random: RandomBytes,
  ) {
    this.generator = new V7Generator({ nextUint32: () => random.take(4).readUInt32BE() });
  }

  /** Later ids of one process sort after earlier ones, unless the clock was put back by more than 10 s. */
  next(): string {
    return this.generator.generateOrResetWithTs(this.clock.now().getTime()).toString();
  }
}
