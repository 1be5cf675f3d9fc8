import { Injectable } from '@nestjs/common';
import { SIGN_IN_LIMIT } from '../domain/staff.js';
import { countForm } from '../limits/limit.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { hashPassword, isPassword } from '../platform/passwords.js';
import { Tokens } from '../platform/tokens.js';
import type { Account } from '../staff/account.entities.js';
import { updateAccount } from '../staff/account.store.js';
import { deleteOtherSessions } from '../staff/session.store.js';

/** Somebody who is signed in sets a password of their own, or another one. */
@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
  ) {}

  /**
   * `refused` where the present password is another one: a browser left open must not hand the account over. Tries count as those
   * of signing in do. All other browsers are signed out, since who changes a password may have lost one.
   */
  async run(
    account: Account,
    typed: { present: string; password: string },
    sessionHash: Buffer,
  ): Promise<'changed' | 'refused' | 'paused'> {
    const tries = this.tokens.hash('limit', `staff-address\n${account.emailKey}`);
    const pausedUntil = await countForm(this.database.reader, tries, this.clock.now(), SIGN_IN_LIMIT);
    if (pausedUntil !== null) return 'paused';
    const isTheirs = account.passwordHash === null || (await isPassword(typed.present, account.passwordHash));
    if (!isTheirs) return 'refused';
    const passwordHash = await hashPassword(typed.password);
    await this.database.transaction(async (tx) => {
      await updateAccount(tx, account.id, { passwordHash });
      await deleteOtherSessions(tx, account.id, sessionHash);
    });
    return 'changed';
  }
}
