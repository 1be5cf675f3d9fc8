import type { ConfirmTrace, OwnSignup } from './traces.js';

/** Sooner than this after the mail server took the mail, hardly anybody has opened it. */
const SECONDS_AFTER_SEND_MS = 10_000;
/** Nobody reads a form and types an address in less. */
const FILL_MS = 1_000;

export interface MachineSigns {
  found: readonly string[];
  /** Two of them: then the referral is held at every level. */
  holds: boolean;
}

/**
 * Signs that no person was at work. Two hold a referral. One alone is a sign of weight 1, but for those that people give too: that they
 * confirm with another device than they signed up with, or at once.
 *
 * That other clients opened the confirm page is never one: mail scanners do that to everybody. Where the signup itself came by a
 * script it was passed on by the site's server, so that everybody's confirmation would be unlike it.
 */
export function machineSigns(signup: OwnSignup | null, confirmation: ConfirmTrace | null): MachineSigns {
  const alone = [
    ...(confirmation?.isScript === true ? ['confirmed by a script'] : []),
    ...(signup?.isScript === true ? ['signed up by a script'] : []),
    ...(signup !== null && signup.fillMs !== null && signup.fillMs < FILL_MS ? ['filled the form in within a second'] : []),
  ]; // prettier-ignore
  const beside = isUnlike(signup, confirmation) ? ['confirmed by another client or network'] : [];
  const sure = [...alone, ...beside];
  const afterSend = confirmation?.afterSendMs ?? null;
  const isSoon = sure.length > 0 && afterSend !== null && afterSend < SECONDS_AFTER_SEND_MS;
  const found = isSoon ? [...sure, 'confirmed within seconds of the mail'] : sure;
  if (found.length >= 2) return { found, holds: true };
  return { found: alone, holds: false };
}

function isUnlike(signup: OwnSignup | null, confirmation: ConfirmTrace | null): boolean {
  if (signup === null || confirmation === null || signup.isScript) return false;
  const differs = (key: 'network' | 'agent'): boolean =>
    signup[key] !== null && confirmation[key] !== null && signup[key] !== confirmation[key];
  return differs('network') || differs('agent');
}
