import { Injectable } from '@nestjs/common';
import { lockGrantsOfUnknownWorth } from '../milestones/grant.store.js';
import type { Tx } from '../platform/database.js';
import { Owe } from './owe.js';

/**
 * More is known of a referred person, as by their first purchase: grants for them whose worth nobody could tell are owed now, if it
 * can be told. Those that a person has to approve anyway go on waiting.
 */
@Injectable()
export class OweKnown {
  constructor(private readonly owe: Owe) {}

  async within(tx: Tx, publicationId: string, referralId: string, now: Date): Promise<void> {
    for (const grant of await lockGrantsOfUnknownWorth(tx, publicationId, referralId)) {
      await this.owe.within(tx, grant, now);
    }
  }
}
