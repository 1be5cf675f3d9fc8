import { Injectable } from '@nestjs/common';
import { monthOf } from '../domain/caps.js';
import { type Approval, needsApproval } from '../domain/grants.js';
import { releaseAt } from '../domain/release.js';
import { insertPrize } from '../milestones/prize.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { deliveryOf } from '../publications/delivery.js';
import type { Program } from '../publications/publication.entities.js';
import { getPublication } from '../publications/publication.store.js';
import { Owe } from './owe.js';

/** What somebody has won in a contest or a raffle, one of the two. */
interface Prize extends Pick<Grant, 'contestId' | 'raffleId' | 'occurrence' | 'subscriberId' | 'rewardId' | 'count'> {
  approval: Approval;
  wonAt: Date;
}

/** Grants a prize. It goes out as the rewards of its program do: at once or at the program's times. */
@Injectable()
export class GivePrize {
  constructor(
    private readonly ids: Ids,
    private readonly owe: Owe,
  ) {}

  /** The caller knows that nobody has it, and holds who won. */
  async within(tx: Tx, program: Program, { approval, wonAt, ...won }: Prize, now: Date): Promise<Grant> {
    const { publicationId, season } = program;
    const { timezone } = await getPublication(tx, publicationId);
    const status = needsApproval(approval, false) ? 'awaiting_approval' : 'due';
    const grant = await insertPrize(tx, publicationId, {
      ...won,
      ...{ id: this.ids.next(), status, season, createdAt: now },
      ...{ reachedAt: wonAt, reachedMonth: monthOf(wonAt, timezone) },
      dueAt: releaseAt(now, 0, deliveryOf(program)),
    });
    if (grant === null) throw new Error('a prize was given before, or to nobody');
    if (status === 'due') await this.owe.within(tx, grant, now);
    return grant;
  }
}
