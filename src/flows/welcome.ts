import { Injectable } from '@nestjs/common';
import { enqueueMail } from '../mail/outbox.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';

/** Tells a reader that something they did has taken them into a program, and what it asks of them. */
@Injectable()
export class Welcome {
  constructor(private readonly ids: Ids) {}

  /** Only for a program of a segment: one of all readers is nobody's news. Who has not confirmed, or left, is told nothing. */
  async within(tx: Tx, program: Program, reader: Pick<Subscriber, 'id' | 'status'>, now: Date): Promise<void> {
    if (program.access !== 'segment' || reader.status !== 'active') return;
    const { publicationId, id, slug, name, description } = program;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId: reader.id,
      message: 'participation',
      data: { news: 'welcomed', program: { slug, name, description } },
      dedupeKey: `welcome:${id}:${reader.id}`,
      now,
    });
  }
}
