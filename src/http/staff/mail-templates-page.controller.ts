import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeMailTemplate } from '../../flows/change-mail-template.js';
import { OWN_MESSAGES, ReadMailTemplates } from '../../flows/read-mail-templates.js';
import type { TemplateKey } from '../../mail/mail-template.store.js';
import type { MessageName } from '../../mail/messages.js';
import { TEMPLATE_FIELDS, type TemplateField, type TemplateTexts } from '../../mail/own/problem.js';
import { Database } from '../../platform/database.js';
import { namesOfActors } from '../../staff/actor.store.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed, TypedAsIs } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import type { MailTemplateView } from './mail-templates-views.js';
import { StaffPages } from './staff-pages.js';

const VERSIONS_SHOWN = 20;
/** A mail may bring its own styles and nothing else, and only our pages may show it. */
const PREVIEW_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; frame-ancestors 'self'; sandbox";

const Message = z.enum(OWN_MESSAGES as [MessageName, ...MessageName[]]);
const TemplateLocale = z.enum(['en', 'ja']);
const WordingForm = z.object({
  ...{ subject: TypedAsIs, html: TypedAsIs, text: TypedAsIs, sample: Typed },
  version: z.coerce.number().int().min(0).catch(0),
});
const RestoreForm = z.object({ version: z.coerce.number().int().min(1).catch(0) });
const PreviewQuery = z.object({ sample: Typed });

