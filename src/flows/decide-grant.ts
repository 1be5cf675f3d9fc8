import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import { grantMayBecome, type GrantStatus } from '../domain/grants.js';
import { lockGrant, updateGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';
import { Owe } from './owe.js';
import { RevokeGrant } from './revoke-grant.js';

/** A person's decision about a grant: let it go out, say that it was handed over, or take it back before it was sent. */
@Injectable()
export class DecideGrant {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly owe: Owe,
    private readonly announce: Announce,
    private readonly revokeGrant: RevokeGrant,
  ) {}

  approve(publicationId: string, id: string): Promise<void> {
    return this.decide(publicationId, id, 'due', async (tx, grant, now) => {
      if (grant.status !== 'awaiting_approval') throw wrongStatus(grant, 'due');
      await this.owe.within(tx, grant, now);
    });
  }

  fulfil(publicationId: string, id: string): Promise<void> {
    return this.decide(publicationId, id, 'fulfilled', async (tx, grant, now) => {
      await updateGrant(tx, publicationId, grant.id, { status: 'fulfilled' });
      await this.announce.grant(tx, publicationId, 'grant.fulfilled', grant.id, now);
    });
  }

  revoke(publicationId: string, id: string, reason: string | null): Promise<void> {
    return this.decide(publicationId, id, 'revoked', async (tx, grant, now) => {
      await this.revokeGrant.within(tx, grant, reason, now);
    });
  }

  /** Throws `request/not-found` and `grant/wrong-status`. */
  private decide(
    publicationId: string,
    id: string,
    to: GrantStatus,
    act: (tx: Tx, grant: Grant, now: Date) => Promise<void>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      const grant = await lockGrant(tx, publicationId, id);
      if (grant === null) throw new DomainError('request/not-found', 'There is no such grant');
      if (!grantMayBecome(grant.status, to)) throw wrongStatus(grant, to);
      await act(tx, grant, this.clock.now());
    });
  }
}

function wrongStatus(grant: Grant, to: GrantStatus): DomainError {
  return new DomainError('grant/wrong-status', `The grant is ${grant.status} and cannot become ${to}`);
}
