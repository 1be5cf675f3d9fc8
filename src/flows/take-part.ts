import { Injectable } from '@nestjs/common';
import { mayBecome, openRequirements, type ParticipantStatus } from '../domain/participation.js';
import { enqueueMail } from '../mail/outbox.store.js';
import type { MailData } from '../mail/messages.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { insertParticipant, lockParticipation, updateParticipant } from '../subscribers/participation.store.js';
import type { Participant } from '../subscribers/subscriber.entities.js';
import { Announce } from './announce.js';
import { GiveCodes } from './give-codes.js';

type News = MailData['participation']['news'];
export type Step = Pick<Participant, 'status'> &
  Partial<Pick<Participant, 'isAsked' | 'requirements' | 'answers' | 'decidedAt'>>;

/** One step of a reader on the way into a program, with what follows from it: their share code, the mail, the webhook. */
@Injectable()
export class TakePart {
  constructor(
    private readonly ids: Ids,
    private readonly giveCodes: GiveCodes,
    private readonly announce: Announce,
  ) {}

  /** As `move`, for a reader who may have no row in the program yet; `decide` may be asked twice and answers null where nothing is to happen. */
  async enter(
    tx: Tx,
    program: Program,
    subscriberId: string,
    decide: (known: Participant | null) => Step | null,
    now: Date,
  ): Promise<Participant | null> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const known = await lockParticipation(tx, program.publicationId, program.id, subscriberId);
      const step = decide(known);
      if (step === null) return known;
      if (known !== null) return this.move(tx, program, known, step, now);
      const made = this.newParticipant(program, subscriberId, step, now);
      if (!(await insertParticipant(tx, made))) continue; // somebody else made it between the two statements
      await this.follow(tx, program, null, made, now);
      return made;
    }
    throw new Error('a participant vanished while taking part');
  }

  /** The caller holds the participant's row. Throws for a step that the table of statuses does not have. */
  async move(tx: Tx, program: Program, known: Participant, step: Step, now: Date): Promise<Participant> {
    const isMoved = step.status !== known.status;
    if (isMoved && !mayBecome(known.status, step.status)) {
      throw new Error(`a participant cannot go from ${known.status} to ${step.status}`);
    }
    const isAskedNow = step.status === 'invited' && step.isAsked === true && (isMoved || !known.isAsked);
    const changes = {
      ...step,
      ...(isMoved && step.status === 'applied' ? { appliedAt: now } : {}),
      ...(isAskedNow ? { invitedAt: now } : {}),
    };
    await updateParticipant(tx, program.publicationId, known.id, changes);
    const participant = { ...known, ...changes };
    if (isMoved) await this.follow(tx, program, known.status, participant, now);
    return participant;
  }

  private newParticipant(program: Program, subscriberId: string, step: Step, now: Date): Participant {
    return {
      publicationId: program.publicationId,
      id: this.ids.next(),
      programId: program.id,
      subscriberId,
      isAsked: false,
      requirements: [],
      answers: {},
      shareWords: {},
      decidedAt: null,
      ...step,
      appliedAt: step.status === 'applied' ? now : null,
      invitedAt: step.status === 'invited' && step.isAsked === true ? now : null,
      createdAt: now,
    };
  }

  private async follow(
    tx: Tx,
    program: Program,
    from: ParticipantStatus | null,
    participant: Participant,
    now: Date,
  ): Promise<void> {
    const { publicationId, id, status } = participant;
    if (status === 'active') await this.giveCodes.within(tx, publicationId, [id]);
    if (status === 'applied') await this.announce.applied(tx, program, participant, now);
    const news = newsOf(program, from, participant);
    if (news === null) return;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId: participant.subscriberId,
      message: 'participation',
      data: { news, program: { slug: program.slug, name: program.name, description: program.description } },
      dedupeKey: `participation:${id}:${status}:${now.getTime()}`,
      now,
    });
  }
}

/** What the reader is told of. Who pressed a button and is in at once sees it on the page. */
function newsOf({ access }: Program, from: ParticipantStatus | null, { status, isAsked }: Participant): News | null {
  switch (status) {
    case 'applied':
      return 'applied';
    case 'rejected':
      return from === 'applied' ? 'declined' : null;
    case 'invited':
      return isAsked ? 'invited' : null;
    case 'active':
      if (from === 'applied') return 'accepted';
      // An invited reader has pressed the button themselves, unless they never were asked.
      return access === 'invite' && !(from === 'invited' && isAsked) ? 'welcomed' : null;
  }
}

/** Whether staff have ticked off all that a program requires of a participant. */
export function isMet(program: Program, participant: Pick<Participant, 'requirements'> | null): boolean {
  return openRequirements(program.requirements, participant?.requirements ?? []).length === 0;
}
