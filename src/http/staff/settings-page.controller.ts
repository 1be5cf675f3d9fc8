import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { PROGRAM_MAIL_NAMES } from '../../domain/program-mails.js';
import { ExportPublication } from '../../flows/export-publication.js';
import { ChangePublication } from '../../flows/change-publication.js';
import { Database } from '../../platform/database.js';
import { LOCALES } from '../../platform/templates.js';
import type { Publication } from '../../publications/publication.entities.js';
import { getPublication } from '../../publications/publication.store.js';
import { PublicationChanges } from '../api/publications.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import type { SettingsField, SettingsView } from './settings-views.js';
import { StaffPages } from './staff-pages.js';

const SettingsForm = z.object({
  name: Typed,
  siteUrl: Typed,
  fromEmail: Typed,
  fromName: Typed,
  postalAddress: Typed,
  locale: Typed,
  timezone: Typed,
  allowedOrigins: Typed,
  perWeek: Typed,
  quietFrom: Typed,
  quietUntil: Typed,
  /** The names of the mails that go out, with commas between them. */
  sends: Typed,
});
type Form = z.infer<typeof SettingsForm>;

const FINE: SettingsView['problems'] = {
  name: null,
  siteUrl: null,
  fromEmail: null,
  fromName: null,
  postalAddress: null,
  locale: null,
  timezone: null,
  allowedOrigins: null,
  perWeek: null,
  quietFrom: null,
  quietUntil: null,
};

/** Who sends, in which language and zone, from which pages signups come, and the pace of mails about sharing. */
@ApiExcludeController()
@Controller('admin/p/:publication/settings')
export class SettingsPageController {
  constructor(
    private readonly database: Database,
    private readonly changePublication: ChangePublication,
    private readonly exportPublication: ExportPublication,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('publications:read')
  async show(@Desk() desk: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const form = formOf(await getPublication(this.database.reader, desk.workplace.id));
    return this.staffPages.send(request, reply, 'publication-settings', viewOf(desk, form, FINE));
  }

  /** All that the publication has. */
  @Get('export.ndjson')
  @StaffCan('publications:export')
  async export(@Desk() { workplace }: DeskVisit, @Res() reply: FastifyReply) {
    const publication = await getPublication(this.database.reader, workplace.id);
    return reply
      .header('content-type', 'application/x-ndjson; charset=utf-8')
      .header('content-disposition', `attachment; filename="${workplace.slug}.ndjson"`)
      .send(Readable.from(this.exportPublication.lines(publication)));
  }

  @Post()
  @StaffCan('publications:write')
  async change(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: SettingsForm }) form: Form,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const parsed = PublicationChanges.safeParse(changesOf(form));
    if (!parsed.success) {
      const view = viewOf(desk, form, problemsOf(parsed.error));
      return this.staffPages.send(request, reply, 'publication-settings', view, 422);
    }
    await this.changePublication.run(desk.workplace.id, parsed.data, by);
    return this.staffPages.goOn(reply, `/admin/p/${desk.workplace.slug}/settings`, 'settings-saved');
  }
}

function viewOf(desk: DeskVisit, { sends, ...typed }: Form, problems: SettingsView['problems']): SettingsView {
  const sent = sends.split(',');
  return {
    typed,
    problems,
    locales: LOCALES,
    timezones: ['UTC', ...Intl.supportedValuesOf('timeZone')],
    mails: PROGRAM_MAIL_NAMES.map((message) => ({ message, sent: sent.includes(message) })),
    mayChange: mayAt(desk, 'publications:write'),
    mayExport: mayAt(desk, 'publications:export'),
  };
}

function formOf({ programMails, ...publication }: Publication): Form {
  return {
    ...publication,
    fromName: publication.fromName ?? '',
    postalAddress: publication.postalAddress ?? '',
    allowedOrigins: publication.allowedOrigins.join('\n'),
    perWeek: String(programMails.perWeek),
    quietFrom: programMails.quietFrom,
    quietUntil: programMails.quietUntil,
    sends: PROGRAM_MAIL_NAMES.filter((name) => !programMails.off.includes(name)).join(','),
  };
}

/** What is empty and may be is none. */
function changesOf({ perWeek, quietFrom, quietUntil, sends, ...form }: Form) {
  const sent = sends.split(',');
  return {
    ...form,
    fromName: form.fromName || null,
    postalAddress: form.postalAddress || null,
    allowedOrigins: form.allowedOrigins.split(/\s+/).filter((origin) => origin !== ''),
    programMails: {
      perWeek: Number(perWeek || Number.NaN),
      quietFrom,
      quietUntil,
      off: PROGRAM_MAIL_NAMES.filter((name) => !sent.includes(name)),
    },
  };
}

function problemsOf({ issues }: z.ZodError): SettingsView['problems'] {
  const problems = { ...FINE };
  for (const { path } of issues) {
    const field = path.find((step) => typeof step === 'string' && Object.hasOwn(FINE, step)) as SettingsField;
    problems[field] = `problem.settings.${field}`;
  }
  return problems;
}
