import { Injectable } from '@nestjs/common';
import { SESSION_IDLE_DAYS } from '../domain/staff.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { hashKey } from '../platform/secrets.js';
import { deleteSession, insertSession } from '../staff/session.store.js';

/** The browser in which somebody signs in. */
export interface Browser {
  userAgent: string;
  /** What its cookie holds: that session ends, so that a token which somebody planted is never a signed-in one. */
  formerToken: string | null;
}

const DAY_MS = 86_400_000;
const LONGEST_BROWSER = 200;

/** Signs somebody in: a new session, whose token is known to the browser alone. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly clock: Clock,
    private readonly random: RandomBytes,
  ) {}

  /** Answers the token for the cookie. */
  async within(tx: Tx, accountId: string, browser: Browser): Promise<string> {
    const now = this.clock.now();
    if (browser.formerToken !== null) await deleteSession(tx, hashKey(browser.formerToken));
    const token = this.random.take(32).toString('base64url');
    await insertSession(tx, {
      tokenHash: hashKey(token),
      accountId,
      browser: browser.userAgent.slice(0, LONGEST_BROWSER),
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + SESSION_IDLE_DAYS * DAY_MS),
    });
    return token;
  }
}
