import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ACCESS } from '../../domain/participation.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeProgram } from '../../flows/change-program.js';
import { CreateProgram } from '../../flows/create-program.js';
import { countMilestones } from '../../milestones/milestone.store.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { listPrograms } from '../../publications/program.store.js';
import type { Program } from '../../publications/publication.entities.js';
import { countParticipants } from '../../subscribers/participation.store.js';
import { line, Slug } from '../api/fields.js';
import { ProgramChanges } from '../api/programs.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { FINE, ProgramForm, programFields, programProblems, programTyped } from './program-form.js';
import { programOfPage } from './program-tabs.js';
import type { ProgramSettingsView, ProgramsView } from './program-views.js';
import { StaffPages } from './staff-pages.js';

const NewForm = z.object({ slug: Typed, name: Typed });
const NewProgram = z.object({ slug: Slug, name: line(120) });
const NEW_FINE: ProgramsView['problems'] = { slug: null, name: null };

/** The programs of a publication side by side, and the settings of each. */
@ApiExcludeController()
@Controller('admin/p/:publication/programs')
export class ProgramsPageController {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly changeProgram: ChangeProgram,
    private readonly createProgram: CreateProgram,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('programs:read')
  list(@Desk() desk: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.page(desk, { typed: { slug: '', name: '' }, problems: NEW_FINE }, request, reply);
  }

  @Post()
  @StaffCan('programs:write')
  async create(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: NewForm }) typed: z.infer<typeof NewForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const parsed = NewProgram.safeParse(typed);
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path: [field] }) => [field, `problem.program.${String(field)}`]);
      const problems = { ...NEW_FINE, ...(Object.fromEntries(wrong) as Partial<ProgramsView['problems']>) };
      return this.page(desk, { typed, problems }, request, reply);
    }
    const { slug, name } = parsed.data;
    try {
      // By invitation until an editor has looked at it: nobody is taken in by a program that is not ready.
      await this.createProgram.run(desk.workplace.id, slug, { name, access: 'invite' }, by);
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('program/')) throw error;
      const problems = { ...NEW_FINE, slug: `problem.${error.code.replace('/', '.')}` };
      return this.page(desk, { typed, problems }, request, reply);
    }
    return this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/programs/${slug}`, 'program-made', { name });
  }

  @Get(':program')
  @StaffCan('programs:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('program', { schema: Slug }) slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, slug);
    const view = this.settings(desk, program, programFields(program), FINE);
    return this.staffPages.send(request, reply, 'program-settings', view);
  }

  @Post(':program')
  @StaffCan('programs:write')
  async change(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('program', { schema: Slug }) slug: string,
    @Body({ schema: ProgramForm }) form: ProgramForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, slug);
    const parsed = ProgramChanges.safeParse(programTyped(form));
    const again = (problems: ProgramSettingsView['problems']) =>
      this.staffPages.send(request, reply, 'program-settings', this.settings(desk, program, form, problems), 422);
    if (!parsed.success) {
      return again(programProblems(parsed.error.issues.map(({ path }) => ({ path: path.join('.') }))));
    }
    try {
      await this.changeProgram.run(desk.workplace.id, slug, parsed.data, by);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'program/stage-in-use') return again({ ...FINE, stages: 'problem.program.stage-in-use' });
      if (error.code !== 'request/invalid') throw error;
      return again(programProblems(error.problems));
    }
    return this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/programs/${slug}`, 'program-saved');
  }

  private settings(
    desk: DeskVisit,
    program: Program,
    typed: ProgramForm,
    problems: ProgramSettingsView['problems'],
  ): ProgramSettingsView {
    return {
      slug: program.slug,
      typed,
      problems,
      accesses: ACCESS.filter((access) => access !== 'segment' || program.segment !== null),
      timezones: ['UTC', ...Intl.supportedValuesOf('timeZone')],
      pageUrl: this.pageUrl(desk, program),
      mayChange: mayAt(desk, 'programs:write'),
    };
  }

  private pageUrl({ workplace }: DeskVisit, { access, slug }: Program): string | null {
    return access === 'invite' ? null : this.links.program(workplace.slug, slug);
  }

  private async page(
    desk: DeskVisit,
    shown: Pick<ProgramsView, 'typed' | 'problems'>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { id } = desk.workplace;
    const counts = await countParticipants(tx, id);
    const ladders = await countMilestones(tx, id);
    const programs = (await listPrograms(tx, id)).map((program) => {
      const { slug, name, access } = program;
      const count = (status: string) =>
        counts.find((row) => row.programId === program.id && row.status === status)?.count ?? 0;
      const milestones = ladders.get(program.id) ?? 0;
      const people = { applied: count('applied'), active: count('active') };
      return { slug, name, access, milestones, ...people, pageUrl: this.pageUrl(desk, program) };
    });
    const isWrong = Object.values(shown.problems).some((problem) => problem !== null);
    const view: ProgramsView = { programs, ...shown, mayChange: mayAt(desk, 'programs:write') };
    return this.staffPages.send(request, reply, 'programs', view, isWrong ? 422 : 200);
  }
}
