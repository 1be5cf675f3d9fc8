import type { Role } from './permissions.js';

/** What somebody may be in a publication. */
export const STAFF_ROLES = ['admin', 'editor', 'marketing'] as const satisfies readonly Role[];
export type StaffRole = (typeof STAFF_ROLES)[number];

/** NIST SP 800-63B-4 asks for 15 where a password is all there is; 12 with a limit on tries is what people bear. */
export const SHORTEST_PASSWORD = 12;
/** Far beyond what anybody types: hashing takes as long for any length, reading does not. */
export const LONGEST_PASSWORD = 200;

/** How long an invitation can be accepted. */
export const INVITATION_VALID_DAYS = 7;
/** How long a mailed sign-in link works. */
export const SIGN_IN_LINK_MINUTES = 15;
/** A session that nobody uses ends. One that is used ends after 90 days all the same. */
export const SESSION_IDLE_DAYS = 14;

/**
 * Tries to sign in to one address. Who is kept out by somebody else's tries can still have a link mailed: it is not counted
 * here.
 */
export const SIGN_IN_LIMIT = { most: 10, windowMs: 15 * 60_000 };
/** Tries from one network, over all addresses; an office shares one. */
export const SIGN_IN_NETWORK_LIMIT = { most: 60, windowMs: 15 * 60_000 };

/** How often at most a session is noted as used, so that hardly any page view writes. */
export const SESSION_NOTE_MS = 5 * 60_000;
