import type { Reason } from '../../domain/fraud.js';
import { phaseOf } from '../../domain/reasons.js';
import { evidenceWords } from './evidence-words.js';
import type { ReasonView, StateView } from './review-views.js';

const LOOKS: Partial<Record<string, StateView['look']>> = {
  verified: 'good',
  held: 'warn',
  rejected: 'bad',
  reversed: 'bad',
  expired: 'back',
};

export function stateView(state: string, heldFor: string | null): StateView {
  return { state, heldFor, look: LOOKS[state] ?? '' };
}

export function reasonViews(reasons: readonly Reason[]): ReasonView[] {
  return reasons.map(({ code, weight, evidence }) => ({
    code,
    words: phaseOf(code) === null ? null : `reason.${code}`,
    weight,
    evidence: evidenceWords(evidence),
  }));
}
