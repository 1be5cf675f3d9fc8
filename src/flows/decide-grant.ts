import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import { grantMayBecome, type GrantStatus } from '../domain/grants.js';
import type { StaffActor } from '../domain/permissions.js';
import { lockGrant, updateGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';
import { Audit } from './audit.js';
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
    private readonly audit: Audit,
    private readonly revokeGrant: RevokeGrant,
  ) {}

  approve(publicationId: string, id: string, by: StaffActor): Promise<void> {
    return this.decide(publicationId, id, 'due', { act: 'grant.approve', by }, async (tx, grant, now) => {
      if (grant.status !== 'awaiting_approval') throw wrongStatus(grant, 'due');
      await this.owe.within(tx, grant, now);
    });
  }

  fulfil(publicationId: string, id: string, by: StaffActor): Promise<void> {
    return this.decide(publicationId, id, 'fulfilled', { act: 'grant.fulfil', by }, async (tx, grant, now) => {
      await updateGrant(tx, publicationId, grant.id, { status: 'fulfilled' });
      await this.announce.grant(tx, publicationId, 'grant.fulfilled', grant.id, now);
    });
  }

  revoke(publicationId: string, id: string, reason: string | null, by: StaffActor): Promise<void> {
    const decision = { act: 'grant.revoke', by, note: reason };
    return this.decide(publicationId, id, 'revoked', decision, async (tx, grant, now) => {
      await this.revokeGrant.within(tx, grant, reason, now);
    });
  }

  /** Throws `request/not-found` and `grant/wrong-status`. */
  private decide(
    publicationId: string,
    id: string,
    to: GrantStatus,
    { by, ...decision }: { by: StaffActor; act: string; note?: string | null },
    act: (tx: Tx, grant: Grant, now: Date) => Promise<void>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      const grant = await lockGrant(tx, publicationId, id);
      if (grant === null) throw new DomainError('request/not-found', 'There is no such grant');
      if (!grantMayBecome(grant.status, to)) throw wrongStatus(grant, to);
      const now = this.clock.now();
      await act(tx, grant, now);
      const audited = { ...decision, subject: { kind: 'grant', id }, people: [grant.subscriberId] };
      await this.audit.within(tx, publicationId, by, { ...audited, data: { from: grant.status } }, now);
    });
  }
}

function wrongStatus(grant: Grant, to: GrantStatus): DomainError {
  return new DomainError('grant/wrong-status', `The grant is ${grant.status} and cannot become ${to}`);
}
