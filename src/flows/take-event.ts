import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import type { EventTold, PersonNamed } from '../domain/event-told.js';
import { EVENT_TYPES } from '../domain/stages.js';
import { compareEvent, insertEvent } from '../events/inbound-event.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { makeErasureKey } from '../platform/erasure-key.js';
import { failpoint } from '../platform/failpoints.js';
import { RandomBytes } from '../platform/random.js';
import { listPrograms } from '../publications/program.store.js';
import {
  isPresent,
  lockSubscriber,
  lockSubscriberByEmail,
  lockSubscriberByExternalId,
  type PresentSubscriber,
} from '../subscribers/subscriber.store.js';
import { ApplyEvent } from './apply-event.js';

/** Clocks of other systems may be ahead of ours by so much. */
const AHEAD_MS = 24 * 60 * 60_000;

/** Takes an event in, once for ever by its id, and does what it means in the same transaction. */
@Injectable()
export class TakeEvent {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: RandomBytes,
    private readonly applyEvent: ApplyEvent,
  ) {}

  /**
   * Not accepted, and nothing stored, of a person that the publication does not know. Throws `event/other-body`, and
   * `request/invalid` for a type that no program has, a time to come, and a refund of what is no purchase of this person.
   */
  run(publicationId: string, told: EventTold): Promise<{ accepted: boolean; duplicate: boolean }> {
    return this.database.transaction(async (tx) => {
      const reader = await lockPerson(tx, publicationId, told.person);
      if (reader !== null && isPresent(reader) && (await this.take(tx, reader, told))) {
        return { accepted: true, duplicate: false };
      }
      const known = await compareEvent(tx, publicationId, told.id, bodyOf(told));
      if (known === 'other') throw new DomainError('event/other-body', 'Another event came with this id before');
      if (known === null) await refuseUnknownType(tx, publicationId, told.type);
      return { accepted: known !== null, duplicate: known !== null };
    });
  }

  /** False when the id was taken before. */
  private async take(tx: Tx, reader: PresentSubscriber, told: EventTold): Promise<boolean> {
    const now = this.clock.now();
    const { publicationId } = reader;
    const { id, type, plan, seats, value, score, of, attributes } = told;
    const at = told.at ?? now;
    await makeErasureKey(tx, this.random);
    const data = withoutNull({ plan, seats, value, score, of, attributes });
    const event = { id, subscriberId: reader.id, type, at, body: bodyOf(told), data, now };
    if (!(await insertEvent(tx, publicationId, event))) return false;
    await refuseUnknownType(tx, publicationId, type);
    if (at.getTime() > now.getTime() + AHEAD_MS) throw invalid('at', 'must not be in the future');
    await this.applyEvent.within(tx, reader, { ...told, at }, now);
    failpoint('event-before-commit');
    return true;
  }
}

async function lockPerson(tx: Tx, publicationId: string, person: PersonNamed) {
  if (person.by === 'email') return lockSubscriberByEmail(tx, publicationId, person.emailKey);
  if (person.by === 'subscriberId') return lockSubscriber(tx, publicationId, person.id);
  return lockSubscriberByExternalId(tx, publicationId, person.externalId);
}

async function refuseUnknownType(tx: Tx, publicationId: string, type: string): Promise<void> {
  if ((EVENT_TYPES as readonly string[]).includes(type)) return;
  const programs = await listPrograms(tx, publicationId);
  if (!programs.some(({ stages }) => stages.includes(type))) {
    throw invalid('type', `must be one of ${EVENT_TYPES.join(', ')}, or a stage of a program`);
  }
}

/** What makes two bodies the same: a field that is null is one that is not there, and two spellings of a time are one time. */
function bodyOf(told: EventTold): object {
  return withoutNull({ ...told, at: told.at?.toISOString() ?? null });
}

function withoutNull(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
