import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { INVITATION_DAYS, ticked } from '../../domain/participation.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ManageParticipants } from '../../flows/manage-participants.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { findProgram } from '../../publications/program.store.js';
import type { Program } from '../../publications/publication.entities.js';
import { countsOf } from '../../referrals/stage.store.js';
import { listParticipants, participantRow, type ParticipantRow } from '../../subscribers/participation.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Id, Slug } from './fields.js';
import { Operation } from './operation.js';
import { NewParticipant, ParticipantAnswer, ParticipantList, ParticipantQuery } from './participants.schema.js';

@ApiTags('programs')
@Controller('api/v1/programs/:slug/participants')
export class ParticipantsController {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly manage: ManageParticipants,
  ) {}

  @Get()
  @Operation({
    summary: 'Who takes part, newest first, and who is on the way',
    can: 'participants:read',
    answer: ParticipantList,
  })
  async list(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Query({ schema: ParticipantQuery }) query: z.infer<typeof ParticipantQuery>,
  ) {
    const program = await this.program(publicationId, slug);
    const page = pageRequest(query);
    const filter = { programId: program.id, status: query.status ?? null, subscriberId: query.subscriberId ?? null };
    const { data, nextCursor } = pageOf(
      await listParticipants(this.database.reader, publicationId, filter, page),
      page,
    );
    return { data: await this.answers(program, data), nextCursor };
  }

  @Post()
  @Operation({
    summary: 'Invite a reader, apply for one, or tick off what is required of one; 201 when new, 200 when known',
    can: 'participants:write',
    answer: ParticipantAnswer,
    alsoStatus: 201,
  })
  async add(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Actor() actor: StaffActor,
    @Body({ schema: NewParticipant }) body: z.infer<typeof NewParticipant>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { email, subscriberId = '', requirements = {}, ask = false } = body;
    const by = email === undefined ? { subscriberId } : { emailKey: email.emailKey };
    const { participantId, isNew } = await this.manage.add(publicationId, slug, { by, requirements, ask }, actor);
    if (isNew) void reply.status(HttpStatus.CREATED);
    return this.answer(publicationId, slug, participantId);
  }

  @Post(':id/approve')
  @Operation({
    summary: 'Let somebody take part who applied, was invited or was rejected',
    can: 'participants:write',
    answer: ParticipantAnswer,
    errors: ['participant/wrong-status', 'participant/requirements-open'],
  })
  async approve(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
    @Actor() actor: StaffActor,
  ) {
    await this.manage.decide(publicationId, slug, id, 'approve', actor);
    return this.answer(publicationId, slug, id);
  }

  @Post(':id/reject')
  @Operation({
    summary: 'Turn an application down, or take an invitation back; who takes part stays',
    can: 'participants:write',
    answer: ParticipantAnswer,
    errors: ['participant/wrong-status'],
  })
  async reject(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
    @Actor() actor: StaffActor,
  ) {
    await this.manage.decide(publicationId, slug, id, 'reject', actor);
    return this.answer(publicationId, slug, id);
  }

  private async program(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private async answer(publicationId: string, slug: string, id: string) {
    const row = await participantRow(this.database.reader, publicationId, id);
    if (row === null) throw new DomainError('request/not-found', 'There is no such participant');
    return (await this.answers(await this.program(publicationId, slug), [row]))[0];
  }

  private async answers(program: Program, rows: readonly ParticipantRow[]) {
    const ids = rows.map(({ id }) => id);
    const counts = await countsOf(this.database.reader, program.publicationId, ids, 'verified');
    return rows.map((row) => ({
      id: row.id,
      program: program.slug,
      subscriber: { id: row.subscriberId, email: row.email, firstName: row.firstName, status: row.subscriberStatus },
      status: row.status,
      requirements: ticked(program.requirements, row.requirements),
      answers: row.answers,
      shareCode: row.code,
      shareUrl: row.code === null ? null : this.links.share(row.code),
      referralCount:
        counts.find(({ participantId, season }) => participantId === row.id && season === program.season)?.count ?? 0,
      invitedUntil: row.status === 'invited' && row.isAsked ? invitedUntil(row) : null,
      appliedAt: row.appliedAt,
      decidedAt: row.decidedAt,
      createdAt: row.createdAt,
    }));
  }
}

function invitedUntil({ invitedAt }: ParticipantRow): Date | null {
  return invitedAt === null ? null : new Date(invitedAt.getTime() + INVITATION_DAYS * 86_400_000);
}
