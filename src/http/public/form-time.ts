import { Injectable } from '@nestjs/common';
import { UUID } from 'uuidv7';
import { Clock, Ids } from '../../platform/clock.js';
import { Tokens } from '../../platform/tokens.js';

const TIMESTAMP_BYTES = 6;

/** Signs into a form when it was shown, so that a script cannot say that it took its time. A form without it is as good as one with it. */
@Injectable()
export class FormTime {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
  ) {}

  /** For a hidden field. The id is a UUIDv7, and so the moment to the millisecond. */
  private stamp(publicationId: string): string {
    return this.tokens.make('form', { publicationId, id: this.ids.next(), expiresAt: null });
  }

  /** Of a form that comes back to be mended the first moment stays: the address is all that is typed anew, and quickly. */
  keep(publicationId: string, stamp: string | null): string {
    return stamp !== null && this.since(publicationId, stamp) !== null ? stamp : this.stamp(publicationId);
  }

  /** Milliseconds from the showing of the form to now; null for a field that is missing or not ours. */
  since(publicationId: string, stamp: string | null): number | null {
    const subject = stamp === null ? null : this.tokens.read('form', stamp);
    if (subject?.publicationId !== publicationId) return null;
    const shownAt = Buffer.from(UUID.parse(subject.id).bytes).readUIntBE(0, TIMESTAMP_BYTES);
    // A page may stay open for weeks; the column is an integer.
    return Math.min(Math.max(this.clock.now().getTime() - shownAt, 0), 2 ** 31 - 1);
  }
}
