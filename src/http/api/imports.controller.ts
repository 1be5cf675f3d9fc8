import { Readable } from 'node:stream';
import { Controller, Get, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ImportSubscribers } from '../../flows/import-subscribers.js';
import { importAnswer, ReadImport } from '../../flows/read-import.js';
import { PublicationId } from '../authenticate.js';
import { streamOf } from '../csv-body.js';
import { Id } from './fields.js';
import { ImportAnswer, ImportQuery } from './imports.schema.js';
import { Operation } from './operation.js';

@ApiTags('imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    private readonly importSubscribers: ImportSubscribers,
    private readonly readImport: ReadImport,
  ) {}

  @Post()
  @ApiConsumes('text/csv')
  @ApiHeader({ name: 'Import-Mapping', required: false, description: 'As `mapping` in the query.' })
  @ApiBody({
    schema: {
      type: 'string',
      example: 'email,firstName,shareCode,referralCount,referredBy\nana@example.com,Ana,k7m2xqd,3,\n',
    },
  })
  @Operation({
    summary: 'Bring readers from elsewhere; they become active, with links, counts and a verdict per row',
    can: 'imports:write',
    status: 202,
    answer: ImportAnswer,
  })
  async create(
    @PublicationId() publicationId: string,
    @Query({ schema: ImportQuery }) query: z.infer<typeof ImportQuery>,
    @Req() request: FastifyRequest,
  ) {
    const { consent, dryRun, mailPast } = query;
    const mapping = query.mapping ?? mappingOf(request.headers['import-mapping']);
    const options = { consent, dryRun, mailPast, mapping };
    return importAnswer(await this.importSubscribers.run(publicationId, options, streamOf(request.body)));
  }

  @Get(':id')
  @Operation({ summary: 'How far an import has come', can: 'imports:write', answer: ImportAnswer })
  async get(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    return importAnswer(found(await this.readImport.one(publicationId, id)));
  }

  @Get(':id/rows.csv')
  @Operation({
    summary: 'The verdict of every row, streamed; kept for 30 days after the end',
    can: 'imports:write',
    answer: 'text/csv',
  })
  async rows(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const run = found(await this.readImport.one(publicationId, id));
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(Readable.from(this.readImport.rowsCsv(run)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="rows.csv"',
    });
  }
}

function mappingOf(header: string | string[] | undefined) {
  if (header === undefined) return {};
  const read = ImportQuery.shape.mapping.safeParse(header);
  if (read.success) return read.data ?? {};
  throw new DomainError('request/invalid', `Import-Mapping: ${read.error.issues[0]?.message ?? 'is not valid'}`);
}

function found<T>(run: T | null): T {
  if (run === null) throw new DomainError('request/not-found', 'There is no such import');
  return run;
}
