import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { GRANT_TRANSITIONS, type GrantStatus } from '../../domain/grants.js';
import type { StaffActor } from '../../domain/permissions.js';
import { DecideGrant } from '../../flows/decide-grant.js';
import { ExportShipping } from '../../flows/export-shipping.js';
import { findGrant, type GrantRow, listGrants, purposeOf, valueOfGrant } from '../../milestones/grant.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, AnsweredMoney, Id, line, listOf } from './fields.js';
import { Operation } from './operation.js';
import { RewardValue } from './rewards.schema.js';

const Status = z.enum(Object.keys(GRANT_TRANSITIONS) as [GrantStatus, ...GrantStatus[]]);
const GrantQuery = PageQuery.extend({ status: Status.optional(), subscriberId: Id.optional() });
const Revocation = z.strictObject({ reason: line(300).nullish() }).nullish();
const Approval = z
  .strictObject({
    value: RewardValue.nullish().meta({
      description: 'What a credit or gift card shall be worth; needed where nobody could tell.',
    }),
  })
  .nullish();
const Fulfilment = z
  .strictObject({
    code: line(100)
      .nullish()
      .meta({ description: 'Of a gift card that your own system ordered; it is mailed and shown in the hub.' }),
  })
  .nullish();
const Named = z.object({ id: z.uuid(), name: z.string() });

const GrantAnswer = z
  .object({
    id: z.uuid(),
    milestone: Named.nullable().meta({ description: 'What it was granted for; null of a prize.' }),
    contest: Named.nullable().meta({ description: 'Of a prize that was won in one.' }),
    raffle: Named.nullable().meta({ description: 'Of a prize that was drawn.' }),
    reward: Named.extend({ kind: z.string() }),
    subscriber: z.object({ id: z.uuid(), email: z.string().nullable(), firstName: z.string().nullable() }),
    referral: z.uuid().nullable(),
    occurrence: z.string(),
    status: Status,
    value: AnsweredMoney.nullable().meta({ description: 'What it is worth, once it is owed.' }),
    percent: z.number().int().nullable().meta({ description: 'Of a discount.' }),
    company: z.string().nullable().meta({ description: "Whose account it is for; null: the person's own." }),
    reason: z.string().nullable(),
    dueAt: AnsweredInstant,
    sentAt: AnsweredInstant.nullable(),
    fulfilledAt: AnsweredInstant.nullable(),
    flaggedAt: AnsweredInstant.nullable().meta({
      description: 'Since when what it was sent for does not count any more.',
    }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Grant' });

@ApiTags('grants')
@Controller('api/v1/grants')
export class GrantsController {
  constructor(
    private readonly database: Database,
    private readonly decideGrant: DecideGrant,
    private readonly exportShipping: ExportShipping,
  ) {}

  @Get()
  @Operation({ summary: 'Grants, newest first', can: 'grants:read', answer: listOf(GrantAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: GrantQuery }) query: z.infer<typeof GrantQuery>) {
    const page = pageRequest(query);
    const filter = { status: query.status ?? null, subscriberId: query.subscriberId ?? null };
    const { data, nextCursor } = pageOf(await listGrants(this.database.reader, publicationId, filter, page), page);
    return { data: data.map(answer), nextCursor };
  }

  @Get('shipping.csv')
  @Operation({
    summary: 'The parcels to be packed, with their addresses; one is in it until it was said to be fulfilled. Streamed',
    can: 'shipping:read',
    answer: 'text/csv',
  })
  shipping(@PublicationId() publicationId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(Readable.from(this.exportShipping.csv(publicationId)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="shipping.csv"',
    });
  }

  @Post(':id/approve')
  @Operation({
    summary: 'Let a grant that awaits approval go out',
    can: 'grants:write',
    answer: GrantAnswer,
    errors: ['grant/wrong-status', 'grant/value-unknown'],
  })
  async approve(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Approval }) body: z.infer<typeof Approval>,
  ) {
    await this.decideGrant.approve(publicationId, id, by, body?.value ?? null);
    return this.get(publicationId, id);
  }

  @Post(':id/fulfil')
  @Operation({
    summary: 'Say that the reward was handed over',
    can: 'grants:write',
    answer: GrantAnswer,
    errors: ['grant/wrong-status'],
  })
  async fulfil(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Fulfilment }) body: z.infer<typeof Fulfilment>,
  ) {
    await this.decideGrant.fulfil(publicationId, id, by, body?.code ?? null);
    return this.get(publicationId, id);
  }

  @Post(':id/revoke')
  @Operation({
    summary: 'Take back a grant that was not sent',
    can: 'grants:write',
    answer: GrantAnswer,
    errors: ['grant/wrong-status'],
  })
  async revoke(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Revocation }) body: z.infer<typeof Revocation>,
  ) {
    await this.decideGrant.revoke(publicationId, id, body?.reason ?? null, by);
    return this.get(publicationId, id);
  }

  private async get(publicationId: string, id: string) {
    const grant = await findGrant(this.database.reader, publicationId, id);
    if (grant === null) throw new DomainError('request/not-found', 'There is no such grant');
    return answer(grant);
  }
}

function answer(grant: GrantRow) {
  return {
    id: grant.id,
    ...purposeOf(grant),
    reward: { id: grant.rewardId, name: grant.rewardName, kind: grant.rewardKind },
    subscriber: { id: grant.subscriberId, email: grant.email, firstName: grant.firstName },
    referral: grant.referralId,
    occurrence: grant.occurrence,
    status: grant.status,
    value: valueOfGrant(grant),
    percent: grant.percent,
    company: grant.company,
    reason: grant.reason,
    dueAt: grant.dueAt,
    sentAt: grant.sentAt,
    fulfilledAt: grant.fulfilledAt,
    flaggedAt: grant.flaggedAt,
    createdAt: grant.createdAt,
  };
}
