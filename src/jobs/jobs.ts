import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CleanUp } from '../flows/clean-up.js';
import { DeliverWebhooks } from '../flows/deliver-webhooks.js';
import { EnrolExisting } from '../flows/enrol-existing.js';
import { AskToShare } from '../flows/ask-to-share.js';
import { ForgetContacts } from '../flows/forget-contacts.js';
import { Fulfil } from '../flows/fulfil.js';
import { GrantPast } from '../flows/grant-past.js';
import { RemindToConfirm } from '../flows/remind-to-confirm.js';
import { Restock } from '../flows/restock.js';
import { KeepClicks } from '../flows/keep-clicks.js';
import { RunImports } from '../flows/run-imports.js';
import { RunSchedules } from '../flows/run-schedules.js';
import { SendMails } from '../flows/send-mails.js';
import { SettleReferrals } from '../flows/settle-referrals.js';
import { WarnOfStock } from '../flows/warn-of-stock.js';
import { MailWorker } from '../mail/mail.worker.js';
import { CONFIG, type Config } from '../platform/config.js';
import { isDatabaseAway } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';
import { WebhookWorker } from '../webhooks/webhook.worker.js';

/**
 * Every job of the system. Any process may run a job, and several at once: rows that are locked or claimed are skipped, and
 * a second run finds nothing to do. So the ticks need no agreement between processes.
 */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Promise<void>>();
  private open = true;

  constructor(
    private readonly settleReferrals: SettleReferrals,
    private readonly enrolExisting: EnrolExisting,
    private readonly restock: Restock,
    private readonly grantPast: GrantPast,
    private readonly runSchedules: RunSchedules,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
    private readonly runImports: RunImports,
    private readonly cleanUp: CleanUp,
    private readonly forgetContacts: ForgetContacts,
    private readonly remindToConfirm: RemindToConfirm,
    private readonly askToShare: AskToShare,
    private readonly warnOfStock: WarnOfStock,
    private readonly keepClicks: KeepClicks,
    private readonly mailWorker: MailWorker,
    private readonly deliverWebhooks: DeliverWebhooks,
    private readonly webhookWorker: WebhookWorker,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval(60_000)
  onSettleReferrals(): Promise<void> {
    return this.once('settle referrals', () => this.settleReferrals.run());
  }

  @Interval(5_000)
  onEnrolExisting(): Promise<void> {
    return this.once('take readers into programs', () => this.enrolExisting.run());
  }

  @Interval(60_000)
  onRestock(): Promise<void> {
    return this.once('serve who waits for a code', () => this.restock.serveWaiting());
  }

  @Interval(1_000)
  onGrantPast(): Promise<void> {
    return this.once('grant milestones to those who were past them', () => this.grantPast.run());
  }

  @Interval(30_000)
  onRunSchedules(): Promise<void> {
    return this.once('do what is due at set times', () => this.runSchedules.run());
  }

  @Interval(1_000)
  onFulfil(): Promise<void> {
    return this.once('release what is due', async () => void (await this.fulfil.run()));
  }

  @Interval(500)
  onSendMails(): Promise<void> {
    return this.once('send mails', () => this.sendMails.run());
  }

  @Interval(500)
  onDeliverWebhooks(): Promise<void> {
    return this.once('deliver webhooks', () => this.deliverWebhooks.run());
  }

  @Interval(1_000)
  onRunImports(): Promise<void> {
    return this.once('take in imported readers', () => this.runImports.run());
  }

  @Interval(300_000)
  onForgetContacts(): Promise<void> {
    return this.once('delete contacts that did not agree', () => this.forgetContacts.run());
  }

  @Interval(300_000)
  onRemindToConfirm(): Promise<void> {
    return this.once('remind of confirm mails', () => this.remindToConfirm.run());
  }

  @Interval(600_000)
  onAskToShare(): Promise<void> {
    return this.once('ask to share', () => this.askToShare.run());
  }

  @Interval(300_000)
  onWarnOfStock(): Promise<void> {
    return this.once('warn of pools that run empty', () => this.warnOfStock.run());
  }

  @Interval(300_000)
  onCleanUp(): Promise<void> {
    return this.once('remove what was kept for a day', () => this.cleanUp.run());
  }

  @Interval(300_000)
  onKeepClicks(): Promise<void> {
    return this.once('make room for the clicks of coming months', () => this.keepClicks.run());
  }

  /** No new work; what has begun is finished. */
  async beforeApplicationShutdown(): Promise<void> {
    this.open = false;
    this.runImports.stop();
    await Promise.all([this.mailWorker.stop(), this.webhookWorker.stop()]);
    await Promise.all(this.running.values());
  }

  /** A tick that comes while the last one is at work is left out. A failed job is tried again by its next tick. */
  private async once(name: string, work: () => Promise<void>): Promise<void> {
    if (!this.open || this.config.role === 'web' || this.running.has(name)) return;
    const run = work()
      .catch((error: unknown) => {
        if (isDatabaseAway(error)) this.log.warn({ job: name }, 'the database is away; the job waits');
        else this.log.error({ job: name, err: error }, 'a job failed');
      })
      .finally(() => this.running.delete(name));
    this.running.set(name, run);
    await run;
  }
}
