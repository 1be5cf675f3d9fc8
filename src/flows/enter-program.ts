import { Injectable } from '@nestjs/common';
import { isIn } from '../domain/audience.js';
import { answersIn, askedFields } from '../domain/join-fields.js';
import { statusByReader } from '../domain/participation.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { findProgram, lockAccess } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { type AudienceFacts, audienceFacts } from '../subscribers/audience.store.js';
import { participationsIn } from '../subscribers/participation.store.js';
import type { Participant, Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriber, lockSubscriber } from '../subscribers/subscriber.store.js';
import { isMet, TakePart } from './take-part.js';

/** What a reader sees at the door of a program, and what their press would make of them: null where it would make nothing. */
export interface AtDoor {
  reader: Subscriber;
  program: Program;
  participant: Participant | null;
  next: 'applied' | 'active' | null;
}

/** A reader with their own page at the door of a program: looks, and presses. */
@Injectable()
export class EnterProgram {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly takePart: TakePart,
  ) {}

  /** Null for a program that does not exist, or that this reader may not know of: the two look the same. */
  async look(publicationId: string, subscriberId: string, slug: string): Promise<AtDoor | null> {
    const tx = this.database.reader;
    const program = await findProgram(tx, publicationId, slug);
    const reader = await findSubscriber(tx, publicationId, subscriberId);
    if (program === null || reader === null || reader.status === 'erased') return null;
    const participant =
      (await participationsIn(tx, publicationId, subscriberId)).find(({ programId }) => programId === program.id) ??
      null;
    if (participant === null && program.access === 'invite') return null;
    return {
      reader,
      program,
      participant,
      next: nextOf(program, participant, await audienceFacts(tx, publicationId, subscriberId)),
    };
  }

  /** Pressing twice is pressing once. */
  async press(
    publicationId: string,
    subscriberId: string,
    slug: string,
    form: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.database.transaction((tx) => this.enter(tx, publicationId, subscriberId, slug, form));
  }

  private async enter(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    slug: string,
    form: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await lockAccess(tx, publicationId, 'shared');
    const program = await findProgram(tx, publicationId, slug);
    const reader = await lockSubscriber(tx, publicationId, subscriberId);
    // Who has left reads nothing of what would come of it.
    if (program === null || reader?.status !== 'active') return;
    const facts = await audienceFacts(tx, publicationId, subscriberId);
    const decide = (known: Participant | null) => {
      const status = nextOf(program, known, facts);
      if (status === null || status === known?.status) return null;
      const answers = status === 'applied' ? { answers: answersTo(program, form) } : {};
      return { status, ...answers };
    };
    await this.takePart.enter(tx, program, subscriberId, decide, this.clock.now());
  }
}

function nextOf(program: Program, known: Participant | null, facts: AudienceFacts): AtDoor['next'] {
  const door = { access: program.access, isMet: isMet(program, known) };
  const isInSegment = program.segment !== null && isIn(program.segment, facts);
  const next = statusByReader(known?.status ?? null, door, isInSegment);
  return next === 'invited' || next === 'rejected' ? null : next;
}

const LONGEST_WHY = 1_000;

function answersTo(program: Program, form: Readonly<Record<string, unknown>>): Record<string, string> {
  const why = typeof form['why'] === 'string' ? form['why'].replace(/\r\n?/g, '\n').trim() : '';
  const isGiven = why !== '' && why.length <= LONGEST_WHY;
  return { ...answersIn(form, askedFields(program.joinFields)), ...(isGiven ? { why } : {}) };
}
