import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { agreeing } from '../../domain/heard-from.js';
import type { StaffActor } from '../../domain/permissions.js';
import { stagesInOrder } from '../../domain/stages.js';
import { CHANNELS } from '../../domain/visit.js';
import { MarkLead } from '../../flows/mark-lead.js';
import { countLeads, findLead, type LeadRow, listLeadOwners, listLeads } from '../../leads/lead.store.js';
import { filterAt } from '../../leads/lead-filter.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { contentsBySlug, latestContents } from '../../publications/content.store.js';
import { listPrograms } from '../../publications/program.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { stagesOf } from '../../referrals/stage.store.js';
import { Id } from '../api/fields.js';
import { leadsFile } from '../api/lead-csv.js';
import { LeadChanges } from '../api/leads.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { ownPath, Typed } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { leadQuery, readLeadFilter, TypedLeadFilter } from './lead-filter-form.js';
import { companyDomainOf, leadLine, stageView } from './lead-lines.js';
import type { LeadsView, LeadView, MaybeKnown } from './lead-views.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
/** Contents that one may choose from; any other is found by its own page. */
const CONTENTS = 200;
/** Counted no further: a number of four digits says nothing that this does not. */
const COUNTED = 1_000;

const LeadsQuery = TypedLeadFilter.extend({ after: z.string().optional() });
const Answered = z
  .enum(['', 'yes', 'no'])
  .optional()
  .catch(undefined)
  .transform((answer) => (answer === undefined ? undefined : answer === '' ? null : answer === 'yes'));
const LeadForm = z.object({
  decisionMaker: Answered,
  fit: Answered,
  need: Answered,
  owner: Typed.optional(),
  note: Typed.optional(),
  back: Typed,
});

/** Whom share links brought, and what marketing makes of them. */
@ApiExcludeController()
@Controller('admin/p/:publication/leads')
export class LeadsPageController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly markLead: MarkLead,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('leads:read')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: LeadsQuery }) { after, ...typed }: z.infer<typeof LeadsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { id } = desk.workplace;
    const tx = this.database.reader;
    const { filter: asked, problems } = readLeadFilter(typed);
    const filter = filterAt(asked, (await getPublication(tx, id)).timezone, this.clock.now());
    const page = pageRequest({ limit: PER_PAGE, after });
    const { data, nextCursor } = pageOf(await listLeads(tx, id, filter, page), page);
    const count = await countLeads(tx, id, filter, COUNTED + 1);
    const view: LeadsView = {
      leads: await this.lines(id, data),
      count: Math.min(count, COUNTED),
      many: count > COUNTED,
      ...{ filter: typed, problems, isFiltered: leadQuery(typed) !== '' },
      ...(await this.choices(id, typed.content)),
      mayWrite: mayAt(desk, 'leads:write'),
      query: leadQuery(typed),
      older: nextCursor === null ? null : leadQuery(typed, { after: nextCursor }),
    };
    const isWrong = Object.values(problems).some((problem) => problem !== null);
    return this.staffPages.send(request, reply, 'leads', view, isWrong ? 422 : 200);
  }

  @Get('leads.csv')
  @StaffCan('leads:read')
  async file(
    @Desk() { workplace: { id } }: DeskVisit,
    @Query({ schema: TypedLeadFilter }) typed: z.infer<typeof TypedLeadFilter>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { timezone } = await getPublication(this.database.reader, id);
    const filter = filterAt(readLeadFilter(typed).filter, timezone, this.clock.now());
    return leadsFile(reply, this.database, id, filter);
  }

  @Get(':id')
  @StaffCan('leads:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'lead', await this.view(desk, id, null));
  }

  /** From the list, with the answers alone, or from the lead's own page. */
  @Post(':id')
  @StaffCan('leads:write')
  async change(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: LeadForm }) { back, owner, note, ...answers }: z.infer<typeof LeadForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const changes = LeadChanges.safeParse({ ...answers, owner: emptyIsNone(owner), note: emptyIsNone(note) });
    if (!changes.success) {
      const wrong = changes.error.issues.map(({ path }) => path[0]);
      const problems = {
        owner: wrong.includes('owner') ? 'problem.line.invalid' : null,
        note: wrong.includes('note') ? 'problem.note.long' : null,
      };
      const view = await this.view(desk, id, { typed: { owner: owner ?? '', note: note ?? '' }, problems });
      return this.staffPages.send(request, reply, 'lead', view, 422);
    }
    await this.markLead.run(desk.workplace.id, id, changes.data, by);
    return this.staffPages.goOn(reply, ownPath(back) ?? `/admin/p/${desk.workplace.slug}/leads/${id}`, 'lead-saved');
  }

  private async view(
    desk: DeskVisit,
    id: string,
    form: Pick<LeadView, 'typed' | 'problems'> | null,
  ): Promise<LeadView> {
    const { id: publicationId } = desk.workplace;
    const row = await findLead(this.database.reader, publicationId, id);
    if (row === null) throw new DomainError('request/not-found', 'There is no such lead');
    const [line] = await this.lines(publicationId, [row]);
    const stages = await stagesOf(this.database.reader, publicationId, [id]);
    const story = [
      { at: row.signedUpAt, stage: stageView('signed_up') },
      ...stages.map(({ at, stage }) => ({ at, stage: stageView(stage) })),
    ];
    return {
      lead: { ...line!, note: row.note, program: row.program, companyDomain: companyDomainOf(line!) },
      referrerCode: row.referrerCode,
      signedUpAt: row.signedUpAt,
      confirmedAt: row.verifiedAt,
      story: story.reverse(),
      agrees: row.heardFrom === null ? null : agrees(row.heardFrom),
      mayWrite: mayAt(desk, 'leads:write'),
      typed: { owner: row.owner ?? '', note: row.note ?? '' },
      problems: { owner: null, note: null },
      ...form,
    };
  }

  private async lines(publicationId: string, leads: LeadRow[]) {
    const slugs = leads.flatMap(({ content }) => (content === null ? [] : [content]));
    const contents = await contentsBySlug(this.database.reader, publicationId, slugs);
    const titles = new Map(contents.map(({ slug, title }) => [slug, title]));
    return leads.map((lead) => leadLine(lead, titles));
  }

  private async choices(publicationId: string, chosen: string) {
    const tx = this.database.reader;
    const contents = await latestContents(tx, publicationId, CONTENTS);
    if (chosen !== '' && !contents.some(({ slug }) => slug === chosen)) {
      contents.push(...(await contentsBySlug(tx, publicationId, [chosen])));
    }
    const own = (await listPrograms(tx, publicationId)).flatMap(({ stages }) => stages);
    const stages: MaybeKnown[] = ['signed_up', ...new Set(stagesInOrder(own))].map(stageView);
    return {
      contents: contents.map(({ slug, title }) => ({ slug, title })),
      channels: CHANNELS,
      stages,
      owners: await listLeadOwners(tx, publicationId),
    };
  }
}

function emptyIsNone(typed: string | undefined): string | null | undefined {
  return typed === '' ? null : typed;
}

/** Whether what they said fits that a link brought them; null where it says neither. */
function agrees(answer: string): boolean | null {
  const fits = agreeing({ answer, readers: 1, tracked: 1 });
  return fits === null ? null : fits === 1;
}
