import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { csvLine } from '../../domain/csv.js';
import { allLeads, type LeadRow } from '../../leads/lead.store.js';
import type { LeadFilter } from '../../leads/lead-filter.js';
import type { Database } from '../../platform/database.js';
import { type Lead, leadAnswer, LEAD_COLUMNS } from './lead-answer.js';

/** All leads of a filter as a file, oldest first. It is written as it is read, so that a million take no more memory than one. */
export function leadsFile(reply: FastifyReply, database: Database, publicationId: string, filter: LeadFilter) {
  const { sql, parameters } = allLeads(publicationId, filter);
  void reply.header('cache-control', 'no-store');
  return new StreamableFile(Readable.from(lines(database.stream<LeadRow>(sql, parameters))), {
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="leads.csv"',
  });
}

async function* lines(leads: AsyncIterable<LeadRow>): AsyncGenerator<string> {
  yield csvLine(Object.keys(LEAD_COLUMNS));
  for await (const row of leads) {
    const lead = leadAnswer(row);
    yield csvLine(Object.values(LEAD_COLUMNS).map((cell: (lead: Lead) => string | boolean | null) => cell(lead)));
  }
}
