import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StaffActor } from '../../domain/permissions.js';
import { ReadMailTemplates } from '../../flows/read-mail-templates.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { getPublication } from '../../publications/publication.store.js';
import { type SetUpFacts, readSetUpFacts } from '../../reports/waiting.store.js';
import type { Publication } from '../../publications/publication.entities.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { StaffPages } from './staff-pages.js';
import type { SetUpView } from './staff-views.js';

/** What a publication needs until the first thank-you, each step told by what has happened. */
@ApiExcludeController()
@Controller('admin/p/:publication/set-up')
export class SetUpController {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly readMailTemplates: ReadMailTemplates,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('reports:read')
  async show(@Desk() desk: DeskVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const publication = await getPublication(this.database.reader, desk.workplace.id);
    const steps = stepsOf(publication, await readSetUpFacts(this.database.reader, publication.id));
    const view: SetUpView = {
      steps,
      left: steps.filter(({ done }) => !done).length,
      sender: { name: publication.fromName ?? publication.name, email: publication.fromEmail, postalAddress: publication.postalAddress }, // prettier-ignore
      joinUrl: this.links.join(publication.slug),
      email: desk.account.email,
      may: {
        sender: mayAt(desk, 'publications:write'),
        mail: mayAt(desk, 'mail-templates:write'),
        rewards: mayAt(desk, 'programs:write'),
        readers: mayAt(desk, 'imports:write'),
      },
    };
    return this.staffPages.send(request, reply, 'set-up', view);
  }

  /** To who presses: the welcome mail with sample data. */
  @Post('mail')
  @StaffCan('mail-templates:write')
  async sendTest(@Desk() { workplace, account }: DeskVisit, @Actor() by: StaffActor, @Res() reply: FastifyReply) {
    const key = { message: 'welcome', locale: account.locale } as const;
    const sent = await this.readMailTemplates.sendTest(workplace.id, key, account.email, by);
    const said = sent ? 'template-test-sent' : 'template-test-before';
    return this.staffPages.goOn(reply, `/admin/p/${workplace.slug}/set-up`, said, { email: account.email });
  }
}

/** In the order in which they are done. */
export function stepsOf({ postalAddress }: Publication, facts: SetUpFacts): SetUpView['steps'] {
  return [
    { key: 'sender', done: postalAddress !== null },
    { key: 'mail', done: facts.mailSent },
    { key: 'readers', done: facts.hasReaders },
    { key: 'rewards', done: facts.hasRewards },
    { key: 'links', done: facts.hasClicks },
  ];
}
