import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type AtDoor, EnterProgram } from '../../flows/enter-program.js';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import type { ProgramStandingView } from '../program-views.js';
import { Public } from '../policy.js';
import { HubVisits } from './hub-visits.js';
import { formFields, shownProgram, shownRequirements } from './program-view.js';
import { pagePublication } from './publication-page.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Name = z.string().max(1_000);
/** The program says which fields there are. */
const AnyForm = z.record(z.string(), z.unknown()).catch({});

/** A reader at the door of a program, by the token of their own page: what it is, the button, and afterwards how it stands. */
@ApiExcludeController()
@Controller('hub/:token/programs/:program')
export class ProgramDoorController {
  constructor(
    private readonly enterProgram: EnterProgram,
    private readonly visits: HubVisits,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
  ) {}

  @Get()
  @Public()
  async look(
    @Param('token', { schema: Token }) token: string,
    @Param('program', { schema: Name }) slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const opened = await this.visits.of(token, request);
    if (opened.kind === 'closed') return sendPage(reply, opened.status, opened.html);
    const { publication, subscriberId } = opened;
    const at = await this.enterProgram.look(publication.id, subscriberId, slug);
    if (at === null) {
      const view = { publication: null, status: 404, detail: null, requestId: null };
      return sendPage(reply, 404, this.pages.render('problem', localeOf(request), view));
    }
    return sendPage(reply, 200, this.page(publication, at, token));
  }

  @Post()
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Param('program', { schema: Name }) slug: string,
    @Body({ schema: AnyForm }) form: z.infer<typeof AnyForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const opened = await this.visits.of(token, request);
    if (opened.kind === 'closed') return sendPage(reply, opened.status, opened.html);
    await this.enterProgram.press(opened.publication.id, opened.subscriberId, slug, form);
    return reply.redirect(`/hub/${token}/programs/${encodeURIComponent(slug)}`, 303);
  }

  private page(publication: Publication, at: AtDoor, token: string): string {
    const { reader, program, participant, next } = at;
    const common = { publication: pagePublication(publication), now: this.clock.now(), program: shownProgram(program) };
    const status = participant?.status ?? null;
    if (next === null || next === status) {
      const hubUrl = status === 'active' ? `/hub/${token}?program=${program.slug}` : `/hub/${token}`;
      return this.pages.render('program-standing', reader.locale, {
        ...common,
        kind: standing(participant),
        appliedAt: participant?.appliedAt ?? null,
        requirements: participant === null ? [] : shownRequirements(program, participant),
        hubUrl,
      });
    }
    return this.pages.render('program-door', reader.locale, {
      ...common,
      action: `/hub/${token}/programs/${program.slug}`,
      kind: status === 'invited' ? 'invited' : next === 'applied' ? 'apply' : 'join',
      fields: formFields(program, {}),
    });
  }
}

/** Who never applied was not turned down: their invitation is over. */
function standing(participant: AtDoor['participant']): ProgramStandingView['kind'] {
  const { status, appliedAt } = participant ?? { status: null, appliedAt: null };
  if (status === 'active') return 'active';
  if (status === 'applied') return 'waiting';
  return status === 'rejected' && appliedAt !== null ? 'declined' : 'closed';
}
