import { Inject, Injectable } from '@nestjs/common';
import { addClickMonth, type ClickMonth, listClickMonths } from '../clicks/click-partitions.store.js';
import { Clock } from '../platform/clock.js';
import { Database, sqlState } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';

/** This month's partition and so many more: nobody notices when no schedule runs for some weeks. */
const MONTHS_AHEAD = 2;
const LOCK_NOT_AVAILABLE = '55P03';

/** Makes the partitions of clicks ahead. Without one for their month they are kept all the same, in a table that no month drops. */
@Injectable()
export class KeepClicks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(): Promise<void> {
    const known = new Set(await listClickMonths(this.database.reader));
    for (const month of monthsFrom(this.clock.now())) if (!known.has(month)) await this.add(month);
  }

  /** A month that cannot be made now, because a long statement or another process is at it, is made by the next run. */
  private async add(month: ClickMonth): Promise<void> {
    try {
      await this.database.transaction((tx) => addClickMonth(tx, month));
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      this.log.info({ month }, 'the partition of a month waits for another statement');
    }
  }
}

function monthsFrom(now: Date): ClickMonth[] {
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, n) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1)).toISOString(),
  );
  return months.map((start) => start.slice(0, 7));
}
