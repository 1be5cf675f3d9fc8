import { Injectable } from '@nestjs/common';
import { isIn } from '../domain/audience.js';
import { Database } from '../platform/database.js';
import { listPrograms } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { type AudienceFacts, audienceFacts } from '../subscribers/audience.store.js';
import { participationsIn } from '../subscribers/participation.store.js';
import type { Participant, Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';

/** A program as a reader may know of it: one they are in, or one whose door they may stand at. */
export interface KnownProgram {
  program: Program;
  isIn: boolean;
}

/** The programs that a reader may know of, `default` first. One by invitation is nobody's to know who is not invited. */
@Injectable()
export class ReadDoors {
  constructor(private readonly database: Database) {}

  /** Null when there is no such reader, or an erased one. */
  async run(
    publicationId: string,
    subscriberId: string,
  ): Promise<{ reader: Subscriber; programs: KnownProgram[] } | null> {
    const tx = this.database.reader;
    const reader = await findSubscriber(tx, publicationId, subscriberId);
    if (reader === null || reader.status === 'erased') return null;
    const facts = await audienceFacts(tx, publicationId, subscriberId);
    const own = await participationsIn(tx, publicationId, subscriberId);
    const programs = (await listPrograms(tx, publicationId)).map((program) => {
      const participant = own.find(({ programId }) => programId === program.id);
      return { program, isIn: participant?.status === 'active', isKnown: isKnown(program, participant, facts) };
    });
    return { reader, programs: programs.filter(({ isKnown }) => isKnown) };
  }
}

function isKnown({ access, segment }: Program, participant: Participant | undefined, facts: AudienceFacts): boolean {
  if (participant !== undefined) return participant.status !== 'rejected' || access !== 'invite';
  if (access === 'segment') return segment !== null && isIn(segment, facts);
  return access !== 'invite';
}
