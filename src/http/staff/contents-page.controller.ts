import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { dayAfter } from '../../domain/local-time.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeContent } from '../../flows/change-content.js';
import { ExportSubscribers } from '../../flows/export-subscribers.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { FooterBlock } from '../../platform/pictures/footer-block.js';
import { Words } from '../../platform/words.js';
import { findContent, latestContents, listContents } from '../../publications/content.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { funnelCounts } from '../../reports/funnel.store.js';
import { PutContent } from '../api/contents.schema.js';
import { Slug } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import type { ContentField, ContentsView, SnippetsView } from './content-views.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { MAIL_PLATFORMS } from './mail-platforms.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const DAYS = 90;
/** As many contents as one may choose from. */
const LATEST = 30;
const ContentsQuery = z.object({ after: z.string().optional() });
const ContentForm = z.object({ slug: Typed, title: Typed, url: Typed, kind: Typed, description: Typed });
const NewContent = PutContent.extend({ slug: Slug });
const SnippetsQuery = z.object({ content: Typed, platform: Typed });
const EMPTY: ContentsView['typed'] = { slug: '', title: '', url: '', kind: 'issue', description: '' };
const FINE: ContentsView['problems'] = { slug: null, title: null, url: null, kind: null, description: null };

/** What can be shared, and the pieces of HTML that bring it to readers. */
@ApiExcludeController()
@Controller('admin/p/:publication')
export class ContentsPageController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly links: Links,
    private readonly words: Words,
    private readonly footerBlock: FooterBlock,
    private readonly changeContent: ChangeContent,
    private readonly exportSubscribers: ExportSubscribers,
    private readonly staffPages: StaffPages,
  ) {}

  @Get('contents')
  @StaffCan('contents:read')
  list(
    @Desk() desk: DeskVisit,
    @Query({ schema: ContentsQuery }) { after }: z.infer<typeof ContentsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.page(desk, { typed: EMPTY, problems: FINE }, after, request, reply);
  }

  @Post('contents')
  @StaffCan('contents:write')
  async put(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: ContentForm }) typed: z.infer<typeof ContentForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const parsed = NewContent.safeParse({ ...typed, description: typed.description || null });
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path: [field] }) => [field, `problem.content.${String(field)}`]);
      const problems = { ...FINE, ...(Object.fromEntries(wrong) as Partial<ContentsView['problems']>) };
      return this.page(desk, { typed, problems }, undefined, request, reply);
    }
    const { slug, title, url, kind, description = null } = parsed.data;
    const { id, slug: of } = desk.workplace;
    const known = await findContent(this.database.reader, id, slug);
    const publishedAt = known === null ? this.clock.now() : known.publishedAt;
    const { created } = await this.changeContent.run(id, slug, { title, url, kind, description, publishedAt }, by);
    const path = `/admin/p/${of}/snippets?content=${slug}`;
    return this.staffPages.goOn(reply, path, created ? 'content-made' : 'content-changed', { title });
  }

  @Get('snippets')
  @StaffCan('contents:read')
  async snippets(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: SnippetsQuery }) query: z.infer<typeof SnippetsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { locale, slug } = await getPublication(tx, workplace.id);
    const latest = await latestContents(tx, workplace.id, LATEST);
    const content = query.content === '' ? null : await findContent(tx, workplace.id, query.content);
    if (query.content !== '' && content === null) throw new DomainError('request/not-found');
    const platform = MAIL_PLATFORMS.find(({ key }) => key === query.platform) ?? MAIL_PLATFORMS[0]!;
    const say = (key: string) => String(this.words.say(locale, key, {}));
    const joinUrl = this.links.join(slug);
    const view: SnippetsView = {
      content: content && { slug: content.slug, title: content.title },
      contents: latest.map((one) => ({ slug: one.slug, title: one.title, current: one.slug === content?.slug })),
      platforms: MAIL_PLATFORMS.map(({ key, name }) => ({ key, name, current: key === platform.key })),
      platform: { ...platform, takesCode: platform.code !== null },
      locale,
      letter:
        platform.code === null
          ? anchor(this.links.hubDoor(slug), say('snippet.door'))
          : this.letterBlock(slug, platform.code, content?.slug, locale),
      site: anchor(`${joinUrl}?via=other`, say('snippet.join')),
      joinUrl,
      picture: this.links.card(slug, content?.slug ?? null),
      script: `<script src="${this.links.base}/embed.js" data-publication="${slug}" defer></script>`,
    };
    return this.staffPages.send(request, reply, 'snippets', view);
  }

  /** Share codes, links and counts of all readers, for a mail platform. */
  @Get('subscribers.csv')
  @StaffCan('subscribers:export')
  async readers(@Desk() { workplace }: DeskVisit, @Res() reply: FastifyReply) {
    const publication = await getPublication(this.database.reader, workplace.id);
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="subscribers.csv"')
      .send(Readable.from(this.exportSubscribers.csv(publication, null)));
  }

  private letterBlock(publication: string, code: string, content: string | undefined, locale: 'en' | 'ja'): string {
    const path = content === undefined ? '' : `/${content}`;
    const links = {
      shareUrl: `${this.links.base}/r/${code}${path}`,
      hubUrl: this.links.hubDoor(publication),
      footerUrl: `${this.links.base}/footer/${code}.png`,
    };
    return this.footerBlock.piece(links, String(this.words.say(locale, 'snippet.alt', {})), locale);
  }

  private async page(
    desk: DeskVisit,
    { typed, problems }: { typed: Record<ContentField, string>; problems: ContentsView['problems'] },
    after: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const { id } = desk.workplace;
    const tx = this.database.reader;
    const page = pageRequest({ limit: PER_PAGE, after });
    const { data, nextCursor } = pageOf(await listContents(tx, id, page), page);
    const { timezone } = await getPublication(tx, id);
    const days = { from: dayAfter(this.clock.now(), 1 - DAYS, timezone), to: null, timezone };
    const counts = new Map((await funnelCounts(tx, id, ['content'], days)).map((row) => [row.keys[0], row]));
    const view: ContentsView = {
      contents: data.map(({ slug, title, url, kind, publishedAt }) => {
        const { clicks = 0, signups = 0, verified = 0 } = counts.get(slug) ?? {};
        return { slug, title, url, kind, publishedAt, clicks, signups, verified };
      }),
      days: DAYS,
      typed,
      problems,
      mayWrite: mayAt(desk, 'contents:write'),
      older: nextCursor === null ? null : `?after=${nextCursor}`,
    };
    const isWrong = Object.values(problems).some((problem) => problem !== null);
    return this.staffPages.send(request, reply, 'contents', view, isWrong ? 422 : 200);
  }
}

function anchor(url: string, text: string): string {
  return `<p><a href="${url}">${text}</a></p>`;
}
