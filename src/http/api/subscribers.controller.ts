import { Body, Controller, Delete, Get, HttpStatus, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { DomainError } from '../../domain/errors.js';
import { ChangeSubscriber } from '../../flows/change-subscriber.js';
import { Erase } from '../../flows/erase.js';
import { Join } from '../../flows/join.js';
import { Leave } from '../../flows/leave.js';
import { RequestedMail } from '../../flows/requested-mail.js';
import type { Visitor } from '../../flows/traces.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { findReferralOf } from '../../referrals/shown-referral.store.js';
import { stagesOf } from '../../referrals/stage.store.js';
import type { Subscriber } from '../../subscribers/subscriber.entities.js';
import { findSubscriber, listSubscribers } from '../../subscribers/subscriber.store.js';
import { type Caller, CallerOf, PublicationId } from '../authenticate.js';
import { Id } from './fields.js';
import { Operation } from './operation.js';
import { referralAnswer } from './referral-answer.js';
import { SubscriberAnswers } from './subscriber-answer.js';
import {
  NewSubscriber,
  SignupAnswer,
  SubscriberChanges,
  SubscriberForKey,
  SubscriberList,
  SubscriberQuery,
} from './subscribers.schema.js';

@ApiTags('subscribers')
@Controller('api/v1/subscribers')
export class SubscribersController {
  constructor(
    private readonly database: Database,
    private readonly join: Join,
    private readonly leave: Leave,
    private readonly change: ChangeSubscriber,
    private readonly requestedMail: RequestedMail,
    private readonly erasing: Erase,
    private readonly answers: SubscriberAnswers,
  ) {}

  @Post()
  @Operation({
    summary: 'Sign a reader up; 201 when new, 200 when the address is known',
    can: 'subscribers:write',
    answer: SignupAnswer,
    alsoStatus: 201,
    errors: ['subscriber/external-id-taken'],
  })
  async create(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Body({ schema: NewSubscriber }) body: z.infer<typeof NewSubscriber>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const publication = await getPublication(this.database.reader, publicationId);
    const { subscriber, isNew } = await this.join.run(publication, {
      address: body.email,
      firstName: body.firstName ?? null,
      locale: body.locale ?? null,
      attributes: body.attributes ?? {},
      externalId: body.externalId ?? null,
      heardFrom: body.heardFrom ?? null,
      presented: {
        ref: body.ref ?? null,
        clicks: [...(body.click == null ? [] : [body.click]), ...(body.clicks ?? [])],
        content: body.content ?? null,
        channel: body.channel ?? null,
      },
      confirmed: body.confirmed ?? false,
      source: 'api',
      from: visitorOf(body),
    });
    if (isNew) void reply.status(HttpStatus.CREATED);
    const referral = await findReferralOf(this.database.reader, publicationId, subscriber.id);
    const stages = referral === null ? [] : await stagesOf(this.database.reader, publicationId, [referral.id]);
    return {
      subscriber: await this.answers.one(publication, subscriber, role),
      referral: referral && referralAnswer(referral, stages, role),
    };
  }

  @Get()
  @Operation({ summary: 'Readers, newest first', can: 'subscribers:read', answer: SubscriberList })
  async list(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Query({ schema: SubscriberQuery }) query: z.infer<typeof SubscriberQuery>,
  ) {
    const page = pageRequest(query);
    const filter = {
      emailKey: emailKeyOf(query.email),
      externalId: query.externalId ?? null,
      status: query.status ?? null,
    };
    const { data, nextCursor } = pageOf(await listSubscribers(this.database.reader, publicationId, filter, page), page);
    const publication = await getPublication(this.database.reader, publicationId);
    return { data: await this.answers.many(publication, data, role), nextCursor };
  }

  @Get(':id')
  @Operation({ summary: 'One reader', can: 'subscribers:read', answer: SubscriberForKey })
  async get(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Param('id', { schema: Id }) id: string,
  ) {
    return this.answer(publicationId, found(await findSubscriber(this.database.reader, publicationId, id)), role);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change what is named; a new address keeps link, counts and rewards',
    can: 'subscribers:write',
    answer: SubscriberForKey,
    errors: ['subscriber/email-taken', 'subscriber/external-id-taken', 'subscriber/erased'],
  })
  async update(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: SubscriberChanges }) body: z.infer<typeof SubscriberChanges>,
  ) {
    return this.answer(
      publicationId,
      found(await this.change.run(publicationId, id, { ...body, email: body.email ?? null })),
      role,
    );
  }

  @Post(':id/confirm')
  @Operation({
    summary: "Confirm on the reader's behalf",
    can: 'subscribers:write',
    answer: SubscriberForKey,
    errors: ['subscriber/not-confirmable'],
  })
  async confirm(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Param('id', { schema: Id }) id: string,
  ) {
    return this.answer(publicationId, found(await this.change.confirm(publicationId, id)), role);
  }

  @Post(':id/unsubscribe')
  @Operation({
    summary: 'Unsubscribe; what the reader earned and who they referred stays',
    can: 'subscribers:write',
    answer: SubscriberForKey,
  })
  async unsubscribe(
    @PublicationId() publicationId: string,
    @CallerOf() { role }: Caller,
    @Param('id', { schema: Id }) id: string,
  ) {
    return this.answer(publicationId, found(await this.leave.run(publicationId, id, 'unsubscribed', 'api')), role);
  }

  @Delete(':id')
  @Operation({
    summary: 'Erase: everything personal goes for good; counts, referrals, grants and the ledger stay',
    can: 'subscribers:erase',
    answer: null,
  })
  async erase(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    if (!(await this.erasing.run(publicationId, id))) {
      throw new DomainError('request/not-found', 'There is no such subscriber');
    }
  }

  @Post(':id/hub-link')
  @Operation({
    summary: 'Mail the reader the way to their page, if they are active and within limits',
    can: 'subscribers:write',
    answer: null,
    status: 202,
  })
  async hubLink(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    const { id: subscriberId } = found(await findSubscriber(this.database.reader, publicationId, id));
    await this.requestedMail.hubLink(publicationId, subscriberId);
  }

  private async answer(publicationId: string, subscriber: Subscriber, role: Caller['role']): Promise<object> {
    return this.answers.one(await getPublication(this.database.reader, publicationId), subscriber, role);
  }
}

function found(subscriber: Subscriber | null): Subscriber {
  if (subscriber === null) throw new DomainError('request/not-found', 'There is no such subscriber');
  return subscriber;
}

/** The reader as their browser showed itself to the site. */
function visitorOf({ ip, userAgent }: z.infer<typeof NewSubscriber>): Visitor {
  return { ip: ip ?? null, userAgent: userAgent ?? null };
}

/** A key that nobody has, for text that is no address: the list is then empty. */
function emailKeyOf(typed: string | undefined): string | null {
  if (typed === undefined) return null;
  const parsed = parseAddress(typed);
  return parsed.ok ? parsed.address.emailKey : '';
}
