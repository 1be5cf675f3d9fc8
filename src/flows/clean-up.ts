import { Injectable } from '@nestjs/common';
import { INVITATION_DAYS } from '../domain/participation.js';
import { removeKeysBefore } from '../idempotency/idempotency.store.js';
import { forgetRows } from '../imports/import.store.js';
import { removePastLimits } from '../limits/limit.store.js';
import { SHIPPING_DAYS } from '../mail/compose.js';
import { removeAddressesBefore } from '../milestones/address.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { forgetIps } from '../referrals/signal.store.js';
import { removeRunsBefore } from '../schedules/schedule-run.store.js';
import { removeEndedLinks } from '../staff/link.store.js';
import { removeEndedSessions } from '../staff/session.store.js';
import { endInvitations } from '../subscribers/participation.store.js';
import { removeDeliveriesBefore } from '../webhooks/delivery.store.js';
import { LEDGER_CHECK } from './check-ledger.js';

const DAY_MS = 86_400_000;
/** How long the verdicts of an import can be read: its rows hold addresses. */
const IMPORT_ROWS_DAYS = 30;
/** How long one is kept of which nobody has said that it was posted. */
const FORGOTTEN_PARCEL_DAYS = 180;
/** Far longer than a clock is ever put back. */
const RUN_DAYS = 90;
/** How long a webhook can be replayed: its body holds addresses. */
const DELIVERY_DAYS = 30;
/** How long a link that has ended is kept: it names an address. */
const STAFF_LINK_DAYS = 30;

/** Removes what was kept for a time only, such as invitations, sessions, answers to Idempotency-Keys and IP and postal addresses, which are personal data. */
@Injectable()
export class CleanUp {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
    await removeKeysBefore(this.database.reader, daysAgo(1));
    await removePastLimits(this.database.reader, now);
    await removeDeliveriesBefore(this.database.reader, daysAgo(DELIVERY_DAYS));
    await removeAddressesBefore(this.database.reader, daysAgo(SHIPPING_DAYS), daysAgo(FORGOTTEN_PARCEL_DAYS));
    await removeRunsBefore(this.database.reader, LEDGER_CHECK, daysAgo(RUN_DAYS));
    await endInvitations(this.database.reader, daysAgo(INVITATION_DAYS), now);
    await forgetIps(this.database.reader, now);
    await removeEndedSessions(this.database.reader, now);
    await removeEndedLinks(this.database.reader, daysAgo(STAFF_LINK_DAYS));
    await forgetRows(this.database.reader, daysAgo(IMPORT_ROWS_DAYS));
  }
}
