import { Injectable } from '@nestjs/common';
import { removeKeysBefore } from '../idempotency/idempotency.store.js';
import { forgetRows } from '../imports/import.store.js';
import { removePastLimits } from '../limits/limit.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { forgetIps } from '../referrals/signal.store.js';
import { removeDeliveriesBefore } from '../webhooks/delivery.store.js';

const DAY_MS = 86_400_000;
/** How long the verdicts of an import can be read: its rows hold addresses. */
const IMPORT_ROWS_DAYS = 30;
/** How long a webhook can be replayed: its body holds addresses. */
const DELIVERY_DAYS = 30;

/** Removes what was kept for a time only, such as answers to Idempotency-Keys and IP addresses of signups, which are personal data. */
@Injectable()
export class CleanUp {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    await removeKeysBefore(this.database.reader, new Date(now.getTime() - DAY_MS));
    await removePastLimits(this.database.reader, now);
    await removeDeliveriesBefore(this.database.reader, new Date(now.getTime() - DELIVERY_DAYS * DAY_MS));
    await forgetIps(this.database.reader, now);
    await forgetRows(this.database.reader, new Date(now.getTime() - IMPORT_ROWS_DAYS * DAY_MS));
  }
}
