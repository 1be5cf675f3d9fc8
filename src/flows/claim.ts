import { Injectable } from '@nestjs/common';
import { readShippingAddress, type ShippingField, type ShippingProblem } from '../domain/shipping-address.js';
import { insertAddress } from '../milestones/address.store.js';
import { findGrant, type GrantRow, holdGrant, lockGrant, updateGrant } from '../milestones/grant.store.js';
import type { Reward } from '../milestones/reward.entities.js';
import { findReward } from '../milestones/reward.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';

/** `open` waits for an address, `given` has one; `over` is a token that ended, or of a grant that was taken back. */
export type ClaimLook =
  | { kind: 'open' | 'given'; grant: GrantRow; reward: Reward }
  | { kind: 'over'; publicationId: string }
  | { kind: 'unknown' };

type Problems = Partial<Record<ShippingField, ShippingProblem>>;

/** The page on which a reader says where a reward shall be sent. Looking changes nothing; who has the token from the mail or the hub may answer, once. */
@Injectable()
export class Claim {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
  ) {}

  /** Whether there is something to be sent. */
  async look(token: string): Promise<ClaimLook> {
    const subject = this.tokens.read('claim', token);
    if (subject === null) return { kind: 'unknown' };
    const tx = this.database.reader;
    return this.standing(tx, subject, await findGrant(tx, subject.publicationId, subject.id));
  }

  /** Keeps the address, and the grant goes out next. The problems of the form, where it has any. */
  give(
    token: string,
    typed: Partial<Record<ShippingField, string | undefined>>,
  ): Promise<ClaimLook | { kind: 'wrong'; grant: GrantRow; reward: Reward; problems: Problems }> {
    const subject = this.tokens.read('claim', token);
    if (subject === null) return Promise.resolve({ kind: 'unknown' });
    return this.database.transaction(async (tx) => {
      // The person first, as an erasure does; it then finds the address, or there is nobody left to give one.
      await holdGrant(tx, subject.publicationId, subject.id);
      await lockGrant(tx, subject.publicationId, subject.id);
      const look = await this.standing(tx, subject, await findGrant(tx, subject.publicationId, subject.id));
      if (look.kind !== 'open') return look;
      const { grant, reward } = look;
      const read = readShippingAddress(typed, reward.terms.variants ?? null);
      if (!read.ok) return { kind: 'wrong', grant, reward, problems: read.problems };
      const { publicationId, id: grantId } = grant;
      await insertAddress(tx, { publicationId, grantId, ...read.address, givenAt: this.clock.now() });
      await updateGrant(tx, publicationId, grantId, { status: 'due' });
      return { kind: 'given', grant, reward };
    });
  }

  private async standing(
    tx: Tx,
    { publicationId, expiresAt }: { publicationId: string; expiresAt: Date | null },
    grant: GrantRow | null,
  ): Promise<ClaimLook> {
    const reward = grant && (await findReward(tx, publicationId, grant.rewardId));
    if (grant === null || reward?.kind !== 'physical') return { kind: 'unknown' };
    if (grant.email === null) return { kind: 'over', publicationId };
    if (grant.status === 'due' || grant.status === 'sent' || grant.status === 'fulfilled') {
      return { kind: 'given', grant, reward };
    }
    const isOver = expiresAt !== null && expiresAt <= this.clock.now();
    return grant.status === 'awaiting_claim' && !isOver
      ? { kind: 'open', grant, reward }
      : { kind: 'over', publicationId };
  }
}
