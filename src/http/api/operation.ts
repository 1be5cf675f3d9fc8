import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../../domain/errors.js';
import type { Permission } from '../../domain/permissions.js';
import { Can } from '../policy.js';

const ProblemBody = z
  .object({
    type: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string(),
          message: z.string(),
          line: z.number().int().optional(),
          column: z.number().int().optional(),
        }),
      )
      .optional(),
    requestId: z.string(),
  })
  .meta({ description: 'RFC 9457 problem details' });

interface Operation {
  summary: string;
  can: Permission;
  /** What is answered; null where there is nothing to say (204), `text/csv` for a file. */
  answer: z.ZodType | null | 'text/csv';
  /** 200 unless said. */
  status?: number;
  /** Another good status with the same answer. */
  alsoStatus?: number;
  /** Problems beside those that every operation has. */
  errors?: ErrorCode[];
}

const EVERYWHERE: ErrorCode[] = [
  'auth/key-missing', 'auth/forbidden', 'request/malformed', 'request/invalid', 'request/not-found', 'request/too-large',
  'request/unsupported-media-type', 'request/too-many', 'service/conflict', 'service/internal', 'service/unavailable',
]; // prettier-ignore

/** Says of a route of the API who may call it, what it answers and what can go wrong: for the check and for /openapi.json at once. */
export function Operation(operation: Operation): MethodDecorator {
  const status = operation.status ?? (operation.answer === null ? 204 : 200);
  const codes = [...EVERYWHERE, ...(operation.errors ?? [])];
  const problems = [...new Set(codes.map((code) => ERRORS[code].status))].map((problemStatus) =>
    ApiResponse({
      status: problemStatus,
      description: codes.filter((code) => ERRORS[code].status === problemStatus).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
  const good = [status, ...(operation.alsoStatus === undefined ? [] : [operation.alsoStatus])].map((goodStatus) =>
    goodResponse(goodStatus, operation.answer),
  );
  return applyDecorators(
    Can(operation.can),
    HttpCode(status),
    ApiOperation({ summary: operation.summary }),
    ApiBearerAuth('key'),
    ...good,
    ...problems,
  );
}

function goodResponse(status: number, answer: Operation['answer']): MethodDecorator {
  if (answer === null) return ApiResponse({ status, description: 'Done' });
  if (answer === 'text/csv') {
    return ApiResponse({ status, description: 'A CSV file', content: { 'text/csv': { schema: { type: 'string' } } } });
  }
  return ApiResponse({ status, description: 'Done', standardSchema: answer });
}

/** The schema that all problems share, for the components of the document. */
export const problemSchema = z.toJSONSchema(ProblemBody, { target: 'openapi-3.0' });
