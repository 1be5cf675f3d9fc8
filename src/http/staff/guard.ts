import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.js';
import { allows, type Role } from '../../domain/permissions.js';
import { SESSION_IDLE_DAYS, SESSION_NOTE_MS, type StaffRole } from '../../domain/staff.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { hashKey } from '../../platform/secrets.js';
import type { Account } from '../../staff/account.entities.js';
import { findWorkplace, type Workplace } from '../../staff/account.store.js';
import { findSignedIn, touchSession } from '../../staff/session.store.js';
import { isStaffPolicy, permissionOf, type StaffPolicy } from '../policy.js';
import { StaffCookie } from './staff-cookie.js';

/** Who is signed in, and where. */
export interface StaffVisit {
  account: Account;
  /** Names the session. */
  tokenHash: Buffer;
  /** The publication that the path names, if it does and the person works there. */
  workplace: Workplace | null;
}

/** On a page of a publication. */
export interface DeskVisit extends StaffVisit {
  workplace: Workplace;
}

declare module 'fastify' {
  interface FastifyRequest {
    staff: StaffVisit | null;
  }
}

const DAY_MS = 86_400_000;

/**
 * Lets in who is signed in and may. A hook of Fastify for the reason that authenticate has: decided before the body is read.
 * A publication that somebody does not work on is answered like one that does not exist.
 */
export function guardStaff(fastify: FastifyInstance, app: NestFastifyApplication): void {
  const guard = new Guard(app.get(Database), app.get(Clock), app.get(StaffCookie, { strict: false }));
  fastify.decorateRequest('staff', null);
  fastify.addHook('onRequest', async (request, reply) => {
    if (!/^\/admin(\/|\?|$)/.test(request.url) || request.is404) return;
    // With no-referrer a browser says `Origin: null` of its own forms.
    void reply.header('referrer-policy', 'same-origin').header('cache-control', 'no-store');
    refuseOtherSites(request);
    const { policy } = request.routeOptions.config;
    if (policy === undefined || !isStaffPolicy(policy)) return;
    if (!(await guard.letIn(request, policy))) return toTheDoor(request, reply);
  });
}

class Guard {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cookie: StaffCookie,
  ) {}

  /** False for who is not signed in. */
  async letIn(request: FastifyRequest, policy: StaffPolicy): Promise<boolean> {
    const signedIn = await this.whoIs(request);
    if (signedIn === null) return false;
    const { publication } = request.params as { publication?: string };
    const workplace =
      publication === undefined ? null : await findWorkplace(this.database.reader, signedIn.account, publication);
    if (publication !== undefined && workplace === null) throw new DomainError('request/not-found');
    request.staff = { ...signedIn, workplace };
    const { id: accountId, operator } = signedIn.account;
    const role: Role | null = workplace?.role ?? (operator ? 'operator' : null);
    const permission = permissionOf(policy);
    if (permission !== null && (role === null || !allows(role, permission))) {
      throw new DomainError('staff/not-allowed', `This needs the permission ${permission}`);
    }
    // What an operator does as admin of a publication is told as the operator's.
    const caller = { role: operator ? 'operator' : (role ?? 'marketing'), keyId: null, accountId } as const;
    request.caller = { ...caller, publicationId: workplace?.id ?? null };
    return true;
  }

  private async whoIs(request: FastifyRequest): Promise<Omit<StaffVisit, 'workplace'> | null> {
    const token = this.cookie.session(request);
    if (token === null) return null;
    const [tokenHash, now] = [hashKey(token), this.clock.now()];
    const found = await findSignedIn(this.database.reader, tokenHash, now);
    if (found === null) return null;
    const { lastUsedAt, ...account } = found;
    if (now.getTime() - lastUsedAt.getTime() > SESSION_NOTE_MS) {
      await touchSession(this.database.reader, tokenHash, now, new Date(now.getTime() + SESSION_IDLE_DAYS * DAY_MS));
    }
    return { account, tokenHash };
  }
}

/**
 * CSRF: only our own pages may send forms here. Browsers say where a request comes from in Sec-Fetch-Site; those that do not,
 * and all over plain http, in Origin. Who says neither is no browser of somebody who is signed in.
 */
function refuseOtherSites({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const site = headers['sec-fetch-site'];
  const isOurs =
    site !== undefined
      ? site === 'same-origin'
      : originHost(headers.origin) === (headers.host ?? 'nobody').toLowerCase();
  if (!isOurs) throw new DomainError('staff/other-site');
}

function originHost(origin: string | undefined): string | null {
  try {
    return new URL(origin ?? '').host;
  } catch {
    return null;
  }
}

/** To where one signs in, and from there back to the page; what was sent by a form has to be sent again. */
function toTheDoor(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const next = request.method === 'GET' && request.url !== '/admin' ? `?next=${encodeURIComponent(request.url)}` : '';
  if (request.headers['hx-request'] !== undefined) void reply.header('hx-redirect', `/admin/sign-in${next}`);
  return reply.redirect(`/admin/sign-in${next}`, 303);
}

/** Who is signed in. */
export const Staff = createParamDecorator((_: unknown, context: ExecutionContext): StaffVisit => {
  const { staff } = context.switchToHttp().getRequest<FastifyRequest>();
  if (staff === null) throw new DomainError('staff/not-allowed');
  return staff;
});

/** Who is signed in, on a page of a publication. */
export const Desk = createParamDecorator((_: unknown, context: ExecutionContext): DeskVisit => {
  const { staff } = context.switchToHttp().getRequest<FastifyRequest>();
  if (staff?.workplace == null) throw new DomainError('request/not-found');
  return { ...staff, workplace: staff.workplace };
});

/** Whether who is at work in a publication may do this: for what a page shows. */
export function mayAt({ workplace }: DeskVisit, permission: Parameters<typeof allows>[1]): boolean {
  return allows(workplace.role satisfies StaffRole, permission);
}
