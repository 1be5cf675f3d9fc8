import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { STAFF_ROLES } from '../../domain/staff.js';
import { InviteStaff } from '../../flows/invite-staff.js';
import { ManageStaff } from '../../flows/manage-staff.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { listColleagues } from '../../staff/account.store.js';
import { listInvitations } from '../../staff/link.store.js';
import { Id } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { emailOf, Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';
import type { ColleaguesView } from './staff-views.js';

const InviteForm = z.object({ email: Typed, role: z.enum(STAFF_ROLES) });
const RoleForm = z.object({ role: z.enum(STAFF_ROLES) });

/** Who works on a publication, and as what. */
@ApiExcludeController()
@Controller('admin/p/:publication/staff')
export class ColleaguesController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly inviteStaff: InviteStaff,
    private readonly manageStaff: ManageStaff,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('staff:manage')
  async list(@Desk() desk: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const view = await this.view(desk, { email: '', role: 'editor' }, null);
    return this.staffPages.send(request, reply, 'colleagues', view);
  }

  @Post()
  @StaffCan('staff:manage')
  async invite(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: InviteForm }) { email, role }: z.infer<typeof InviteForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { address, problem } = emailOf(email);
    const from = { id: desk.account.id, name: desk.account.name };
    const outcome =
      address === null ? null : await this.inviteStaff.byMail(desk.workplace.id, { address, role, from }, by);
    if (outcome === 'invited') return this.goBack(reply, desk, 'invited', { email });
    const view = await this.view(desk, { email, role }, problem ?? 'problem.email.here-already');
    return this.staffPages.send(request, reply, 'colleagues', view, 422);
  }

  @Post('invitations/:id/take-back')
  @StaffCan('staff:manage')
  async takeBack(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Res() reply: FastifyReply,
  ) {
    await this.manageStaff.takeBack(desk.workplace.id, id, by);
    return this.goBack(reply, desk, 'uninvited');
  }

  @Post(':id/role')
  @StaffCan('staff:manage')
  async changeRole(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RoleForm }) { role }: z.infer<typeof RoleForm>,
    @Res() reply: FastifyReply,
  ) {
    await this.manageStaff.changeRole(desk.workplace.id, id, role, by);
    return this.goBack(reply, desk, 'role-changed');
  }

  @Post(':id/remove')
  @StaffCan('staff:manage')
  async remove(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Res() reply: FastifyReply,
  ) {
    await this.manageStaff.remove(desk.workplace.id, id, by);
    return this.goBack(reply, desk, 'colleague-removed');
  }

  private goBack(reply: FastifyReply, { workplace }: DeskVisit, said: string, args: Record<string, string> = {}) {
    return this.staffPages.goOn(reply, `/admin/p/${workplace.slug}/staff`, said, args);
  }

  private async view(
    { account, workplace }: DeskVisit,
    typed: ColleaguesView['typed'],
    problem: string | null,
  ): Promise<ColleaguesView> {
    const colleagues = await listColleagues(this.database.reader, workplace.id);
    const invitations = await listInvitations(this.database.reader, workplace.id, this.clock.now());
    return {
      colleagues: colleagues.map(({ accountId: id, ...one }) => ({ id, ...one, isYou: id === account.id })),
      invitations: invitations.map(({ id, email, role, expiresAt }) => ({
        id,
        email: email ?? '',
        role: role ?? 'editor',
        expiresAt: expiresAt ?? this.clock.now(),
      })),
      roles: STAFF_ROLES,
      typed,
      problems: { email: problem },
    };
  }
}
