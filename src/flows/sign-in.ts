import { Injectable } from '@nestjs/common';
import { networkOf } from '../domain/network.js';
import { SIGN_IN_LIMIT, SIGN_IN_NETWORK_LIMIT } from '../domain/staff.js';
import { countForm } from '../limits/limit.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { isPassword } from '../platform/passwords.js';
import { Tokens } from '../platform/tokens.js';
import { findAccountByEmail } from '../staff/account.store.js';
import { type Browser, OpenSession } from './open-session.js';

type SignedIn = { kind: 'in'; token: string } | { kind: 'refused' } | { kind: 'paused'; until: Date };

/** Signs somebody in with address and password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
    private readonly openSession: OpenSession,
  ) {}

  /**
   * The same answer after the same work for a wrong password, an address without one and one that nobody has. A try is counted
   * before it is looked at: of a thousand at once no more are let through than of a thousand in a row.
   */
  async run(emailKey: string, password: string, ip: string, browser: Browser): Promise<SignedIn> {
    const until = await this.pausedUntil(emailKey, ip);
    if (until !== null) return { kind: 'paused', until };
    const account = await findAccountByEmail(this.database.reader, emailKey);
    const fits = await isPassword(password, account?.passwordHash ?? null);
    if (account === null || !fits) return { kind: 'refused' };
    const token = await this.database.transaction((tx) => this.openSession.within(tx, account.id, browser));
    return { kind: 'in', token };
  }

  private async pausedUntil(emailKey: string, ip: string): Promise<Date | null> {
    const now = this.clock.now();
    const network = this.tokens.hash('limit', `staff-network\n${networkOf(ip)}`);
    const address = this.tokens.hash('limit', `staff-address\n${emailKey}`);
    return (
      (await countForm(this.database.reader, network, now, SIGN_IN_NETWORK_LIMIT)) ??
      (await countForm(this.database.reader, address, now, SIGN_IN_LIMIT))
    );
  }
}
