import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { countDueMails } from '../mail/outbox.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Fulfil } from './fulfil.js';
import { Restock } from './restock.js';
import { SendMails } from './send-mails.js';
import { SettleReferrals } from './settle-referrals.js';

const PATIENCE_MS = 30_000;

/** Everything that is due now, once and in order: what time decides, then the rewards, then the mails that tell of them. */
@Injectable()
export class Tick {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settleReferrals: SettleReferrals,
    private readonly restock: Restock,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
  ) {}

  /** Null when nothing that was due is unsent or in flight, whoever claimed it; else what did not finish within 30 s. */
  async run(): Promise<string | null> {
    const start = performance.now();
    await this.settleReferrals.run();
    await this.restock.serveWaiting();
    await this.fulfil.run();
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
}
