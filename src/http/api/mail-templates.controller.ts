import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeMailTemplate } from '../../flows/change-mail-template.js';
import { OWN_MESSAGES, ReadMailTemplates } from '../../flows/read-mail-templates.js';
import type { MessageName } from '../../mail/messages.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, listOf } from './fields.js';
import { Operation } from './operation.js';

const Message = z.enum(OWN_MESSAGES as [MessageName, ...MessageName[]]).meta({ example: 'welcome' });
const TemplateLocale = z.enum(['en', 'ja']);
const Texts = z.strictObject({
  subject: z.string().max(1_000),
  html: z.string().max(90_000).meta({ description: 'What stands between the head and the foot of the layout.' }),
  text: z.string().max(50_000),
});
const Wording = Texts.extend({
  version: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The version that the change began from; another one in force is a 409.' }),
});
const Draft = z
  .strictObject({
    draft: Texts.nullish().meta({ description: 'Without it: what is sent now.' }),
    sample: z.string().max(40).nullish(),
  })
  .nullish();

const Standing = z.object({
  message: Message,
  locale: TemplateLocale,
  isOwn: z.boolean(),
  version: z.int().meta({ description: '0 where there never was a wording of your own.' }),
  changedAt: AnsweredInstant.nullable(),
});
const TemplateAnswer = Standing.extend({
  texts: Texts,
  variables: z.array(z.string()).meta({ description: 'What may stand between braces.' }),
  samples: z.array(z.string()),
}).meta({ id: 'MailTemplate' });
const VersionAnswer = z
  .object({
    version: z.int(),
    texts: Texts.nullable().meta({ description: 'null: back to the wording that comes with the product.' }),
    actor: z.string(),
    at: AnsweredInstant,
  })
  .meta({ id: 'MailTemplateVersion' });
const Rendered = z.object({ subject: z.string(), html: z.string(), text: z.string() }).meta({ id: 'RenderedMail' });

/** Mails in a publication's own words. */
@ApiTags('mail templates')
@Controller('api/v1/mail-templates')
export class MailTemplatesController {
  constructor(
    private readonly readMailTemplates: ReadMailTemplates,
    private readonly changeMailTemplate: ChangeMailTemplate,
  ) {}

  @Get()
  @Operation({ summary: 'Every mail, in both languages', can: 'mail-templates:read', answer: listOf(Standing) })
  async list(@PublicationId() publicationId: string) {
    const standings = await this.readMailTemplates.list(publicationId);
    return {
      data: standings.map((one) => ({ ...one, changedAt: one.changedAt?.toISOString() ?? null })),
      nextCursor: null,
    };
  }

  @Get(':message/:locale')
  @Operation({ summary: 'One mail as it is worded now', can: 'mail-templates:read', answer: TemplateAnswer })
  async get(
    @PublicationId() publicationId: string,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
  ) {
    const found = await this.readMailTemplates.one(publicationId, { message, locale });
    return { ...found, changedAt: found.changedAt?.toISOString() ?? null };
  }

  @Put(':message/:locale')
  @Operation({
    summary: 'Word a mail yourself: checked as a whole, with line and column of each mistake',
    can: 'mail-templates:write',
    answer: TemplateAnswer,
    errors: ['mail-template/changed'],
  })
  async put(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Body({ schema: Wording }) { version, ...texts }: z.infer<typeof Wording>,
  ) {
    await this.changeMailTemplate.save(publicationId, { message, locale }, texts, version, by);
    return this.get(publicationId, message, locale);
  }

  @Delete(':message/:locale')
  @Operation({
    summary: 'Back to the wording that comes with the product; the versions stay',
    can: 'mail-templates:write',
    answer: null,
  })
  async remove(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
  ) {
    await this.changeMailTemplate.remove(publicationId, { message, locale }, by);
  }

  @Get(':message/:locale/versions')
  @Operation({ summary: 'What was saved, newest first', can: 'mail-templates:read', answer: listOf(VersionAnswer) })
  async versions(
    @PublicationId() publicationId: string,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ) {
    const page = pageRequest(query);
    const found = await this.readMailTemplates.versions(publicationId, { message, locale }, page);
    const { data, nextCursor } = pageOf(found, page);
    return {
      data: data.map(({ version, texts, actor, createdAt }) => ({
        version,
        texts,
        actor,
        at: createdAt.toISOString(),
      })),
      nextCursor,
    };
  }

  @Post(':message/:locale/preview')
  @HttpCode(200)
  @Operation({
    summary: 'How a draft, or what is sent now, comes out with sample data',
    can: 'mail-templates:read',
    answer: Rendered,
  })
  preview(
    @PublicationId() publicationId: string,
    @Param('message', { schema: Message }) message: MessageName,
    @Param('locale', { schema: TemplateLocale }) locale: 'en' | 'ja',
    @Body({ schema: Draft }) body: z.infer<typeof Draft>,
  ) {
    return this.readMailTemplates.preview(
      publicationId,
      { message, locale },
      body?.draft ?? null,
      body?.sample ?? null,
    );
  }
}
