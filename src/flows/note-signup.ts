import { Injectable } from '@nestjs/common';
import { BLOCKED } from '../domain/fraud.js';
import type { Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { noteSignup } from '../referrals/signal.store.js';
import { wasErased } from '../subscribers/erasure.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { isPresent } from '../subscribers/subscriber.store.js';
import { ChangeReferral } from './change-referral.js';
import { type FormVisitor, Traces } from './traces.js';

/** `silent`: nothing comes of the signup, and it shows nowhere outside. */
export type Reception = 'asked to confirm' | 'at once' | 'silent';

const NOBODY: FormVisitor = { ip: null, userAgent: null };

/** Keeps what a signup leaves behind, for the checks of the referral, and says how it is received. */
@Injectable()
export class NoteSignup {
  constructor(
    private readonly tokens: Tokens,
    private readonly traces: Traces,
    private readonly changeReferral: ChangeReferral,
  ) {}

  /** `bound` is the referral that the signup made; null where it made none. Of active readers nothing is kept. */
  async within(
    tx: Tx,
    subscriber: Subscriber,
    bound: Referral | null,
    from: FormVisitor = NOBODY,
    now: Date,
  ): Promise<Reception> {
    if (subscriber.status !== 'pending' || !isPresent(subscriber)) return 'asked to confirm';
    const { publicationId, id: subscriberId } = subscriber;
    const { ip, network, agent, isScript: script } = this.traces.of(publicationId, from);
    const { domain, stem, list } = this.traces.ofAddress(publicationId, subscriber);
    const note = {
      ...{ subscriberId, at: now, referrerId: bound?.referrerId ?? null, clickId: bound?.clickId ?? null },
      ...{ ip, network, agent, script, domain, stem, fillMs: from.fillMs ?? null, browserOf: from.browserOf ?? null },
      signupKey: this.tokens.signupKey(publicationId, subscriber.emailKey),
      earlierKey: from.earlierKey ?? null,
    };
    const { listed, doubleOptIn } = await noteSignup(tx, publicationId, note, list);
    if (listed === 'block') {
      await this.refuse(tx, publicationId, subscriberId, now);
      return 'silent';
    }
    return doubleOptIn || (await this.mustBeAsked(tx, subscriber)) ? 'asked to confirm' : 'at once';
  }

  /** Whoever left, or had themselves erased, said so themselves; that somebody types their address does not undo it. */
  private async mustBeAsked(tx: Tx, { publicationId, emailKey, confirmedAt, unsubscribedAt }: Subscriber) {
    if (confirmedAt !== null || unsubscribedAt !== null) return true;
    return emailKey === null || (await wasErased(tx, publicationId, emailKey));
  }

  /** At once, for there is no confirmation to come. */
  private async refuse(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<void> {
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    if (referral?.state !== 'pending') return;
    await this.changeReferral.within(tx, referral, { state: 'rejected', reasons: [BLOCKED] }, 'reader', now);
  }
}
