import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Database } from '../../platform/database.js';
import { listWorkplaces, updateAccount } from '../../staff/account.store.js';
import { deleteSession } from '../../staff/session.store.js';
import { SignedIn } from '../policy.js';
import { ownPath, Typed } from './form.js';
import { Staff, type StaffVisit } from './guard.js';
import { StaffCookie } from './staff-cookie.js';
import { StaffPages } from './staff-pages.js';

const LanguageForm = z.object({ locale: z.enum(['en', 'ja']), back: Typed });

/** What belongs to the person who is signed in and to no publication. */
@ApiExcludeController()
@Controller('admin')
export class StaffHomeController {
  constructor(
    private readonly database: Database,
    private readonly cookie: StaffCookie,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @SignedIn()
  async home(@Staff() { account }: StaffVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const [first] = await listWorkplaces(this.database.reader, account);
    if (first !== undefined) return this.staffPages.goOn(reply, `/admin/p/${first.slug}`);
    return this.staffPages.send(request, reply, 'no-workplace', { operator: account.operator });
  }

  @Post('sign-out')
  @SignedIn()
  async signOut(@Staff() { tokenHash }: StaffVisit, @Res() reply: FastifyReply) {
    await deleteSession(this.database.reader, tokenHash);
    this.cookie.clearSession(reply);
    return this.staffPages.goOn(reply, '/admin/sign-in', 'signed-out');
  }

  @Post('language')
  @SignedIn()
  async language(
    @Staff() { account }: StaffVisit,
    @Body({ schema: LanguageForm }) { locale, back }: z.infer<typeof LanguageForm>,
    @Res() reply: FastifyReply,
  ) {
    await updateAccount(this.database.reader, account.id, { locale });
    return this.staffPages.goOn(reply, ownPath(back) ?? '/admin');
  }
}
