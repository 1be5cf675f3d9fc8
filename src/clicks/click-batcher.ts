import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { appendClicks, type NewClick } from './click.store.js';

interface Waiting {
  click: NewClick;
  stored: () => void;
  failed: (error: unknown) => void;
}

/** Rows in one statement: above some thousands the statement takes longer than the clicks behind it should wait. */
const BATCH = 1_000;
/** Clicks that may wait; beyond this the database is away, and memory must not grow with the visitors. */
const MOST_WAITING = 10_000;

/**
 * Group commit: the clicks that arrive while a batch is being written make up the next one, with one batch in flight.
 * A click costs a share of an INSERT and of a commit, and waits for at most two of them.
 */
@Injectable()
export class ClickBatcher {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly database: Database) {}

  /** Resolves once the click is committed. Rejects when it could not be stored. */
  store(click: NewClick): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(new Error('too many clicks wait for the database'));
    return new Promise((stored, failed) => {
      this.waiting.push({ click, stored, failed });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      try {
        await appendClicks(
          this.database.reader,
          batch.map(({ click }) => click),
        );
        for (const { stored } of batch) stored();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.writing = false;
  }
}
