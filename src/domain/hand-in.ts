import { isDisposable, isFreeMail } from './mail-providers.js';

/** How long the contact of a colleague is kept without their press. */
export const HAND_IN_DAYS = 14;

/** How many contacts a participant may hand in within a day, counted whatever becomes of them: else the limit would tell who is known. */
export const HAND_IN_LIMIT = { most: 20, windowMs: 86_400_000 };

/** Nobody is asked again within a year, whoever hands them in, and who declined never. */
export const ASK_AGAIN_DAYS = 365;

/** Version of the statement beside the box: raise it when the sentence on the page changes its meaning. */
export const HAND_IN_TEXT = 'hand-in-2026-11';

/** Whether an address can be a business contact: not one of a provider that everybody can have one of. */
export function isBusinessAddress(emailKey: string): boolean {
  const domain = emailKey.slice(emailKey.lastIndexOf('@') + 1);
  return !isFreeMail(domain) && !isDisposable(domain);
}
