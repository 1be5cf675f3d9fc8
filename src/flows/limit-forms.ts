import { Inject, Injectable } from '@nestjs/common';
import { DomainError, TooManyRequests } from '../domain/errors.js';
import { HAND_IN_LIMIT } from '../domain/hand-in.js';
import { networkOf } from '../domain/network.js';
import { countForm } from '../limits/limit.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';
import { Tokens } from '../platform/tokens.js';

/**
 * The door before every public form that can cause a mail. It counts networks and nothing else: how often one address gets
 * mail is limited by itself where the mail is promised, and answered like any other, so that it tells nothing of the address.
 */
@Injectable()
export class LimitForms {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Throws TooManyRequests, and `service/unavailable` when it cannot count: without a limit no form sends mail. */
  pass(ip: string): Promise<void> {
    return this.count(`network\n${networkOf(ip)}`);
  }

  /** As pass, for contacts that one participant hands in, known ones too. */
  passHandIn(participantId: string): Promise<void> {
    return this.count(`hand-in\n${participantId}`, HAND_IN_LIMIT);
  }

  private async count(what: string, limit?: typeof HAND_IN_LIMIT): Promise<void> {
    const now = this.clock.now();
    let again: Date | null;
    try {
      again = await countForm(this.database.reader, this.tokens.hash('limit', what), now, limit);
    } catch (error) {
      this.log.error({ err: error }, 'forms that send mail are closed: their limit cannot be counted');
      throw new DomainError('service/unavailable');
    }
    if (again !== null) throw new TooManyRequests(Math.ceil((again.getTime() - now.getTime()) / 1_000));
  }
}