/** Mails in a publication's own words: checked before they are saved, seen before they are sent. */
@ApiExcludeController()
@Controller('admin/p/:publication/mail-templates')
export class MailTemplatesPageController {
  constructor(
    private readonly database: Database,
    private readonly readMailTemplates: ReadMailTemplates,
    private readonly changeMailTemplate: ChangeMailTemplate,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('mail-templates:read')
  async list(@Desk() { workplace }: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const standings = await this.readMailTemplates.list(workplace.id);
    const mails = OWN_MESSAGES.map((message) => ({
      message,
      named: `mailName.${message}`,
      languages: standings
        .filter((one) => one.message === message)
        .map(({ locale, isOwn, changedAt }) => ({ locale, isOwn, changedAt })),
    }));
    return this.staffPages.send(request, reply, 'mail-templates', { mails });
  }

  @Get(':message/:locale')
  @StaffCan('mail-templates:read')
  async edit(
    @Desk() desk: DeskVisit,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const view = await this.view(desk, { message, locale }, null, [], false);
    return this.staffPages.send(request, reply, 'mail-template', view);
  }

  @Post(':message/:locale')
  @StaffCan('mail-templates:write')
  async save(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Body({ schema: WordingForm }) form: z.infer<typeof WordingForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const key = { message, locale };
    const texts = textsOf(form);
    try {
      await this.changeMailTemplate.save(desk.workplace.id, key, texts, form.version, by);
    } catch (error) {
      const problems = problemsOf(error);
      const isChanged = error instanceof DomainError && error.code === 'mail-template/changed';
      if (problems.length === 0 && !isChanged) throw error;
      const view = await this.view(desk, key, texts, problems, isChanged);
      return this.staffPages.send(request, reply, 'mail-template', view, isChanged ? 409 : 422);
    }
    return this.staffPages.goOn(reply, pathOf(desk, key), 'template-saved');
  }

  /** The form is sent here, too, into the frames that show how its draft comes out. */
  @Post(':message/:locale/preview')
  @StaffCan('mail-templates:read')
  async previewDraft(
    @Desk() { workplace }: DeskVisit,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Body({ schema: WordingForm }) form: z.infer<typeof WordingForm>,
    @Res() reply: FastifyReply,
  ) {
    return this.showMail(reply, workplace.id, { message, locale }, textsOf(form), form.sample);
  }

  @Get(':message/:locale/preview')
  @StaffCan('mail-templates:read')
  async preview(
    @Desk() { workplace }: DeskVisit,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Query({ schema: PreviewQuery }) { sample }: z.infer<typeof PreviewQuery>,
    @Res() reply: FastifyReply,
  ) {
    return this.showMail(reply, workplace.id, { message, locale }, null, sample);
  }

  @Post(':message/:locale/remove')
  @StaffCan('mail-templates:write')
  async remove(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Res() reply: FastifyReply,
  ) {
    await this.changeMailTemplate.remove(desk.workplace.id, { message, locale }, by);
    return this.staffPages.goOn(reply, pathOf(desk, { message, locale }), 'template-removed');
  }

  /** An earlier wording in force again, as a new version. */
  @Post(':message/:locale/restore')
  @StaffCan('mail-templates:write')
  async restore(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Body({ schema: RestoreForm }) { version }: z.infer<typeof RestoreForm>,
    @Res() reply: FastifyReply,
  ) {
    const key = { message, locale };
    const page = { after: null, limit: VERSIONS_SHOWN };
    const found = await this.readMailTemplates.versions(desk.workplace.id, key, page);
    const texts = found.find((one) => one.version === version)?.texts ?? null;
    if (texts === null) throw new DomainError('request/not-found', 'There is no such wording');
    await this.changeMailTemplate.save(desk.workplace.id, key, texts, undefined, by);
    return this.staffPages.goOn(reply, pathOf(desk, key), 'template-saved');
  }

  @Post(':message/:locale/test')
  @StaffCan('mail-templates:write')
  async sendTest(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Res() reply: FastifyReply,
  ) {
    const key = { message, locale };
    const { email } = desk.account;
    const sent = await this.readMailTemplates.sendTest(desk.workplace.id, key, email, by);
    const said = sent ? 'template-test-sent' : 'template-test-before';
    return this.staffPages.goOn(reply, pathOf(desk, key), said, { email }, sent ? 'good' : 'warn');
  }

  private async showMail(
    reply: FastifyReply,
    publicationId: string,
    key: TemplateKey,
    draft: TemplateTexts | null,
    sample: string,
  ) {
    const answer = (status: number, html: string) =>
      reply
        .status(status)
        .header('content-security-policy', PREVIEW_POLICY)
        .header('x-frame-options', 'SAMEORIGIN')
        .type('text/html; charset=utf-8')
        .send(html);
    try {
      const { html } = await this.readMailTemplates.preview(publicationId, key, draft, sample || null);
      return await answer(200, html);
    } catch (error) {
      const problems = problemsOf(error);
      if (problems.length === 0) throw error;
      return answer(422, plainPage(problems));
    }
  }

  private async view(
    desk: DeskVisit,
    key: TemplateKey,
    typed: TemplateTexts | null,
    problems: MailTemplateView['problems'],
    isChanged: boolean,
  ): Promise<MailTemplateView> {
    const { id } = desk.workplace;
    const one = await this.readMailTemplates.one(id, key);
    const versions = await this.readMailTemplates.versions(id, key, { after: null, limit: VERSIONS_SHOWN });
    const names = await namesOfActors(
      this.database.reader,
      id,
      versions.map(({ actor }) => actor),
    );
    return {
      ...{ message: key.message, named: `mailName.${key.message}`, locale: key.locale },
      other: key.locale === 'en' ? 'ja' : 'en',
      isOwn: one.isOwn,
      version: one.version,
      typed: typed ?? one.texts,
      problems,
      isChanged,
      variables: one.variables,
      samples: one.samples,
      versions: versions.slice(0, VERSIONS_SHOWN).map(({ version, createdAt, actor, texts }) => ({
        ...{ version, at: createdAt, who: names.get(actor) ?? actor },
        isOurs: texts === null,
        isNow: version === one.version,
      })),
      mayChange: mayAt(desk, 'mail-templates:write'),
    };
  }
}

/** Browsers send line breaks as CRLF. */
function textsOf({ subject, html, text }: TemplateTexts): TemplateTexts {
  return { subject: subject.trim(), html: html.replaceAll('\r\n', '\n'), text: text.replaceAll('\r\n', '\n') };
}

function pathOf({ workplace }: DeskVisit, { message, locale }: TemplateKey): string {
  return `/admin/p/${workplace.slug}/mail-templates/${message}/${locale}`;
}

/** Empty for anything that is no mistake in a template. */
function problemsOf(error: unknown): MailTemplateView['problems'] {
  if (!(error instanceof DomainError) || error.code !== 'request/invalid') return [];
  return error.problems.map(({ path, line = 1, message }) => ({
    field: (TEMPLATE_FIELDS as readonly string[]).includes(path) ? (path as TemplateField) : 'html',
    line,
    message,
  }));
}

function plainPage(problems: MailTemplateView['problems']): string {
  const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const lines = problems.map(({ field, message }) => `<li>${field}, ${escape(message)}</li>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mistakes</title><ul>${lines.join('')}</ul></html>`;
}
