import { randomUUID } from 'node:crypto';
import type { Database } from '../platform/database.js';
import type { IdempotencyKey } from './idempotency.entities.js';
import { renewKeys } from './idempotency.store.js';

type Key = Pick<IdempotencyKey, 'publicationId' | 'key' | 'owner'>;

const RENEW_EVERY_MS = 5_000;

/** The keys that this process is working on. As long as it lives their leases go on; when it dies, they run out. */
export class HeldKeys {
  /** Made anew at each start: a process id comes again, on this machine and on others. */
  readonly owner = randomUUID();
  private readonly held = new Set<Key>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly database: Database) {
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS).unref();
  }

  add(key: Key): void {
    this.held.add(key);
  }

  remove(key: Key): void {
    this.held.delete(key);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    // A failed renewal is made up for by the next: a lease is three times as long.
    await renewKeys(this.database.reader, this.owner, [...this.held]).catch(() => undefined);
  }
}
