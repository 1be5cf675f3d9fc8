import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { csvLine } from '../../domain/csv.js';
import { parseFunnelBy } from '../../domain/funnel.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import { funnelCounts } from '../../reports/funnel.store.js';
import { PublicationId } from '../authenticate.js';
import { FunnelAnswer, funnelAnswer, funnelCells, FunnelQuery } from './funnel-answer.js';
import { Operation } from './operation.js';

@ApiTags('reports')
@Controller('api/v1/reports')
export class ReportsController {
  constructor(private readonly database: Database) {}

  @Get('funnel')
  @Operation({
    summary: 'From share to click to verified referral to revenue, each step at its own time',
    can: 'reports:read',
    answer: FunnelAnswer,
  })
  async funnel(
    @PublicationId() publicationId: string,
    @Query({ schema: FunnelQuery }) query: z.infer<typeof FunnelQuery>,
  ) {
    const { by, counts } = await this.count(publicationId, query);
    return { data: funnelAnswer(by, counts) };
  }

  @Get('funnel.csv')
  @Operation({ summary: 'The same as a file', can: 'reports:read', answer: 'text/csv' })
  async csv(
    @PublicationId() publicationId: string,
    @Query({ schema: FunnelQuery }) query: z.infer<typeof FunnelQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { by, counts } = await this.count(publicationId, query);
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(Buffer.from(funnelCells(by, counts).map(csvLine).join('')), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="funnel.csv"',
    });
  }

  private async count(publicationId: string, query: z.infer<typeof FunnelQuery>) {
    const by = parseFunnelBy(query.by) ?? [];
    const { timezone } = await getPublication(this.database.reader, publicationId);
    const days = { from: query.from ?? null, to: query.to ?? null, timezone };
    return { by, counts: await funnelCounts(this.database.reader, publicationId, by, days) };
  }
}
