import { Injectable } from '@nestjs/common';
import type { NewApiKey } from '../../flows/create-api-key.js';
import { Fulfil } from '../../flows/fulfil.js';
import { SendMails } from '../../flows/send-mails.js';
import { SettleReferrals } from '../../flows/settle-referrals.js';
import { suppressWaiting } from '../../mail/outbox.store.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Acts } from './acts.js';
import { LADDER, PUBLICATION } from './cast.js';
import { SetUp } from './set-up.js';
import { endOfStory, momentOf } from './story-clock.js';
import { minuteOf, OPENING, steps } from './story.js';

/** Acts after which the jobs of the service would have something to do. */
const TO_BE_FOLLOWED: ReadonlySet<string> = new Set(['join', 'confirm', 'leave']);

/** Lets the story happen, step by step and each at its moment. */
@Injectable()
export class Teller {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly setUp: SetUp,
    private readonly acts: Acts,
    private readonly settleReferrals: SettleReferrals,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
  ) {}

  /** Answers the key that the publication was made with. */
  async tell(now: Date): Promise<NewApiKey> {
    const end = endOfStory(now);
    this.clock.set(momentOf(end, minuteOf(OPENING)));
    const { publication, apiKey } = await this.setUp.run(PUBLICATION, LADDER);
    for (const step of steps()) {
      this.clock.set(momentOf(end, step.minute));
      await this.acts.act(publication, step);
      if (TO_BE_FOLLOWED.has(step.act)) await this.doWhatIsDue();
    }
    this.clock.set(end);
    await this.doWhatIsDue();
    // Without a mailbox of its own the service would send them all as soon as it has a mail server.
    await suppressWaiting(this.database.reader, publication.id, 'of the demo');
    return apiKey;
  }

  /** What the jobs of the service do. */
  private async doWhatIsDue(): Promise<void> {
    await this.settleReferrals.run();
    await this.fulfil.run();
    await this.sendMails.run();
  }
}
