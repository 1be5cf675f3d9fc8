import type { ConfirmTrace, OwnSignup } from './traces.js';

/** Sooner than this after the mail server took the mail, hardly anybody has opened it. */
const SECONDS_AFTER_SEND_MS = 10_000;
/** Nobody reads a form and types an address in less. */
const FILL_MS = 1_000;

export interface MachineSigns {
  found: readonly string[];
  /** Two of the confirmation: then the referral is held at every level. */
  holds: boolean;
}

/**
 * Signs that no person was at work. Two of a confirmation hold the referral, for then nobody may have agreed to anything. Otherwise they are
 * a sign of weight 1, but for what people do as well: confirming with another device than they signed up with, or at once.
 *
 * That other clients opened the confirm page is never one: mail scanners do that to everybody. Where the signup itself came by a
 * script it was passed on by the site's server, so that everybody's confirmation would be unlike it.
 */
export function machineSigns(signup: OwnSignup | null, confirmation: ConfirmTrace | null): MachineSigns {
  const isFast = signup !== null && signup.fillMs !== null && signup.fillMs < FILL_MS;
  const ofSignup = [
    ...(signup?.isScript === true ? ['signed up by a script'] : []),
    ...(isFast ? ['filled the form in within a second'] : []),
  ];
  const ofConfirmation = confirmation === null ? [] : signsOf(confirmation, signup);
  const holds = ofConfirmation.length >= 2;
  const isAlone = confirmation?.isScript === true;
  return { found: holds || isAlone ? [...ofConfirmation, ...ofSignup] : ofSignup, holds };
}

function signsOf(confirmation: ConfirmTrace, signup: OwnSignup | null): string[] {
  const { isScript, isDriven, afterSendMs } = confirmation;
  const isElsewhere = isUnlike(signup, confirmation);
  const signs = [
    ...(isScript || (isDriven && isElsewhere) ? ['confirmed by a script'] : []),
    ...(isElsewhere ? ['confirmed by another client or network'] : []),
  ];
  const isSoon = signs.length > 0 && afterSendMs !== null && afterSendMs < SECONDS_AFTER_SEND_MS;
  return isSoon ? [...signs, 'confirmed within seconds of the mail'] : signs;
}

/**
 * From another line; by another client only where a line is unknown, or it is a script. Two browsers on one line are the mail app of the
 * telephone that signed up, or the desk beside it: no scanner stands there.
 */
function isUnlike(signup: OwnSignup | null, confirmation: ConfirmTrace): boolean {
  if (signup === null || signup.isScript) return false;
  const isKnown = (key: 'network' | 'agent'): boolean => signup[key] !== null && confirmation[key] !== null;
  const differs = (key: 'network' | 'agent'): boolean => isKnown(key) && signup[key] !== confirmation[key];
  return differs('network') || (differs('agent') && (confirmation.isScript || !isKnown('network')));
}
