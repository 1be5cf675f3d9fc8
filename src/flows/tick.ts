import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { countDueMails } from '../mail/outbox.store.js';
import { countGrantsToAsk } from '../milestones/address.store.js';
import { countDueGrants } from '../milestones/grant.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { countDueDeliveries } from '../webhooks/delivery.store.js';
import { AskToShare } from './ask-to-share.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { EnrolExisting } from './enrol-existing.js';
import { ForgetContacts } from './forget-contacts.js';
import { Fulfil } from './fulfil.js';
import { GrantPast } from './grant-past.js';
import { KeepClicks } from './keep-clicks.js';
import { RemindToConfirm } from './remind-to-confirm.js';
import { Restock } from './restock.js';
import { RunImports } from './run-imports.js';
import { RunSchedules } from './run-schedules.js';
import { SendMails } from './send-mails.js';
import { SettleReferrals } from './settle-referrals.js';
import { WarnOfStock } from './warn-of-stock.js';

const PATIENCE_MS = 30_000;

/** Everything that is due now, once and in order: what time decides, then the rewards, then the mails and webhooks that tell of them. */
@Injectable()
export class Tick {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly keepClicks: KeepClicks,
    private readonly settleReferrals: SettleReferrals,
    private readonly runImports: RunImports,
    private readonly enrolExisting: EnrolExisting,
    private readonly forgetContacts: ForgetContacts,
    private readonly remindToConfirm: RemindToConfirm,
    private readonly askToShare: AskToShare,
    private readonly grantPast: GrantPast,
    private readonly runSchedules: RunSchedules,
    private readonly restock: Restock,
    private readonly warnOfStock: WarnOfStock,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
    private readonly deliverWebhooks: DeliverWebhooks,
  ) {}

  /** Null when nothing that was due is unsent or in flight, whoever claimed it; else what did not finish within 30 s. */
  async run(): Promise<string | null> {
    const start = performance.now();
    await this.keepClicks.run();
    await this.settleReferrals.run();
    await this.runImports.run();
    await this.enrolExisting.run();
    await this.forgetContacts.run();
    await this.remindToConfirm.run();
    await this.askToShare.run();
    await this.grantPast.run();
    await this.runSchedules.run();
    await this.restock.serveWaiting();
    await this.warnOfStock.run();
    // Mails once more at the end: a webhook that is switched off is told of by mail.
    return (
      (await this.grants(start)) ??
      (await this.mails(start)) ??
      (await this.webhooks(start)) ??
      (await this.mails(start))
    );
  }

  /** Ours skips those that another process is releasing, and their mails are not there before that one commits. */
  private async grants(start: number): Promise<string | null> {
    for (;;) {
      await this.fulfil.run();
      const now = this.clock.now();
      const due =
        (await countDueGrants(this.database.reader, now)) + (await countGrantsToAsk(this.database.reader, now));
      if (due === 0) return null;
      if (performance.now() - start > PATIENCE_MS) return `${due} rewards are due and not released`;
      await sleep(50);
    }
  }

  private async mails(start: number): Promise<string | null> {
    for (;;) {
      await this.sendMails.run();
      const due = await countDueMails(this.database.reader, this.clock.now());
      if (due === 0) return null;
      if (performance.now() - start > PATIENCE_MS) {
        return `${due} mails are due and not sent: ${this.sendMails.trouble() ?? 'in flight'}`;
      }
      await sleep(50);
    }
  }

  /** What is due now. While receivers hang for 20 s, retries become due that a tick of this moment does not wait for. */
  private async webhooks(start: number): Promise<string | null> {
    const now = this.clock.now();
    for (;;) {
      const left = Math.max(PATIENCE_MS - (performance.now() - start), 0);
      await Promise.race([this.deliverWebhooks.run(), sleep(left)]);
      const due = await countDueDeliveries(this.database.reader, now);
      if (due === 0) return null;
      if (performance.now() - start > PATIENCE_MS) return `${due} webhooks are due and not delivered: in flight`;
      await sleep(50);
    }
  }
}
