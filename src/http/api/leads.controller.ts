import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Patch, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { csvLine } from '../../domain/csv.js';
import type { StaffActor } from '../../domain/permissions.js';
import { CHANNELS } from '../../domain/visit.js';
import { MarkLead } from '../../flows/mark-lead.js';
import { allLeads, type LeadFilter, type LeadRow, listLeads } from '../../leads/lead.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, AnsweredMoney, Day, Id, line, listOf, paragraph } from './fields.js';
import { type Lead, leadAnswer, LEAD_COLUMNS } from './lead-answer.js';
import { Operation } from './operation.js';

const Filter = z.strictObject({
  from: Day.optional().meta({ description: 'First day of signing up, in the zone of the publication.' }),
  to: Day.optional().meta({ description: 'Last day of signing up, included.' }),
  content: z.string().max(64).optional(),
  channel: z.enum(CHANNELS).optional(),
  stage: z.string().max(64).optional(),
  domain: z.string().max(253).optional(),
  referrerId: Id.optional(),
  qualified: z.enum(['true', 'false'], 'must be true or false').optional(),
});
const LeadQuery = Filter.extend(PageQuery.shape);

const yesOrNo = z.boolean().nullable();
const marks = {
  decisionMaker: yesOrNo,
  fit: yesOrNo,
  need: yesOrNo.meta({ description: 'Whether we can meet it.' }),
  owner: z.string().nullable(),
  note: z.string().nullable(),
};

const LeadChanges = z.strictObject({
  decisionMaker: yesOrNo.optional(),
  fit: yesOrNo.optional(),
  need: yesOrNo.optional(),
  qualified: z.boolean().optional().meta({
    description:
      'Said outright. Else three times yes qualifies, and one of three that is no longer yes takes the stage back.',
  }),
  owner: line(200).nullable().optional(),
  note: paragraph(5_000).nullable().optional(),
});

const LeadAnswer = z
  .object({
    id: z.uuid(),
    email: z.string(),
    firstName: z.string().nullable(),
    company: z.string().nullable(),
    role: z.string().nullable(),
    companySize: z.string().nullable(),
    ...marks,
    qualified: z.boolean().meta({ description: 'Whether the lead has reached the stage `qualified`.' }),
    domain: z.string(),
    workEmail: z.boolean().meta({ description: 'False for an address of a free mail service.' }),
    heardFrom: z.string().nullable(),
    referrer: z.object({ id: z.uuid(), email: z.string().nullable(), shareCode: z.string() }),
    content: z.string().nullable(),
    channel: z.string(),
    stage: z
      .string()
      .meta({ description: 'The furthest: `signed_up`, `verified`, those of the program, `qualified`, `purchased`.' }),
    value: z.array(AnsweredMoney).meta({ description: 'Bought and not refunded: one sum for each currency.' }),
    signedUpAt: AnsweredInstant,
    verifiedAt: AnsweredInstant.nullable(),
  })
  .meta({ id: 'Lead' });

@ApiTags('leads')
@Controller('api/v1')
export class LeadsController {
  constructor(
    private readonly database: Database,
    private readonly markLead: MarkLead,
  ) {}

  @Get('leads')
  @Operation({
    summary: 'Referred readers with confirmed addresses, newest first',
    can: 'leads:read',
    answer: listOf(LeadAnswer),
  })
  async list(@PublicationId() publicationId: string, @Query({ schema: LeadQuery }) query: z.infer<typeof LeadQuery>) {
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
    @Query({ schema: Filter }) query: z.infer<typeof Filter>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { sql, parameters } = allLeads(publicationId, await this.filter(publicationId, query));
    void reply.header('cache-control', 'no-store');
    const lines = csvLines(this.database.stream<LeadRow>(sql, parameters));
    return new StreamableFile(Readable.from(lines), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="leads.csv"',
    });
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

  private async filter(publicationId: string, query: z.infer<typeof Filter>): Promise<LeadFilter> {
    const { timezone } = await getPublication(this.database.reader, publicationId);
    return {
      timezone,
      from: query.from ?? null,
      to: query.to ?? null,
      content: query.content ?? null,
      channel: query.channel ?? null,
      stage: query.stage ?? null,
      domain: query.domain ?? null,
      referrerId: query.referrerId ?? null,
      qualified: query.qualified === undefined ? null : query.qualified === 'true',
    };
  }
}

async function* csvLines(leads: AsyncIterable<LeadRow>): AsyncGenerator<string> {
  yield csvLine(Object.keys(LEAD_COLUMNS));
  for await (const row of leads) {
    const lead = leadAnswer(row);
    yield csvLine(Object.values(LEAD_COLUMNS).map((cell: (lead: Lead) => string | boolean | null) => cell(lead)));
  }
}
