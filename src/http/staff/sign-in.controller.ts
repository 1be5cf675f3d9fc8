import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SIGN_IN_LINK_MINUTES } from '../../domain/staff.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { MailSignInLink } from '../../flows/mail-sign-in-link.js';
import { SignIn } from '../../flows/sign-in.js';
import { Clock } from '../../platform/clock.js';
import { Public } from '../policy.js';
import { browserOf } from './browser-of.js';
import { emailOf, ownPath, Typed, TypedAsIs } from './form.js';
import { StaffCookie } from './staff-cookie.js';
import { StaffPages } from './staff-pages.js';

const Next = z.object({ next: Typed });
const SignInForm = z.object({ email: Typed, password: TypedAsIs, next: Typed });
const LinkForm = z.object({ email: Typed });
const NOTHING_TYPED = { email: '', password: '', next: '' };

/** The door of the pages for staff: address and password, or a link by mail. */
@ApiExcludeController()
@Controller('admin/sign-in')
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly mailSignInLink: MailSignInLink,
    private readonly limitForms: LimitForms,
    private readonly clock: Clock,
    private readonly cookie: StaffCookie,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @Public()
  door(
    @Query({ schema: Next }) { next }: z.infer<typeof Next>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const view = { typed: { email: '' }, problem: null, minutes: 0, next: ownPath(next) };
    return this.staffPages.send(request, reply, 'sign-in', view);
  }

  @Post()
  @Public()
  async enter(
    @Body({ schema: SignInForm.catch(NOTHING_TYPED) }) form: z.infer<typeof SignInForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const next = ownPath(form.next);
    const typed = { email: form.email.slice(0, 254) };
    const { address } = emailOf(form.email);
    // What is no address is nobody's: it is answered as such, after the same work.
    const key = address?.emailKey ?? 'nobody';
    const signedIn = await this.signIn.run(
      key,
      form.password.slice(0, 1_000),
      request.ip,
      browserOf(request, this.cookie),
    );
    if (signedIn.kind === 'in') {
      this.cookie.setSession(reply, signedIn.token);
      return this.staffPages.goOn(reply, next ?? '/admin');
    }
    if (signedIn.kind === 'refused') {
      return this.staffPages.send(request, reply, 'sign-in', { typed, problem: 'refused', minutes: 0, next }, 422);
    }
    const wait = signedIn.until.getTime() - this.clock.now().getTime();
    void reply.header('retry-after', String(Math.ceil(wait / 1_000)));
    const paused = { typed, problem: 'paused' as const, minutes: Math.ceil(wait / 60_000), next };
    return this.staffPages.send(request, reply, 'sign-in', paused, 429);
  }

  @Get('link')
  @Public()
  askForLink(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const view = { sent: false, minutes: SIGN_IN_LINK_MINUTES, typed: { email: '' }, problems: { email: null } };
    return this.staffPages.send(request, reply, 'sign-in-link', view);
  }

  @Post('link')
  @Public()
  async sendLink(
    @Body({ schema: LinkForm.catch({ email: '' }) }) form: z.infer<typeof LinkForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { address, problem } = emailOf(form.email);
    const view = { minutes: SIGN_IN_LINK_MINUTES, typed: { email: form.email.slice(0, 254) } };
    if (address === null) {
      return this.staffPages.send(
        request,
        reply,
        'sign-in-link',
        { ...view, sent: false, problems: { email: problem } },
        422,
      );
    }
    await this.limitForms.pass(request.ip);
    await this.mailSignInLink.run(address.emailKey);
    return this.staffPages.send(request, reply, 'sign-in-link', { ...view, sent: true, problems: { email: null } });
  }
}
