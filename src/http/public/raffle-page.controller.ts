import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ReadRaffle, type ShownRaffle } from '../../flows/read-raffle.js';
import { Clock } from '../../platform/clock.js';
import { Links } from '../../platform/links.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import type { RaffleView } from '../raffle-views.js';
import { pagePublication, PublicationPages } from './publication-page.js';
import { sendPage } from './send-page.js';

/** Any text: one that is no id names nothing. */
const Name = z.string().max(1_000);

/**
 * What everybody may know of a raffle: the commitment from the start, and after the draw all that is needed to draw it again. It proves
 * that the draw was not changed afterwards. Nobody is named: an entry is known to who has it.
 */
@ApiExcludeController()
@Controller('raffle')
export class RafflePageController {
  constructor(
    private readonly readRaffle: ReadRaffle,
    private readonly clock: Clock,
    private readonly links: Links,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  @Get(':id')
  @Public()
  async show(@Param('id', { schema: Name }) id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const shown = await this.find(id);
    if (shown === null) {
      const view = { publication: null, status: 404, detail: null, requestId: null };
      return sendPage(reply, 404, this.pages.render('problem', localeOf(request), view));
    }
    const publication = await this.publications.byId(shown.raffle.publicationId);
    return sendPage(reply, 200, this.pages.render('raffle', publication.locale, this.view(publication, shown)));
  }

  @Get(':id/draw.json')
  @Public()
  async draw(@Param('id', { schema: Name }) id: string, @Res() reply: FastifyReply) {
    const shown = await this.find(id);
    if (shown === null) throw new DomainError('request/not-found', 'There is no such raffle');
    const { raffle, prizes, winners } = shown;
    const isDrawn = raffle.drawnAt !== null;
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="draw.json"')
      .send({
        name: raffle.name,
        startsAt: raffle.startsAt,
        endsAt: raffle.endsAt,
        createdAt: raffle.createdAt,
        prizes: prizes.reduce((sum, { count }) => sum + count, 0),
        commitment: raffle.commitment,
        seed: isDrawn ? raffle.seed : null,
        drawnAt: raffle.drawnAt,
        cancelledAt: raffle.cancelledAt,
        listHash: raffle.listHash,
        entries: raffle.entryCount,
        winners: winners.map(({ number, position, entry, rewardName }) => ({
          number,
          position,
          entry,
          prize: rewardName,
        })),
      });
  }

  /** Text, and as an attachment: what was published is a file and no page. */
  @Get(':id/entries.txt')
  @Public()
  async entries(@Param('id', { schema: Name }) id: string, @Res() reply: FastifyReply) {
    const list = isId(id) ? await this.readRaffle.list(id) : null;
    if (list === null) throw new DomainError('request/not-found', 'There is no list: the raffle is not drawn');
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="entries.txt"')
      .type('text/plain; charset=utf-8')
      .send(list);
  }

  private async find(id: string): Promise<ShownRaffle | null> {
    return isId(id) ? this.readRaffle.forEverybody(id) : null;
  }

  private view(publication: Publication, { raffle, prizes, winners }: ShownRaffle): RaffleView {
    const { drawnAt, seed, listHash, entryCount } = raffle;
    const won = winners.map(({ position, entry, rewardName }) => ({ position, entry, prize: rewardName }));
    return {
      publication: pagePublication(publication),
      now: this.clock.now(),
      name: raffle.name,
      isByReward: raffle.entryRewardId !== null,
      firstDay: raffle.startsAt,
      lastDay: lastDayOf(raffle),
      prizes: prizes.map(({ rewardName, count }) => ({ name: rewardName, count })),
      sealedOn: raffle.createdAt,
      commitment: raffle.commitment,
      drawn:
        drawnAt === null
          ? null
          : { at: drawnAt, seed, listHash: listHash ?? '', entries: entryCount ?? 0, winners: won },
      isCancelled: raffle.cancelledAt !== null,
      path: `/raffle/${raffle.id}`,
      url: this.links.raffle(raffle.id),
    };
  }
}

/** A moment of the last day of a period, whose end is not in it. */
export function lastDayOf({ endsAt }: { endsAt: Date }): Date {
  return new Date(endsAt.getTime() - 1);
}

function isId(id: string): boolean {
  return z.uuid().safeParse(id).success;
}
