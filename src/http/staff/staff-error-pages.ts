import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database.js';
import { listAdmins } from '../../staff/account.store.js';
import { isStaffPolicy, permissionOf } from '../policy.js';
import { StaffPages } from './staff-pages.js';

interface Problem {
  status: number;
  code: string;
  detail: string;
  requestId: string;
}

/** Errors as people see them who work here: in the frame where they are signed in, and with who can help where they may not. */
@Injectable()
export class StaffErrorPages {
  constructor(
    private readonly database: Database,
    private readonly staffPages: StaffPages,
  ) {}

  async render(request: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<string> {
    const { policy } = request.routeOptions.config;
    const permission = policy !== undefined && isStaffPolicy(policy) ? permissionOf(policy) : null;
    if (problem.code === 'staff/not-allowed' && permission !== null) {
      const { workplace } = request.staff ?? { workplace: null };
      const admins = workplace === null ? [] : await listAdmins(this.database.reader, workplace.id);
      return this.staffPages.render(request, reply, 'forbidden', { permission, admins });
    }
    const { status, code, detail, requestId } = problem;
    return this.staffPages.render(request, reply, 'staff-problem', { status, code, detail, requestId });
  }
}
