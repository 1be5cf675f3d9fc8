import { Injectable } from '@nestjs/common';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { takeFirstLink } from '../staff/link.store.js';

/** How the first person gets in. */
@Injectable()
export class FirstAccount {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
  ) {}

  /** The link that makes the first account, the same at every start until it is used; null once somebody is here. */
  async url(): Promise<string | null> {
    const id = await this.database.transaction((tx) => takeFirstLink(tx, this.ids.next(), this.clock.now()));
    return id === null ? null : this.links.staff(id);
  }
}
