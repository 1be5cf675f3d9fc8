import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { AdjustCount } from '../../flows/adjust-count.js';
import { ChangeSubscriber } from '../../flows/change-subscriber.js';
import { Erase } from '../../flows/erase.js';
import { ManageMails } from '../../flows/manage-mails.js';
import { RequestedMail } from '../../flows/requested-mail.js';
import { Database } from '../../platform/database.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { Id, line } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { emailOf, Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import type { PersonView } from './people-views.js';
import { PersonPage } from './person-page.js';
import { StaffPages } from './staff-pages.js';

const AdjustForm = z.object({ delta: Typed, reason: Typed, program: Typed });
const AddressForm = z.object({ email: Typed });
const EraseForm = z.object({ erase: Typed });
const AgainForm = z.object({ mail: z.uuid() });
const Reason = line(300);

/** What staff do for one reader, or to them. */
@ApiExcludeController()
@Controller('admin/p/:publication/people/:id')
export class PersonActsController {
  constructor(
    private readonly database: Database,
    private readonly adjustCount: AdjustCount,
    private readonly changeSubscriber: ChangeSubscriber,
    private readonly requestedMail: RequestedMail,
    private readonly manageMails: ManageMails,
    private readonly erasing: Erase,
    private readonly personPage: PersonPage,
    private readonly staffPages: StaffPages,
  ) {}

  @Post('adjust')
  @StaffCan('subscribers:adjust')
  async adjust(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AdjustForm }) typed: z.infer<typeof AdjustForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const delta = /^[+-]?\d{1,7}$/.test(typed.delta) ? Number(typed.delta) : 0;
    const reason = Reason.safeParse(typed.reason);
    const problems = {
      delta: delta === 0 || Math.abs(delta) > 1_000_000 ? 'problem.delta.invalid' : null,
      reason: reason.success ? null : 'problem.reason.invalid',
    };
    const again = (problems: Partial<PersonView['problems']>) =>
      this.again(desk, id, { typed, problems }, request, reply);
    if (problems.delta !== null || !reason.success) return again(problems);
    try {
      const adjusting = { program: typed.program || 'default', delta, reason: reason.data };
      const { count } = await this.adjustCount.run(desk.workplace.id, id, adjusting, by);
      return await this.goBack(reply, desk, id, 'count-adjusted', { count });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'adjustment/below-zero') throw error;
      return again({ delta: 'problem.delta.below-zero' });
    }
  }

  @Post('address')
  @StaffCan('subscribers:write')
  async changeAddress(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AddressForm }) typed: z.infer<typeof AddressForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { address, problem } = emailOf(typed.email);
    if (address === null) return this.again(desk, id, { typed, problems: { email: problem } }, request, reply);
    try {
      const changed = await this.changeSubscriber.run(desk.workplace.id, id, { email: address });
      if (changed === null) throw notFound();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'subscriber/email-taken') throw error;
      const problems = { email: 'problem.email.taken' };
      return this.again(desk, id, { typed, problems }, request, reply);
    }
    return this.goBack(reply, desk, id, 'address-changed');
  }

  @Post('hub-link')
  @StaffCan('subscribers:write')
  async hubLink(@Desk() desk: DeskVisit, @Param('id', { schema: Id }) id: string, @Res() reply: FastifyReply) {
    const reader = await this.found(desk, id);
    if (reader.status !== 'active') return this.goBack(reply, desk, id, 'hub-link-not', {}, 'warn');
    await this.requestedMail.hubLink(desk.workplace.id, id);
    return this.goBack(reply, desk, id, 'hub-link-sent');
  }

  @Post('mail-again')
  @StaffCan('subscribers:write')
  async mailAgain(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AgainForm }) { mail }: z.infer<typeof AgainForm>,
    @Res() reply: FastifyReply,
  ) {
    await this.found(desk, id);
    const managed = await this.manageMails.again(desk.workplace.id, mail, by);
    const said = managed === 'done' ? 'mail-again' : 'mail-again-before';
    return this.goBack(reply, desk, id, said, {}, managed === 'done' ? 'good' : 'warn');
  }

  @Post('erase')
  @StaffCan('subscribers:erase')
  async erase(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: EraseForm }) typed: z.infer<typeof EraseForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { email } = await this.found(desk, id);
    if (email !== null && typed.erase.toLowerCase() !== email.toLowerCase()) {
      const problems = { erase: 'problem.erase.other' };
      return this.again(desk, id, { typed, problems }, request, reply);
    }
    await this.erasing.run(desk.workplace.id, id);
    return this.goBack(reply, desk, id, 'person-erased');
  }

  private async found({ workplace }: DeskVisit, id: string) {
    const reader = await findSubscriber(this.database.reader, workplace.id, id);
    if (reader === null) throw notFound();
    return reader;
  }

  private goBack(
    reply: FastifyReply,
    { workplace }: DeskVisit,
    id: string,
    said: string,
    args: Record<string, number> = {},
    kind: 'good' | 'warn' = 'good',
  ) {
    return this.staffPages.goOn(reply, `/admin/p/${workplace.slug}/people/${id}`, said, args, kind);
  }

  private async again(
    desk: DeskVisit,
    id: string,
    mistake: { typed: Partial<PersonView['typed']>; problems: Partial<PersonView['problems']> },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const view = await this.personPage.view(desk, id, undefined, mistake);
    return this.staffPages.send(request, reply, 'person', view, 422);
  }
}

function notFound(): DomainError {
  return new DomainError('request/not-found', 'There is no such reader');
}
