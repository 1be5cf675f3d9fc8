import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError, invalid } from '../../domain/errors.js';
import { Tick } from '../../flows/tick.js';
import { findReceived, listReceived } from '../../mail/received-mail.store.js';
import type { ReceivedMail } from '../../mail/mail.entities.js';
import { Clock } from '../../platform/clock.js';
import { CONFIG, type Config, isLoopbackHost } from '../../platform/config.js';
import { Database } from '../../platform/database.js';
import { Pages } from '../../platform/pages.js';
import { Instant } from '../api/fields.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';

const MAILS_SHOWN = 2_000;
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
const ClockChange = z.union(
  [
    z.strictObject({ now: Instant.nullable() }),
    z.strictObject({
      advance: z
        .string()
        .regex(/^P(?=.)(\d+W|(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)$/, 'must be a duration such as P7D or PT15M'),
    }),
  ],
  {
    error: 'must be {"now": time or null} or {"advance": duration}',
  },
);

/** Tools for developing and for checks. They answer only on this machine, and only where DEV_TOOLS is on. */
@ApiExcludeController()
@Controller('dev')
export class DevController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tick: Tick,
    private readonly pages: Pages<PageViews>,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('mail')
  @Public()
  async mailbox(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    this.onlyHere(request);
    const mails = (await listReceived(this.database.reader, MAILS_SHOWN)).map(({ id, recipient, subject, at }) => ({
      id,
      to: recipient,
      subject,
      at: `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    }));
    return html(reply, this.pages.render('dev-mail', 'en', { mails }));
  }

  @Get('mail.json')
  @Public()
  async mailboxJson(@Req() request: FastifyRequest) {
    this.onlyHere(request);
    const mails = await listReceived(this.database.reader, MAILS_SHOWN);
    return mails.map(({ id, recipient, subject, headers, text, html, at }) => ({
      id,
      to: recipient,
      subject,
      headers,
      text,
      html,
      at,
    }));
  }

  @Get('mail/:id.html')
  @Public()
  async mailHtml(
    @Param('id', { schema: z.uuid() }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    this.onlyHere(request);
    // A mail's styles are inline. It runs nothing; its links open beside the mailbox, as pages of their own.
    void reply.header('content-security-policy', MAIL_POLICY);
    const { html: mail } = await this.mail(id);
    return html(reply, mail.replace('<head>', '<head><base target="_blank">'));
  }

  @Get('mail/:id.txt')
  @Public()
  async mailText(
    @Param('id', { schema: z.uuid() }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    this.onlyHere(request);
    return reply.type('text/plain; charset=utf-8').send((await this.mail(id)).text);
  }

  @Post('clock')
  @HttpCode(200)
  @Public()
  moveClock(@Req() request: FastifyRequest, @Body({ schema: ClockChange }) change: z.infer<typeof ClockChange>) {
    this.onlyHere(request);
    if (this.config.role !== 'all') {
      throw invalid('now', 'only a service that is one process (ROLE=all) has a clock to move');
    }
    if ('advance' in change) this.clock.set(new Date(this.clock.now().getTime() + milliseconds(change.advance)));
    else this.clock.set(change.now === null ? null : new Date(change.now));
    return { now: this.clock.now() };
  }

  @Post('tick')
  @HttpCode(200)
  @Public()
  async runTick(@Req() request: FastifyRequest) {
    this.onlyHere(request);
    const stuck = await this.tick.run();
    if (stuck !== null) throw new DomainError('service/stuck', stuck);
    return { now: this.clock.now() };
  }

  /** Behind a proxy every request comes from this machine, so the Host and the proxy's header decide, not the address. */
  private onlyHere(request: FastifyRequest): void {
    const forwarded = Object.keys(request.headers).some(
      (name) => name.startsWith('x-forwarded-') || name === 'forwarded',
    );
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!this.config.devTools || forwarded || !isLoopbackHost(host)) throw new DomainError('request/not-found');
  }

  private async mail(id: string): Promise<ReceivedMail> {
    const mail = await findReceived(this.database.reader, id);
    if (mail === null) throw new DomainError('request/not-found');
    return mail;
  }
}

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
}

const UNIT_SECONDS: Record<string, number> = { W: 604_800, D: 86_400, H: 3_600, M: 60, S: 1 };

/** An ISO 8601 duration of weeks or of days, hours, minutes and seconds. */
function milliseconds(duration: string): number {
  return [...duration.matchAll(/(\d+)([WDHMS])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_SECONDS[unit!] ?? 0) * 1_000,
    0,
  );
}
