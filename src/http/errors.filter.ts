import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorCode, ERRORS, type FieldProblem, TooManyRequests } from '../domain/errors.js';
import { isDatabaseAway, sqlState } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';
import { ErrorPages } from './error-pages.js';

/** RFC 9457. `code` is the stable one of the catalogue; `requestId` finds the line in the log. */
interface Problem {
  type: string;
  code: ErrorCode;
  title: string;
  status: number;
  detail: string;
  errors?: FieldProblem[];
  requestId: string;
}

const RETRY_AFTER_SECONDS = 2;

/** Answers everything that was thrown: to programs as problem+json, to people as a page. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(
    private readonly pages: ErrorPages,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = asDomainError(thrown);
    const problem = problemOf(error, request.id);
    if (problem.status >= 500 && problem.status !== 503) {
      this.log.error({ reqId: request.id, err: thrown }, 'a request failed');
    }
    if (problem.status === 503) this.log.warn({ reqId: request.id, err: thrown }, 'the database is away');
    const retryAfter = error instanceof TooManyRequests ? error.retryAfterSeconds : RETRY_AFTER_SECONDS;
    if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', String(retryAfter));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(problem.status).header('cache-control', 'no-store');
    if (this.pages.wantsPage(request)) {
      const html = await this.pages.render(request, reply, problem, retryAfter);
      await reply.type('text/html; charset=utf-8').send(html);
    } else await reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  }
}

/** A path that Fastify cannot read, as `/%FF` or one of thousands of letters, names nothing. It never comes as far as the filter. */
export function answerUnreadablePath(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(new DomainError('request/not-found'), request.id);
  void reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

function problemOf(error: DomainError, requestId: string): Problem {
  const { status, title } = ERRORS[error.code];
  const errors = error.problems.length > 0 ? { errors: error.problems } : {};
  return { type: 'about:blank', code: error.code, title, status, detail: error.detail, ...errors, requestId };
}

/** Statuses that Fastify and Nest give to requests that they could not read or route. */
const BY_STATUS: Record<number, ErrorCode> = {
  400: 'request/malformed',
  403: 'request/not-found', // a file outside of its folder
  404: 'request/not-found',
  413: 'request/too-large',
  414: 'request/not-found',
  415: 'request/unsupported-media-type',
  429: 'request/too-many',
};

function asDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (isDatabaseAway(thrown)) return new DomainError('service/unavailable');
  const state = sqlState(thrown) ?? '';
  // Class 22: a value that the database cannot hold, past all our checks. Nothing was written.
  if (/^22...$/.test(state)) return new DomainError('request/invalid', 'A value cannot be stored');
  if (state === '23505' || state === '40001' || state === '40P01') return new DomainError('service/conflict');
  const status =
    thrown instanceof HttpException
      ? thrown.getStatus()
      : ((thrown as { statusCode?: unknown } | null)?.statusCode ?? 500);
  const code = BY_STATUS[Number(status)];
  if (code === undefined) return new DomainError('service/internal');
  return new DomainError(code, code === 'request/malformed' && thrown instanceof Error ? thrown.message : undefined);
}
