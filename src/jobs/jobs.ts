import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Fulfil } from '../flows/fulfil.js';
import { Restock } from '../flows/restock.js';
import { SendMails } from '../flows/send-mails.js';
import { SettleReferrals } from '../flows/settle-referrals.js';
import { MailWorker } from '../mail/mail.worker.js';
import { CONFIG, type Config } from '../platform/config.js';
import { isDatabaseAway } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';

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
    private readonly restock: Restock,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
    private readonly mailWorker: MailWorker,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval(60_000)
  onSettleReferrals(): Promise<void> {
    return this.once('settle referrals', () => this.settleReferrals.run());
  }

  @Interval(60_000)
  onRestock(): Promise<void> {
    return this.once('serve who waits for a code', () => this.restock.serveWaiting());
  }

  @Interval(1_000)
  onFulfil(): Promise<void> {
    return this.once('release what is due', async () => void (await this.fulfil.run()));
  }

  @Interval(500)
  onSendMails(): Promise<void> {
    return this.once('send mails', () => this.sendMails.run());
  }

  /** No new work; what has begun is finished. */
  async beforeApplicationShutdown(): Promise<void> {
    this.open = false;
    await this.mailWorker.stop();
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
