import { Injectable } from '@nestjs/common';
import type Handlebars from 'handlebars';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Pages } from '../../platform/pages.js';
import type { Locale } from '../../platform/templates.js';
import { Words } from '../../platform/words.js';
import { getPublication } from '../../publications/publication.store.js';
import { countWaiting } from '../../reports/waiting.store.js';
import { listWorkplaces } from '../../staff/account.store.js';
import { localeOf } from '../locale-of.js';
import { sendPage } from '../public/send-page.js';
import type { StaffVisit } from './guard.js';
import { navOf, type NavView } from './nav.js';
import { type Flash, StaffCookie } from './staff-cookie.js';
import type { StaffViews } from './staff-views.js';

/** What is around every page for staff. */
export interface StaffFrame {
  now: Date;
  /** null where the page belongs to no publication; `timezone` is then UTC's. */
  publication: { slug: string | null; name: string | null; timezone: string };
  frame: {
    /** null for who is not signed in: then the page stands alone, as a door. */
    desk: {
      /** `/admin/p/{slug}`, the beginning of every path of the publication; null without one. */
      base: string | null;
      account: { name: string; email: string };
      role: string;
      nav: NavView[];
      switcher: { name: string; href: string }[];
    } | null;
    flash: { kind: Flash['kind']; text: string | Handlebars.SafeString } | null;
    /** The path and query of this page, for coming back to it. */
    here: string;
  };
}

type Framed = { [Page in keyof StaffViews]: StaffViews[Page] & StaffFrame };

/** Answers pages for staff, with the frame around them. */
@Injectable()
export class StaffPages {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly pages: Pages<Framed>,
    private readonly words: Words,
    private readonly cookie: StaffCookie,
  ) {}

  /** Sends a page to who is signed in, or to somebody at the door. The language is that of the account, else of the browser. */
  async send<Page extends keyof StaffViews>(
    request: FastifyRequest,
    reply: FastifyReply,
    page: Page,
    view: StaffViews[Page],
    status = 200,
  ): Promise<FastifyReply> {
    return sendPage(reply, status, await this.render(request, reply, page, view));
  }

  /** As send, for who sends it otherwise. */
  async render<Page extends keyof StaffViews>(
    request: FastifyRequest,
    reply: FastifyReply,
    page: Page,
    view: StaffViews[Page],
  ): Promise<string> {
    const locale = request.staff?.account.locale ?? localeOf(request);
    const frame = await this.frame(request, locale, this.cookie.takeFlash(request, reply));
    return this.pages.render(page, locale, { ...view, ...frame } as Framed[Page]);
  }

  /** After a form: on to a page, which says what was done. `path` begins with `/admin`. */
  goOn(reply: FastifyReply, path: string, said?: string, args: Flash['args'] = {}, kind: Flash['kind'] = 'good') {
    if (said !== undefined) this.cookie.setFlash(reply, { key: said, kind, args });
    return reply.redirect(path, 303);
  }

  private async frame(request: FastifyRequest, locale: Locale, flash: Flash | null): Promise<StaffFrame> {
    const { staff: visit, url: here } = request;
    const workplace = visit?.workplace ?? null;
    const settings = workplace && (await getPublication(this.database.reader, workplace.id));
    return {
      now: this.clock.now(),
      publication: {
        slug: workplace?.slug ?? null,
        name: workplace?.name ?? null,
        timezone: settings?.timezone ?? 'UTC',
      },
      frame: { desk: visit && (await this.desk(visit, here)), flash: flash && this.say(locale, flash), here },
    };
  }

  private async desk({ account, workplace }: StaffVisit, here: string) {
    const workplaces = await listWorkplaces(this.database.reader, account);
    const base = workplace && `/admin/p/${workplace.slug}`;
    const path = base === null ? '' : (here.split('?')[0] ?? '').slice(base.length);
    return {
      base,
      account: { name: account.name, email: account.email },
      role: account.operator ? 'operator' : (workplace?.role ?? 'none'),
      nav:
        workplace === null || base === null ? [] : navOf(workplace.role, base, path, await this.waiting(workplace.id)),
      switcher: workplaces.map(({ slug, name }) => ({ name, href: `/admin/p/${slug}` })),
    };
  }

  /** What waits for somebody, by the key of its page. */
  private async waiting(publicationId: string): Promise<Record<string, number>> {
    const { review, grants, mails } = await countWaiting(this.database.reader, publicationId);
    return { review, grants, outbox: mails };
  }

  /** Null for what a cookie of another release or hand asks for. */
  private say(locale: Locale, { key, kind, args }: Flash): StaffFrame['frame']['flash'] {
    try {
      return { kind, text: this.words.say(locale, `flash.${key}`, args) };
    } catch {
      return null;
    }
  }
}
