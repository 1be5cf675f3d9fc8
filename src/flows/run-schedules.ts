import { Injectable } from '@nestjs/common';
import { CLOSES_AFTER_MS } from '../domain/contest.js';
import { contestsToClose } from '../contests/contest.store.js';
import { rafflesToDraw } from '../contests/raffle.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { CheckLedger } from './check-ledger.js';
import { CloseContest } from './close-contest.js';
import { DrawRaffle } from './draw-raffle.js';
import { RemindReviewers } from './remind-reviewers.js';

/** Everything that happens at a set time and once: rounds of contests end, raffles are drawn, ledgers are looked through at night, reviewers reminded in the morning. */
@Injectable()
export class RunSchedules {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly closeContest: CloseContest,
    private readonly drawRaffle: DrawRaffle,
    private readonly checkLedger: CheckLedger,
    private readonly remindReviewers: RemindReviewers,
  ) {}

  /** One that fails holds up no other; what failed is thrown at the end, and tried again by the next run. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const over = new Date(now.getTime() - CLOSES_AFTER_MS);
    const works = [
      ...(await contestsToClose(this.database.reader, over)).map((one) => () => this.closeContest.run(one, now)),
      ...(await rafflesToDraw(this.database.reader, over)).map((one) => () => this.drawRaffle.run(one, now)),
      () => this.checkLedger.run(now),
      () => this.remindReviewers.run(now),
    ];
    const failures: unknown[] = [];
    for (const work of works) await work().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) {
      throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'schedules failed');
    }
  }
}
