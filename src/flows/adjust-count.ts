import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { findProgram, getProgram, lockLadder } from '../publications/program.store.js';
import { insertAdjustment, lockCount, setCount } from '../referrals/adjustment.store.js';
import type { ReferralAdjustment } from '../referrals/referral.entities.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { holdSubscriber } from '../subscribers/subscriber.store.js';
import { Audit } from './audit.js';
import { Award } from './award.js';
import { TakeBack } from './take-back.js';

interface Adjusting {
  program: string;
  /** Not 0. */
  delta: number;
  reason: string;
}

/** A person corrects a reader's count: a fact beside the referrals, which crosses milestones up and down as they do. */
@Injectable()
export class AdjustCount {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly award: Award,
    private readonly takeBack: TakeBack,
    private readonly audit: Audit,
  ) {}

  /**
   * Answers the fact and the count of the season as it is then. Throws `request/not-found`, `request/invalid`, `subscriber/erased`
   * and `adjustment/below-zero`.
   */
  run(
    publicationId: string,
    subscriberId: string,
    adjusting: Adjusting,
    by: StaffActor,
  ): Promise<{ adjustment: ReferralAdjustment; count: number }> {
    return this.database.transaction(async (tx) => {
      const subscriber = await holdSubscriber(tx, publicationId, subscriberId);
      if (subscriber === null) throw new DomainError('request/not-found', 'There is no such subscriber');
      if (subscriber.status === 'erased') throw new DomainError('subscriber/erased');
      return this.adjust(tx, publicationId, subscriberId, adjusting, by);
    });
  }

  private async adjust(tx: Tx, publicationId: string, subscriberId: string, adjusting: Adjusting, by: StaffActor) {
    const { delta, reason } = adjusting;
    const { program, participantId } = await this.participation(tx, publicationId, subscriberId, adjusting.program);
    const now = this.clock.now();
    const { season } = program;
    const before = await lockCount(tx, publicationId, participantId, season, now);
    const after = before + delta;
    if (after < 0) throw new DomainError('adjustment/below-zero', `The count is ${before}`);
    if (after > MOST) throw invalid('delta', `would make the count more than ${MOST}`);
    await setCount(tx, publicationId, participantId, season, after, now);
    const adjustment: ReferralAdjustment = {
      ...{ publicationId, id: this.ids.next(), participantId, season, delta, total: null },
      ...{ reason, source: 'staff', actor: by.actor, at: now },
    };
    await insertAdjustment(tx, adjustment);
    const subject = { kind: 'subscriber', id: subscriberId };
    const audited = { act: 'subscriber.adjust', subject, people: [subscriberId], note: reason, data: { delta } };
    await this.audit.within(tx, publicationId, by, audited, now);
    const move = { participantId, stage: 'verified', season, before, after, reachedAt: now, referral: null };
    await (delta > 0 ? this.award : this.takeBack).within(tx, program, move, now);
    return { adjustment, count: after };
  }

  /** Read once the ladder is held, since a season may have begun while this waited for it. */
  private async participation(tx: Tx, publicationId: string, subscriberId: string, slug: string) {
    const known = await findProgram(tx, publicationId, slug);
    if (known === null) throw invalid('program', 'there is no such program');
    await lockLadder(tx, publicationId, known.id, 'shared');
    const program = await getProgram(tx, publicationId, known.id);
    const participant = (await participantsOf(tx, publicationId, [subscriberId])).find(
      ({ programId }) => programId === known.id,
    );
    if (participant === undefined) throw invalid('program', 'the reader takes no part in it');
    return { program, participantId: participant.id };
  }
}

/** Far above any count, and far below what the column holds. */
const MOST = 100_000_000;
