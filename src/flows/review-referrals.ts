import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import type { HeldFor, ReferralState } from '../domain/referral.js';
import { FRAUD_FOUND, REJECTED_BY_REVIEWER, type ReviewDecision, reviewStep, withReason } from '../domain/review.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import { decideAppeal } from '../referrals/appeal.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { lockReferral } from '../referrals/referral.store.js';
import { holdReferral, type ReferralRow } from '../referrals/shown-referral.store.js';
import { Audit } from './audit.js';
import { ChangeReferral } from './change-referral.js';
import { ReverseReferral } from './reverse-referral.js';
import { SettleHeld } from './settle-held.js';
import { TellSharer } from './tell-sharer.js';
import { VerifyReferral } from './verify-referral.js';

interface Review {
  ids: readonly string[];
  decision: ReviewDecision;
  note: string | null;
}

/** What became of one id, and how the referral stands now; `state` is null of one that the publication does not have. */
interface ReviewOutcome {
  id: string;
  result: 'approved' | 'rejected' | 'unchanged' | 'wrong_state' | 'not_found';
  state: ReferralState | null;
  heldFor: HeldFor | null;
  /** Why nothing was done. */
  detail: string | null;
}

/**
 * A person decides about many referrals at once. Each in a transaction of its own, in the order of their ids: one that cannot be
 * decided keeps nobody else's, no lock is held longer than one takes, and who asks again after a crash finds the rest undone.
 */
@Injectable()
export class ReviewReferrals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly settleHeld: SettleHeld,
    private readonly verifyReferral: VerifyReferral,
    private readonly reverseReferral: ReverseReferral,
    private readonly changeReferral: ChangeReferral,
    private readonly tellSharer: TellSharer,
    private readonly audit: Audit,
  ) {}

  /** An outcome for each different id, in the order in which they were named. */
  async run(publicationId: string, { ids, decision, note }: Review, by: StaffActor): Promise<ReviewOutcome[]> {
    const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
    const batch = this.ids.next();
    const outcomes = new Map<string, ReviewOutcome>();
    for (const id of wanted.toSorted()) {
      const outcome = await this.database.transaction((tx) =>
        this.decide(tx, publicationId, id, { decision, note, batch }, by),
      );
      outcomes.set(id, outcome);
    }
    return wanted.map((id) => outcomes.get(id)!);
  }

  private async decide(
    tx: Tx,
    publicationId: string,
    id: string,
    { decision, note, batch }: { decision: ReviewDecision; note: string | null; batch: string },
    by: StaffActor,
  ): Promise<ReviewOutcome> {
    const referral = await lockReferral(tx, publicationId, id);
    // Holds both people: the note is committed before an erasure of one of them, which then empties it.
    const row = referral && (await holdReferral(tx, publicationId, id));
    if (referral === null || row === null) {
      return { id, result: 'not_found', state: null, heldFor: null, detail: 'There is no such referral.' };
    }
    const { state, heldFor } = referral;
    const step = reviewStep(decision, { state, heldFor, isFriendConfirmed: row.referredConfirmedAt !== null });
    if (step.do === 'nothing') return { id, result: step.because, state, heldFor, detail: step.detail };
    const now = this.clock.now();
    await this.act(tx, step.do, referral, by.actor, now);
    const appeal = await decideAppeal(tx, publicationId, id, decision, now);
    const decided = (await lockReferral(tx, publicationId, id))!;
    const data = { from: standing(referral), to: standing(decided), appeal };
    await this.audit.within(
      tx,
      publicationId,
      by,
      { ...about(row), act: `referral.${decision}`, batch, note, data },
      now,
    );
    const result = decision === 'approve' ? 'approved' : 'rejected';
    return { id, result, state: decided.state, heldFor: decided.heldFor, detail: null };
  }

  private async act(
    tx: Tx,
    step: 'end_review' | 'verify' | 'reject' | 'reverse',
    referral: Referral,
    actor: string,
    now: Date,
  ): Promise<void> {
    switch (step) {
      case 'end_review':
        await this.settleHeld.next(tx, referral, now, actor);
        return;
      case 'verify': {
        const program = await getProgram(tx, referral.publicationId, referral.programId);
        return this.verifyReferral.within(tx, referral, program, actor, now);
      }
      case 'reject': {
        const reasons = withReason(referral.reasons, REJECTED_BY_REVIEWER);
        await this.changeReferral.within(tx, referral, { state: 'rejected', reasons }, actor, now);
        return this.tellSharer.refused(tx, referral, now);
      }
      case 'reverse':
        return this.reverseReferral.within(tx, referral, [FRAUD_FOUND], actor, now);
    }
  }
}

function standing({ state, heldFor }: Referral): { state: ReferralState; heldFor: HeldFor | null } {
  return { state, heldFor };
}

function about({ id, referrerSubscriberId, referredId }: ReferralRow) {
  return { subject: { kind: 'referral', id }, people: [referrerSubscriberId, referredId] };
}
