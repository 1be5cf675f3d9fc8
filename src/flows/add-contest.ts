import { Injectable } from '@nestjs/common';
import { daysRound, monthRound } from '../domain/contest.js';
import { DomainError, invalid } from '../domain/errors.js';
import type { Approval } from '../domain/grants.js';
import type { StaffActor } from '../domain/permissions.js';
import { stagesInOrder } from '../domain/stages.js';
import type { Contest, ContestPrize } from '../contests/contest.entities.js';
import { endContest, insertContest, lockContest } from '../contests/contest.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getPublication } from '../publications/publication.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';
import { checkRewards } from './check-rewards.js';

interface NewContest {
  name: string;
  /** Every month, or some days, the last one included. */
  period: 'month' | { from: string; to: string };
  stage: string;
  approval: Exclude<Approval, 'semi_manual'>;
  prizes: Pick<ContestPrize, 'rank' | 'rewardId'>[];
}

/** Begins a contest, and ends one that nobody shall win. */
@Injectable()
export class AddContest {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  /** The present month is the first round, with all that it has brought. Throws `request/invalid`. */
  run(program: Program, added: NewContest, by: StaffActor): Promise<Contest> {
    return this.database.transaction((tx) => this.within(tx, program, added, by));
  }

  /** As run. */
  async within(tx: Tx, program: Program, { period, prizes, ...added }: NewContest, by: StaffActor): Promise<Contest> {
    const { publicationId } = program;
    const now = this.clock.now();
    const { timezone } = await getPublication(tx, publicationId);
    const { key, ...times } = period === 'month' ? monthRound(now, timezone) : daysRound(period, timezone);
    if (times.endsAt <= now) throw invalid('period.to', 'must be a day that is not over');
    const stages = stagesInOrder(program.stages);
    if (!stages.includes(added.stage)) {
      throw invalid('stage', `must be a stage of this program: ${stages.join(', ')}`);
    }
    await checkRewards(tx, publicationId, prizes);
    const contest: Contest = {
      ...{ publicationId, id: this.ids.next(), programId: program.id, ...added, ...times },
      ...{ period: period === 'month' ? 'month' : 'days', round: key, endedAt: null, createdAt: now },
    };
    await insertContest(tx, contest, prizes);
    const subject = { kind: 'contest', id: contest.id };
    await this.audit.within(tx, publicationId, by, { act: 'contest.add', subject }, now);
    return contest;
  }

  /** The running round has no winners; those that were closed stay. Ending it twice changes nothing. Throws `request/not-found`. */
  async end(publicationId: string, id: string, by: StaffActor): Promise<void> {
    await this.database.transaction(async (tx) => {
      const contest = await lockContest(tx, publicationId, id);
      if (contest === null) throw new DomainError('request/not-found', 'There is no such contest');
      if (contest.endedAt !== null) return;
      const now = this.clock.now();
      await endContest(tx, publicationId, id, now);
      await this.audit.within(tx, publicationId, by, { act: 'contest.end', subject: { kind: 'contest', id } }, now);
    });
  }
}
