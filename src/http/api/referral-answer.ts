import type { Role } from '../../domain/permissions.js';
import { explain } from '../../domain/reasons.js';
import type { HistoryEntry, ReferralRow } from '../../referrals/shown-referral.store.js';
import type { ReferralStageAt } from '../../referrals/stage.store.js';

/** A referral as a key of a role may see it; `stages` are those of any referrals. */
export function referralAnswer(referral: ReferralRow, stages: readonly ReferralStageAt[], role: Role): object {
  if (role === 'site') return { id: referral.id, state: referral.state };
  return {
    id: referral.id,
    program: referral.programSlug,
    referrer: { id: referral.referrerSubscriberId, email: referral.referrerEmail, shareCode: referral.referrerCode },
    referred: { id: referral.referredId, email: referral.referredEmail, status: referral.referredStatus },
    state: referral.state,
    heldFor: referral.heldFor,
    reasons: explain(referral.reasons),
    appeal: appealAnswer(referral),
    click: referral.clickId && { id: referral.clickId, at: referral.clickedAt },
    content: referral.contentSlug,
    channel: referral.channel,
    stages: stages.filter(({ referralId }) => referralId === referral.id).map(({ stage, at }) => ({ stage, at })),
    createdAt: referral.createdAt,
    verifiedAt: referral.verifiedAt,
  };
}

function appealAnswer({ appealedAt, appealWords, appealDecidedAt, appealDecision }: ReferralRow): object | null {
  if (appealedAt === null) return null;
  return { at: appealedAt, words: appealWords, decidedAt: appealDecidedAt, decision: appealDecision };
}

export function historyAnswer(history: readonly HistoryEntry[]): object[] {
  return history.map(({ at, fromState, toState, heldFor, reasons, actor }) => {
    return { at, from: fromState, to: toState, heldFor, reasons: explain(reasons), actor };
  });
}
