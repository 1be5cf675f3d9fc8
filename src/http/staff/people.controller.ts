import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ReadSubscribers } from '../../flows/read-subscribers.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { searchReaders, STORY_KINDS } from '../../reports/story.store.js';
import { subscribersById } from '../../subscribers/subscriber.store.js';
import { Id } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { PersonPage, readerState } from './person-page.js';
import type { PeopleView } from './people-views.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const STATUSES = ['active', 'pending', 'unsubscribed', 'bounced', 'erased'] as const;
const PeopleQuery = z.object({ q: Typed, status: z.enum([...STATUSES, '']).catch(''), after: z.string().optional() });
const StoryQuery = z.object({
  kind: z.enum([...STORY_KINDS, '']).catch(''),
  before: z.iso.datetime().optional().catch(undefined),
});

/** The readers of a publication, and the whole story of one. */
@ApiExcludeController()
@Controller('admin/p/:publication/people')
export class PeopleController {
  constructor(
    private readonly database: Database,
    private readonly readSubscribers: ReadSubscribers,
    private readonly personPage: PersonPage,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('subscribers:read')
  async list(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: PeopleQuery }) { q, status, after }: z.infer<typeof PeopleQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const page = pageRequest({ limit: PER_PAGE, after });
    const typed = q.slice(0, 200);
    const found = pageOf(await searchReaders(tx, workplace.id, { typed, status: status || null }, page), page);
    const ids = found.data.map(({ id }) => id);
    const people = await subscribersById(tx, workplace.id, ids);
    const read = await this.readSubscribers.run(await getPublication(tx, workplace.id), people);
    const view: PeopleView = {
      typed: { q, status },
      statuses: STATUSES,
      people: ids.flatMap((id) => read.filter(({ subscriber }) => subscriber.id === id)).map(personRow),
      older:
        found.nextCursor === null ? null : `?${new URLSearchParams({ q, status, after: found.nextCursor }).toString()}`,
    };
    return this.staffPages.send(request, reply, 'people', view);
  }

  @Get(':id')
  @StaffCan('subscribers:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: StoryQuery }) { kind, before }: z.infer<typeof StoryQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const shown = { kind: kind || null, before: before === undefined ? null : new Date(before) };
    return this.staffPages.send(request, reply, 'person', await this.personPage.view(desk, id, shown));
  }
}

function personRow({
  subscriber,
  participations,
}: Awaited<ReturnType<ReadSubscribers['run']>>[number]): PeopleView['people'][number] {
  const own = participations.find(({ program }) => program === 'default') ?? participations[0];
  return {
    id: subscriber.id,
    email: subscriber.email,
    firstName: subscriber.firstName,
    state: readerState(subscriber.status),
    shareCode: own?.shareCode ?? null,
    count: own?.referralCount ?? 0,
    next: own?.nextMilestone ? { name: own.nextMilestone.name, remaining: own.nextMilestone.remaining } : null,
    createdAt: subscriber.createdAt,
  };
}
