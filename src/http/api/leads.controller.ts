import { Body, Controller, Get, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { invalid } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { MarkLead } from '../../flows/mark-lead.js';
import { listLeads } from '../../leads/lead.store.js';
import { changedLeads, type FeedPlace, isAhead } from '../../leads/lead-feed.store.js';
import { filterAt, type LeadFilter } from '../../leads/lead-filter.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Id } from './fields.js';
import { leadAnswer } from './lead-answer.js';
import { leadsFile } from './lead-csv.js';
import { filterOf, LeadAnswer, LeadChanges, LeadFilterQuery, LeadQuery, LeadsAnswer } from './leads.schema.js';
import { Operation } from './operation.js';

/** Before every lead. */
const BEGINNING = '0';
const PLACE = /^(\d{1,18}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const NOBODY = '00000000-0000-0000-0000-000000000000';

@ApiTags('leads')
@Controller('api/v1')
export class LeadsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly markLead: MarkLead,
  ) {}

  @Get('leads')
  @Operation({
    summary: 'Referred readers with confirmed addresses, newest first, or as a feed of changes',
    can: 'leads:read',
    answer: LeadsAnswer,
  })
  async list(@PublicationId() publicationId: string, @Query({ schema: LeadQuery }) query: z.infer<typeof LeadQuery>) {
    if (query.changedAfter !== undefined) return this.feed(publicationId, query.changedAfter, query);
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(
      await listLeads(this.database.reader, publicationId, await this.filter(publicationId, query), page),
      page,
    );
    return { data: data.map(leadAnswer), nextCursor };
  }

  @Get('leads.csv')
  @Operation({ summary: 'The same as a file, oldest first, streamed', can: 'leads:read', answer: 'text/csv' })
  async csv(
    @PublicationId() publicationId: string,
    @Query({ schema: LeadFilterQuery }) query: z.infer<typeof LeadFilterQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return leadsFile(reply, this.database, publicationId, await this.filter(publicationId, query));
  }

  @Patch('leads/:id')
  @Operation({
    summary: 'Note what marketing knows of a lead, and qualify it or take that back',
    can: 'leads:write',
    answer: LeadAnswer,
  })
  async update(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: LeadChanges }) body: z.infer<typeof LeadChanges>,
  ) {
    return leadAnswer(await this.markLead.run(publicationId, id, body, by));
  }

  private async feed(publicationId: string, after: string, query: z.infer<typeof LeadQuery>) {
    const { limit, changedAfter: _, ...others } = query;
    const other = Object.keys(others).find((name) => others[name as keyof typeof others] !== undefined);
    if (other !== undefined) throw invalid(other, 'does not go with changedAfter');
    const place = placeOf(after);
    if (await isAhead(this.database.reader, place)) {
      throw invalid('changedAfter', 'is from before a restore of this database; begin anew with 0');
    }
    const changed = await changedLeads(this.database.reader, publicationId, place, limit);
    return {
      data: changed.flatMap(({ lead }) => (lead === null ? [] : [leadAnswer(lead)])),
      removed: changed.flatMap(({ id, lead }) => (lead === null ? [id] : [])),
      nextCursor: cursorOf(changed.at(-1) ?? place),
    };
  }

  private async filter(publicationId: string, query: z.infer<typeof LeadFilterQuery>): Promise<LeadFilter> {
    const { timezone } = await getPublication(this.database.reader, publicationId);
    return filterAt(filterOf(query), timezone, this.clock.now());
  }
}

function placeOf(cursor: string): FeedPlace {
  if (cursor === BEGINNING) return { changedIn: '0', id: NOBODY };
  const [, changedIn, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (changedIn === undefined || id === undefined) throw invalid('changedAfter', 'is not a cursor of this feed');
  return { changedIn, id };
}

function cursorOf({ changedIn, id }: FeedPlace): string {
  return id === NOBODY ? BEGINNING : Buffer.from(`${changedIn}:${id}`, 'latin1').toString('base64url');
}
