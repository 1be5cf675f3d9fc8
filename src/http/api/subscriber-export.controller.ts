import { Readable } from 'node:stream';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ExportSubscribers } from '../../flows/export-subscribers.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import { PublicationId } from '../authenticate.js';
import { Instant } from './fields.js';
import { Operation } from './operation.js';

const ExportQuery = z.strictObject({
  changedAfter: Instant.optional().meta({
    description:
      'Only readers of whom something changed after this moment. Ask with the `Kuchikomi-Changed-After` of your last answer: it lies five minutes before that answer, so that a change that was under way is not missed, and a reader may come again.',
  }),
});

@ApiTags('subscribers')
@Controller('api/v1')
export class SubscriberExportController {
  constructor(
    private readonly database: Database,
    private readonly exportSubscribers: ExportSubscribers,
  ) {}

  @Get('subscribers.csv')
  @Operation({
    summary: 'Share links, counts and next milestones of all readers, for a mail platform; streamed',
    can: 'subscribers:export',
    answer: 'text/csv',
  })
  async csv(
    @PublicationId() publicationId: string,
    @Query({ schema: ExportQuery }) { changedAfter }: z.infer<typeof ExportQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const publication = await getPublication(this.database.reader, publicationId);
    void reply
      .header('cache-control', 'no-store')
      .header('kuchikomi-changed-after', this.exportSubscribers.nextChangedAfter().toISOString());
    const lines = this.exportSubscribers.csv(publication, changedAfter === undefined ? null : new Date(changedAfter));
    return new StreamableFile(Readable.from(lines), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="subscribers.csv"',
    });
  }
}
