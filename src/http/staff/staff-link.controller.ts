import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type OpenLink, UseStaffLink } from '../../flows/use-staff-link.js';
import { localeOf } from '../locale-of.js';
import { Public } from '../policy.js';
import { browserOf } from './browser-of.js';
import { emailOf, nameProblem, passwordProblem, Typed, TypedAsIs } from './form.js';
import { StaffCookie } from './staff-cookie.js';
import { StaffPages } from './staff-pages.js';
import type { StaffLinkView } from './staff-views.js';

const Token = z.string().max(200);
const AcceptForm = z.object({ email: Typed, name: Typed, password: TypedAsIs });
const NOTHING_TYPED = { email: '', name: '', password: '' };

/**
 * A link that lets somebody in once: the first account, an invitation, a mailed sign-in. Opening it changes nothing, since mail
 * scanners open everything; the button does.
 */
@ApiExcludeController()
@Controller('admin/links/:token')
export class StaffLinkController {
  constructor(
    private readonly useStaffLink: UseStaffLink,
    private readonly cookie: StaffCookie,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @Public()
  async show(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const link = await this.useStaffLink.read(token);
    if (link === null) return this.staffPages.send(request, reply, 'staff-link-over', {}, 410);
    const fine = { email: null, name: null, password: null };
    return this.staffPages.send(request, reply, 'staff-link', linkView(token, link, NOTHING_TYPED, fine));
  }

  @Post()
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: AcceptForm.catch(NOTHING_TYPED) }) form: z.infer<typeof AcceptForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const link = await this.useStaffLink.read(token);
    if (link === null) return this.staffPages.send(request, reply, 'staff-link-over', {}, 410);
    const { address, problems } = judge(link, form);
    if (Object.values(problems).some((problem) => problem !== null)) {
      return this.staffPages.send(request, reply, 'staff-link', linkView(token, link, form, problems), 422);
    }
    const password = form.password === '' ? null : form.password;
    const newcomer = link.isNew ? { address, name: form.name, password, locale: localeOf(request) } : null;
    const session = await this.useStaffLink.accept(token, newcomer, browserOf(request, this.cookie));
    if (session === null) return this.staffPages.send(request, reply, 'staff-link-over', {}, 410);
    this.cookie.setSession(reply, session);
    const to = link.publication === null ? '/admin' : `/admin/p/${link.publication.slug}`;
    return this.staffPages.goOn(reply, to, link.purpose === 'sign_in' ? undefined : 'welcome');
  }
}

/** What is wrong with what somebody new says of themselves. */
function judge(link: OpenLink, form: z.infer<typeof AcceptForm>) {
  const fine = { email: null, name: null, password: null };
  if (!link.isNew) return { address: null, problems: fine };
  const isFirst = link.purpose === 'first';
  const { address, problem } = isFirst ? emailOf(form.email) : { address: null, problem: null };
  // The first one may have no other way in: mail may not work yet.
  const password = passwordProblem(form.password, isFirst);
  return { address, problems: { email: problem, name: nameProblem(form.name), password } };
}

function linkView(
  token: string,
  link: OpenLink,
  typed: StaffLinkView['typed'],
  problems: StaffLinkView['problems'],
): StaffLinkView {
  const { purpose, email, role, invitedBy, expiresAt, isNew, publication } = link;
  return {
    purpose,
    action: `/admin/links/${token}`,
    email,
    role,
    invitedBy,
    to: publication?.name ?? null,
    expiresAt,
    isNew,
    typed: { email: typed.email, name: typed.name },
    problems,
  };
}
