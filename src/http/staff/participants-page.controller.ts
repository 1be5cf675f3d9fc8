import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { openRequirements, PARTICIPANT_STATUSES, ticked } from '../../domain/participation.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ManageParticipants } from '../../flows/manage-participants.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import type { Program } from '../../publications/publication.entities.js';
import { countsOf } from '../../referrals/stage.store.js';
import { countParticipants, listParticipants, participantRow } from '../../subscribers/participation.store.js';
import { Id, Slug } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { emailOf, Typed } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { programOfPage } from './program-tabs.js';
import type { ParticipantsView } from './program-views.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const Status = z.enum(PARTICIPANT_STATUSES);
const ParticipantsQuery = z.object({ status: Status.optional().catch(undefined), after: z.string().optional() });
const InviteForm = z.object({ email: Typed });
const ActForm = z.object({
  act: z.enum(['approve', 'reject', 'tick']),
  /** The requirements that are met, with commas between them. */
  met: Typed,
  status: Status.catch('applied'),
});

/** Who takes part in a program, who asks to, and what is required of them. */
@ApiExcludeController()
@Controller('admin/p/:publication/programs/:program/participants')
export class ParticipantsPageController {
  constructor(
    private readonly database: Database,
    private readonly manage: ManageParticipants,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('participants:read')
  async list(
    @Desk() desk: DeskVisit,
    @Param('program', { schema: Slug }) slug: string,
    @Query({ schema: ParticipantsQuery }) query: z.infer<typeof ParticipantsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, slug);
    return this.page(desk, program, query, { typed: { email: '' }, problems: { email: null } }, request, reply);
  }

  @Post()
  @StaffCan('participants:write')
  async invite(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('program', { schema: Slug }) slug: string,
    @Body({ schema: InviteForm }) typed: z.infer<typeof InviteForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, slug);
    const again = (problem: string) =>
      this.page(desk, program, {}, { typed, problems: { email: problem } }, request, reply);
    const { address, problem } = emailOf(typed.email);
    if (address === null) return again(problem);
    try {
      const entry = { by: { emailKey: address.emailKey }, requirements: {}, ask: true };
      await this.manage.add(desk.workplace.id, slug, entry, by);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request/invalid') throw error;
      return again('problem.participant.unknown');
    }
    return this.staffPages.goOn(reply, pathOf(desk, slug), 'participant-invited', { email: address.address });
  }

  /** Pressed twice, the second press finds it done and changes nothing. */
  @Post(':id')
  @StaffCan('participants:write')
  async act(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('program', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ActForm }) { act, met, status }: z.infer<typeof ActForm>,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, slug);
    const path = `${pathOf(desk, slug)}?status=${status}`;
    try {
      if (program.requirements.length > 0 && act !== 'reject') await this.tick(desk, program, id, met, by);
      if (act !== 'tick') await this.manage.decide(desk.workplace.id, slug, id, act, by);
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('participant/')) throw error;
      return this.staffPages.goOn(reply, path, error.code.replace('/', '-'), {}, 'warn');
    }
    return this.staffPages.goOn(reply, path, `participant-${act}`);
  }

  private async tick({ workplace }: DeskVisit, program: Program, id: string, met: string, by: StaffActor) {
    const row = await participantRow(this.database.reader, workplace.id, id);
    if (row === null) throw new DomainError('request/not-found', 'There is no such participant');
    const requirements = ticked(program.requirements, met.split(','));
    const isSame = program.requirements.every((name) => requirements[name] === row.requirements.includes(name));
    if (isSame) return;
    const entry = { by: { subscriberId: row.subscriberId }, requirements, ask: false };
    await this.manage.add(workplace.id, program.slug, entry, by);
  }

  private async page(
    desk: DeskVisit,
    program: Program,
    query: z.infer<typeof ParticipantsQuery>,
    shown: Pick<ParticipantsView, 'typed' | 'problems'>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { id } = desk.workplace;
    const counts = (await countParticipants(tx, id)).filter(({ programId }) => programId === program.id);
    const countOf = (status: string) => counts.find((row) => row.status === status)?.count ?? 0;
    const status = query.status ?? (countOf('applied') > 0 ? 'applied' : 'active');
    const page = pageRequest({ limit: PER_PAGE, after: query.after });
    const filter = { programId: program.id, status, subscriberId: null };
    const { data, nextCursor } = pageOf(await listParticipants(tx, id, filter, page), page);
    const referrals = await countsOf(tx, id, data.map((row) => row.id), 'verified'); // prettier-ignore
    const view: ParticipantsView = {
      program: { slug: program.slug, name: program.name },
      status,
      tabs: PARTICIPANT_STATUSES.map((one) => ({ status: one, count: countOf(one), current: one === status })),
      participants: data.map((row) => ({
        id: row.id,
        person: { id: row.subscriberId, email: row.email, firstName: row.firstName },
        answers: Object.entries(row.answers).map(([name, text]) => ({ name, text })),
        requirements: program.requirements.map((name) => ({ name, met: row.requirements.includes(name) })),
        isReady: openRequirements(program.requirements, row.requirements).length === 0,
        since: row.decidedAt ?? row.appliedAt ?? row.createdAt,
        referrals: referrals.find((one) => one.participantId === row.id && one.season === program.season)?.count ?? 0,
      })),
      ...shown,
      mayChange: mayAt(desk, 'participants:write'),
      older: nextCursor === null ? null : `?${new URLSearchParams({ status, after: nextCursor }).toString()}`,
    };
    return this.staffPages.send(request, reply, 'participants', view, shown.problems.email === null ? 200 : 422);
  }
}

function pathOf({ workplace }: DeskVisit, program: string): string {
  return `/admin/p/${workplace.slug}/programs/${program}/participants`;
}
