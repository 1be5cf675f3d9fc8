import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ChangeOwnPassword } from '../../flows/change-own-password.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { updateAccount } from '../../staff/account.store.js';
import { deleteOtherSessions, deleteOwnSession, listSessions } from '../../staff/session.store.js';
import { SignedIn } from '../policy.js';
import type { AccountView } from './account-views.js';
import { nameProblem, passwordProblem, Typed, TypedAsIs } from './form.js';
import { Staff, type StaffVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const NameForm = z.object({ name: Typed });
const PasswordForm = z.object({ present: TypedAsIs, password: TypedAsIs });
const SessionForm = z.object({ session: Typed });
const FINE: AccountView['problems'] = { name: null, present: null, password: null };

/** What somebody sees and changes of their own account, whichever publications they work on. */
@ApiExcludeController()
@Controller('admin/account')
export class AccountController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly changeOwnPassword: ChangeOwnPassword,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @SignedIn()
  show(@Staff() visit: StaffVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.page(visit, {}, request, reply);
  }

  @Post('name')
  @SignedIn()
  async rename(
    @Staff() visit: StaffVisit,
    @Body({ schema: NameForm }) { name }: z.infer<typeof NameForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const problem = nameProblem(name);
    if (problem !== null) return this.page(visit, { typed: { name }, problems: { name: problem } }, request, reply);
    await updateAccount(this.database.reader, visit.account.id, { name });
    return this.staffPages.goOn(reply, '/admin/account', 'renamed');
  }

  @Post('password')
  @SignedIn()
  async changePassword(
    @Staff() visit: StaffVisit,
    @Body({ schema: PasswordForm }) typed: z.infer<typeof PasswordForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const problem = passwordProblem(typed.password, true);
    if (problem !== null) return this.page(visit, { problems: { password: problem } }, request, reply);
    const present = typed.present.slice(0, 1_000);
    const done = await this.changeOwnPassword.run(visit.account, { ...typed, present }, visit.tokenHash);
    if (done === 'changed') return this.staffPages.goOn(reply, '/admin/account', 'password-changed');
    return this.page(visit, { problems: { present: `problem.present.${done}` } }, request, reply);
  }

  @Post('sessions/end')
  @SignedIn()
  async endSession(
    @Staff() { account }: StaffVisit,
    @Body({ schema: SessionForm }) { session }: z.infer<typeof SessionForm>,
    @Res() reply: FastifyReply,
  ) {
    await deleteOwnSession(this.database.reader, account.id, Buffer.from(session, 'hex'));
    return this.staffPages.goOn(reply, '/admin/account', 'session-ended');
  }

  @Post('sessions/end-others')
  @SignedIn()
  async endOthers(@Staff() { account, tokenHash }: StaffVisit, @Res() reply: FastifyReply) {
    await deleteOtherSessions(this.database.reader, account.id, tokenHash);
    return this.staffPages.goOn(reply, '/admin/account', 'sessions-ended');
  }

  private async page(
    { account, tokenHash }: StaffVisit,
    { typed, problems }: { typed?: AccountView['typed']; problems?: Partial<AccountView['problems']> },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const sessions = await listSessions(this.database.reader, account.id, this.clock.now());
    const view: AccountView = {
      email: account.email,
      hasPassword: account.passwordHash !== null,
      sessions: sessions.map(({ tokenHash: hash, browser, lastUsedAt }) => ({
        id: hash.toString('hex'),
        browser,
        lastUsedAt,
        isThis: hash.equals(tokenHash),
      })),
      typed: typed ?? { name: account.name },
      problems: { ...FINE, ...problems },
    };
    return this.staffPages.send(request, reply, 'account', view, problems === undefined ? 200 : 422);
  }
}
