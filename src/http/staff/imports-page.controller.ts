import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ImportSubscribers } from '../../flows/import-subscribers.js';
import { importAnswer, ReadImport } from '../../flows/read-import.js';
import type { Import } from '../../imports/import.entities.js';
import { listImports } from '../../imports/import.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { Id, line } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import type { ImportsView, ImportView } from './connect-views.js';
import { Typed, TypedAsIs } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 20;
const ImportForm = z.object({ csv: TypedAsIs, consent: Typed, dryRun: Typed, mailPast: Typed });
const ImportsQuery = z.object({ after: z.string().optional() });
const Consent = line(300);

/** Files of readers from elsewhere: brought, followed, and what became of each row. */
@ApiExcludeController()
@Controller('admin/p/:publication/imports')
export class ImportsPageController {
  constructor(
    private readonly database: Database,
    private readonly importSubscribers: ImportSubscribers,
    private readonly readImport: ReadImport,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('imports:write')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: ImportsQuery }) { after }: z.infer<typeof ImportsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'imports', await this.view(desk, { after }));
  }

  @Post()
  @StaffCan('imports:write')
  async create(
    @Desk() desk: DeskVisit,
    @Body({ schema: ImportForm }) form: z.infer<typeof ImportForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const typed = { csv: form.csv, consent: form.consent, dryRun: form.dryRun !== '', mailPast: form.mailPast !== '' };
    const consent = Consent.safeParse(form.consent);
    const problems = {
      csv: form.csv.trim() === '' ? 'problem.csv.required' : null,
      consent: consent.success ? null : 'problem.consent.required',
    };
    const again = async (problems: ImportsView['problems'], detail: string | null) =>
      this.staffPages.send(request, reply, 'imports', await this.view(desk, { typed, problems, detail }), 422);
    if (problems.csv !== null || !consent.success) return again(problems, null);
    const { dryRun, mailPast } = typed;
    const options = { consent: consent.data, dryRun, mailPast, mapping: {} };
    try {
      const { id } = await this.importSubscribers.run(desk.workplace.id, options, bytesOf(form.csv));
      return await this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/imports/${id}`, 'import-began');
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request/invalid') throw error;
      return again({ csv: 'problem.csv.invalid', consent: null }, error.message);
    }
  }

  @Get(':id')
  @StaffCan('imports:write')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'import', { run: runView(await this.found(desk, id)) });
  }

  @Get(':id/rows.csv')
  @StaffCan('imports:write')
  async rows(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const run = await this.found(desk, id);
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(Readable.from(this.readImport.rowsCsv(run)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="rows.csv"',
    });
  }

  private async found({ workplace }: DeskVisit, id: string): Promise<Import> {
    const run = await this.readImport.one(workplace.id, id);
    if (run === null) throw new DomainError('request/not-found', 'There is no such import');
    return run;
  }

  private async view(
    { workplace }: DeskVisit,
    more: Partial<Pick<ImportsView, 'typed' | 'problems' | 'detail'>> & { after?: string | undefined },
  ): Promise<ImportsView> {
    const page = pageRequest({ limit: PER_PAGE, after: more.after });
    const { data, nextCursor } = pageOf(await listImports(this.database.reader, workplace.id, page), page);
    return {
      imports: data.map(runView),
      typed: more.typed ?? { csv: '', consent: '', dryRun: true, mailPast: false },
      problems: more.problems ?? { csv: null, consent: null },
      detail: more.detail ?? null,
      older: nextCursor === null ? null : `?after=${nextCursor}`,
    };
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

function runView(row: Import): ImportView {
  const { verdicts, ...run } = importAnswer(row);
  return {
    ...run,
    verdicts: Object.entries(verdicts ?? {}).map(([verdict, count]) => ({ verdict, count })),
    isOver: run.state === 'done' || run.state === 'failed',
  };
}
