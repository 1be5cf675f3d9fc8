import { Injectable } from '@nestjs/common';
import { isSent } from '../domain/grants.js';
import { findGrant } from '../milestones/grant.store.js';
import { findReward } from '../milestones/reward.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';

/** Where the signed link to a protected reward leads. */
@Injectable()
export class OpenDownload {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
  ) {}

  /** `over` is a token that ended, or one of somebody who was erased: the hub of the reader has a new one. */
  async run(
    token: string,
  ): Promise<{ kind: 'open'; url: string } | { kind: 'over'; publicationId: string } | { kind: 'unknown' }> {
    const subject = this.tokens.read('download', token);
    if (subject === null) return { kind: 'unknown' };
    const { publicationId, id, expiresAt } = subject;
    const grant = await findGrant(this.database.reader, publicationId, id);
    const reward = grant && (await findReward(this.database.reader, publicationId, grant.rewardId));
    if (grant === null || reward?.kind !== 'link' || reward.url === null) return { kind: 'unknown' };
    const isOver = expiresAt === null || expiresAt <= this.clock.now() || grant.email === null || !isSent(grant.status);
    return isOver ? { kind: 'over', publicationId } : { kind: 'open', url: reward.url };
  }
}
