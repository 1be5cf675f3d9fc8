import { Body, Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LONGEST_MESSAGE, messageProblem } from '../../domain/share-words.js';
import { KeepShareWords } from '../../flows/keep-share-words.js';
import { NoteShare } from '../../flows/note-share.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { HubPage } from './hub-page.js';
import { HubVisits } from './hub-visits.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Told = { program: lenient(64), content: lenient(64), channel: lenient(50) };
const Press = z.object(Told).nullish();
/** In its place: a browser's own `ping` has no body to say it in. */
const PressQuery = z.object(Told);
const WordsForm = z.object({
  program: lenient(64),
  for: lenient(64),
  // A browser sends two characters for each end of a line, and counts one.
  message: z
    .string()
    .max(4 * LONGEST_MESSAGE)
    .catch('')
    .transform((typed) => typed.replaceAll('\r\n', '\n').trim()),
  again: lenient(10),
});

/** What a reader says to friends, and the share buttons, which say here that they were pressed. */
@ApiExcludeController()
@Controller('hub/:token')
export class HubShareController {
  constructor(
    private readonly noteShare: NoteShare,
    private readonly keepWords: KeepShareWords,
    private readonly visits: HubVisits,
    private readonly hubPage: HubPage,
  ) {}

  @Post('message')
  @Public()
  async keep(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: WordsForm }) { program, for: variant, message, again }: z.infer<typeof WordsForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const problem = again === null ? messageProblem(message) : null;
    if (problem !== null) {
      const { html } = await this.hubPage.of(visit, { program, variant, wrong: { typed: message, problem } });
      return sendPage(reply, 422, html);
    }
    const words = { program, variant, message: again === null ? message : '' };
    if (!(await this.keepWords.run(visit.publication.id, visit.subscriberId, words))) {
      return sendPage(reply, 410, this.visits.closed(visit.publication).html);
    }
    const query = new URLSearchParams({ kept: '1' });
    if (program !== null) query.set('program', program);
    if (variant !== null) query.set('for', variant);
    return reply.redirect(`${visit.hubPath}?${query.toString()}#share-title`, 303);
  }

  @Post('shared')
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: Press }) form: z.infer<typeof Press>,
    @Query({ schema: PressQuery }) query: z.infer<typeof PressQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { program, content, channel } = form ?? query;
    const noted = await this.noteShare.run(visit.publication.id, visit.subscriberId, { program, content, channel });
    if (!noted) return sendPage(reply, 410, this.visits.closed(visit.publication).html);
    void reply.header('cache-control', 'no-store');
    const isForm = request.headers.accept?.includes('text/html') ?? false;
    // A beacon wants no page, and would load it all the same when sent on to one.
    if (!isForm) return reply.status(204).send();
    const chosen = program === null ? '' : `?${new URLSearchParams({ program }).toString()}`;
    return reply.redirect(`${visit.hubPath}${chosen}`, 303);
  }
}
