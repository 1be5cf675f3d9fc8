import { Injectable } from '@nestjs/common';
import { daysRound } from '../domain/contest.js';
import { DomainError, invalid } from '../domain/errors.js';
import type { Approval } from '../domain/grants.js';
import type { StaffActor } from '../domain/permissions.js';
import { commitmentTo } from '../domain/raffle.js';
import type { Raffle, RafflePrize } from '../contests/raffle.entities.js';
import { insertRaffle, lockRaffle, noteCancelled } from '../contests/raffle.store.js';
import { findReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { getPublication } from '../publications/publication.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';
import { checkRewards } from './check-rewards.js';

const SEED_BYTES = 32;

interface NewRaffle {
  name: string;
  /** Days, the last one included. */
  from: string;
  to: string;
  prizes: Pick<RafflePrize, 'rewardId' | 'count'>[];
  /** Null: each verified referral is an entry. */
  entryRewardId: string | null;
  approval: Exclude<Approval, 'semi_manual'>;
}

/** Announces a raffle. Its seed is made now and committed by its hash, before anybody has an entry. */
@Injectable()
export class AddRaffle {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: RandomBytes,
    private readonly audit: Audit,
  ) {}

  /** Throws `request/invalid`, also for a period that has begun. */
  run(program: Program, added: NewRaffle, by: StaffActor): Promise<Raffle> {
    return this.database.transaction((tx) => this.within(tx, program, added, by));
  }

  /** As run. */
  async within(tx: Tx, program: Program, { from, to, prizes, ...added }: NewRaffle, by: StaffActor): Promise<Raffle> {
    const { publicationId } = program;
    const now = this.clock.now();
    const { timezone } = await getPublication(tx, publicationId);
    const { startsAt, endsAt } = daysRound({ from, to }, timezone);
    if (startsAt <= now) throw invalid('from', 'must be a day that has not begun: the seed is committed before');
    await checkRewards(tx, publicationId, prizes);
    if (added.entryRewardId !== null && (await findReward(tx, publicationId, added.entryRewardId)) === null) {
      throw invalid('entryRewardId', 'there is no such reward');
    }
    const seed = this.random.take(SEED_BYTES).toString('hex');
    const raffle: Raffle = {
      ...{ publicationId, id: this.ids.next(), programId: program.id, ...added, startsAt, endsAt },
      ...{ seed, commitment: commitmentTo(seed), drawnAt: null, listHash: null, entryCount: null, createdAt: now },
      cancelledAt: null,
    };
    await insertRaffle(tx, raffle, prizes);
    const subject = { kind: 'raffle', id: raffle.id };
    const data = { commitment: raffle.commitment };
    await this.audit.within(tx, publicationId, by, { act: 'raffle.add', subject, data }, now);
    return raffle;
  }

  /**
   * It is not drawn, nobody wins, and its page says so; calling it off twice changes nothing. Throws `request/not-found`, and
   * `raffle/drawn` where there are winners: they have been told.
   */
  async cancel(publicationId: string, id: string, by: StaffActor): Promise<void> {
    await this.database.transaction(async (tx) => {
      const raffle = await lockRaffle(tx, publicationId, id);
      if (raffle === null) throw new DomainError('request/not-found', 'There is no such raffle');
      if (raffle.cancelledAt !== null) return;
      if (raffle.drawnAt !== null) throw new DomainError('raffle/drawn', `"${raffle.name}" has winners already`);
      const now = this.clock.now();
      await noteCancelled(tx, raffle, now);
      await this.audit.within(tx, publicationId, by, { act: 'raffle.cancel', subject: { kind: 'raffle', id } }, now);
    });
  }
}
