import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { CreateApiKey } from '../../flows/create-api-key.js';
import { RemoveApiKey } from '../../flows/remove-api-key.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { listApiKeys } from '../../staff/api-key.store.js';
import { Id, line } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import type { ApiKeysView } from './connect-views.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const ROLES = ['admin', 'editor', 'marketing', 'site'] as const;
const KeyForm = z.object({ name: Typed, role: z.enum(ROLES).catch('site') });
const KeysQuery = z.object({ after: z.string().optional() });
const Name = line(120);

/** Keys of the API: made, shown once, taken out of use. */
@ApiExcludeController()
@Controller('admin/p/:publication/api-keys')
export class ApiKeysPageController {
  constructor(
    private readonly database: Database,
    private readonly createApiKey: CreateApiKey,
    private readonly removeApiKey: RemoveApiKey,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('api-keys:manage')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: KeysQuery }) { after }: z.infer<typeof KeysQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'api-keys', await this.view(desk, { after }));
  }

  /** Answers the page itself: a secret must not stand in a cookie or a path. */
  @Post()
  @StaffCan('api-keys:manage')
  async create(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: KeyForm }) typed: z.infer<typeof KeyForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const name = Name.safeParse(typed.name);
    if (!name.success) {
      const view = await this.view(desk, { typed, problem: 'problem.keyName.invalid' });
      return this.staffPages.send(request, reply, 'api-keys', view, 422);
    }
    const { secret } = await this.createApiKey.run(desk.workplace.id, { name: name.data, role: typed.role }, by);
    const view = await this.view(desk, { made: { name: name.data, secret } });
    return this.staffPages.send(request, reply, 'api-keys', view);
  }

  @Post(':id/revoke')
  @StaffCan('api-keys:manage')
  async revoke(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Res() reply: FastifyReply,
  ) {
    const path = `/admin/p/${workplace.slug}/api-keys`;
    try {
      await this.removeApiKey.run(workplace.id, id, by);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'api-key/last-admin') throw error;
      return this.staffPages.goOn(reply, path, 'key-last-admin', {}, 'bad');
    }
    return this.staffPages.goOn(reply, path, 'key-revoked');
  }

  private async view(
    { workplace }: DeskVisit,
    { after, made, typed, problem }: { after?: string | undefined; made?: ApiKeysView['made']; typed?: ApiKeysView['typed']; problem?: string },
  ): Promise<ApiKeysView> {
    const page = pageRequest({ limit: PER_PAGE, after });
    const { data, nextCursor } = pageOf(await listApiKeys(this.database.reader, workplace.id, page), page);
    return {
      keys: data.map(({ id, role, name, createdAt }) => ({ id, role, name, createdAt })),
      roles: ROLES,
      made: made ?? null,
      typed: typed ?? { name: '', role: 'site' },
      problems: { name: problem ?? null },
      older: nextCursor === null ? null : `?after=${nextCursor}`,
    };
  } // prettier-ignore
}
