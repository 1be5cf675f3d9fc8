import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import { mayBecome, openRequirements, statusByStaff } from '../domain/participation.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { findProgram, lockAccess } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { lockParticipant } from '../subscribers/participation.store.js';
import type { Participant, Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriberByEmail, lockSubscriber } from '../subscribers/subscriber.store.js';
import { Audit } from './audit.js';
import { isMet, type Step, TakePart } from './take-part.js';

/** Whom staff put into a program. */
interface Entry {
  by: { emailKey: string } | { subscriberId: string };
  /** By name: ticked off, or taken back. What is not named stays. */
  requirements: Record<string, boolean>;
  /** Invite and wait for the reader's own press. */
  ask: boolean;
}

/** What staff do with the people of a program: invite, apply for them, tick off what is required, approve, reject. */
@Injectable()
export class ManageParticipants {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly takePart: TakePart,
    private readonly audit: Audit,
  ) {}

  /** Also for who is there already: then only what is required may change. Throws `request/invalid` for a reader whom nobody knows. */
  async add(
    publicationId: string,
    slug: string,
    entry: Entry,
    by: StaffActor,
  ): Promise<{ participantId: string; isNew: boolean }> {
    return this.database.transaction(async (tx) => {
      const program = await this.program(tx, publicationId, slug);
      refuseUnknown(program, entry.requirements);
      const reader = await this.reader(tx, publicationId, entry.by);
      const now = this.clock.now();
      let isNew = false;
      const participant = await this.takePart.enter(
        tx,
        program,
        reader.id,
        (known) => {
          isNew = known === null;
          return stepOf(program, known, entry);
        },
        now,
      );
      if (participant === null) throw new Error('staff put nobody into a program');
      const data = { status: participant.status, requirements: entry.requirements, ask: entry.ask };
      await this.write(tx, by, 'participant.add', participant, data);
      return { participantId: participant.id, isNew };
    });
  }

  /** Throws `request/not-found`, `participant/wrong-status`, and `participant/requirements-open` while something is not ticked off. */
  async decide(
    publicationId: string,
    slug: string,
    id: string,
    decision: 'approve' | 'reject',
    by: StaffActor,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const program = await this.program(tx, publicationId, slug);
      const participant = await lockParticipant(tx, publicationId, program.id, id);
      if (participant === null) throw new DomainError('request/not-found', 'There is no such participant');
      const status = decision === 'approve' ? 'active' : 'rejected';
      if (!mayBecome(participant.status, status)) {
        throw new DomainError('participant/wrong-status', `The participant is ${participant.status}`);
      }
      const open = openRequirements(program.requirements, participant.requirements);
      if (status === 'active' && open.length > 0) {
        throw new DomainError('participant/requirements-open', `Not ticked off yet: ${open.join(', ')}`);
      }
      const now = this.clock.now();
      await this.takePart.move(tx, program, participant, { status, decidedAt: now }, now);
      await this.write(tx, by, `participant.${decision}`, participant, { from: participant.status });
    });
  }

  private write(tx: Tx, by: StaffActor, act: string, participant: Participant, data: object): Promise<void> {
    const { publicationId, id, programId } = participant;
    const audited = { act, subject: { kind: 'participant', id }, data: { program: programId, ...data } };
    return this.audit.within(tx, publicationId, by, audited, this.clock.now());
  }

  private async program(tx: Tx, publicationId: string, slug: string): Promise<Program> {
    await lockAccess(tx, publicationId, 'shared');
    const program = await findProgram(tx, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private async reader(tx: Tx, publicationId: string, by: Entry['by']): Promise<Subscriber> {
    const [path, found] =
      'emailKey' in by
        ? ['email', await findSubscriberByEmail(tx, publicationId, by.emailKey)]
        : ['subscriberId', { id: by.subscriberId }];
    // Locked, and looked at again: of an erased reader nothing is written any more.
    const reader = found === null ? null : await lockSubscriber(tx, publicationId, found.id);
    if (reader === null || reader.status === 'erased') throw invalid(path, 'there is no such subscriber');
    return reader;
  }
}

function stepOf(program: Program, known: Participant | null, { requirements, ask }: Entry): Step {
  const met = program.requirements.filter((name) => requirements[name] ?? known?.requirements.includes(name) ?? false);
  // An invitation that waits for the reader goes on waiting for them; the last tick lets in who was never asked.
  const isAsked = known?.status === 'invited' ? known.isAsked || ask : ask;
  const door = { access: program.access, isMet: isMet(program, { requirements: met }) };
  return { status: statusByStaff(known?.status ?? null, isAsked, door), isAsked, requirements: met };
}

function refuseUnknown(program: Program, requirements: Entry['requirements']): void {
  for (const name of Object.keys(requirements)) {
    if (!program.requirements.includes(name)) {
      throw invalid(`requirements.${name}`, 'is not among the requirements of the program');
    }
  }
}
