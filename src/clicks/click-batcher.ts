import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { Gather } from '../platform/gather.js';
import { appendClicks, type NewClick } from './click.store.js';

/** Stores the clicks that arrive together in one statement. */
@Injectable()
export class ClickBatcher {
  private readonly clicks = new Gather<NewClick, true>(async (batch) => {
    await appendClicks(this.database.reader, batch);
    return batch.map(() => true);
  });

  constructor(private readonly database: Database) {}

  /** Resolves once the click is committed. Rejects when it could not be stored. */
  async store(click: NewClick): Promise<void> {
    await this.clicks.add(click);
  }
}
