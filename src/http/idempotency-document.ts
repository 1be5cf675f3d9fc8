import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../domain/errors.js';
import { LONGEST_KEY } from './idempotency.js';

const PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A text of your own, such as a UUID. The same key with the same request answers the same response for 24 hours, secrets in it replaced by null. A request that was refused for its form (400, 401, 403, 404, 413, 415, 422, 429) uses up no key.',
  schema: { type: 'string', minLength: 1, maxLength: LONGEST_KEY },
} as const;

const PROBLEMS: [status: string, codes: ErrorCode[]][] = [
  ['409', ['idempotency/in-progress', 'idempotency/outcome-unknown']],
  ['410', ['idempotency/answer-erased']],
  ['422', ['idempotency/other-body']],
];

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Every POST takes the header; said here for all of them, so that a new one cannot forget it. */
export function describeIdempotencyKeys(document: OpenAPIObject): void {
  for (const { post } of Object.values(document.paths)) {
    if (post === undefined) continue;
    post.parameters = [...(post.parameters ?? []), PARAMETER];
    for (const [status, codes] of PROBLEMS) {
      const response = (post.responses[status] ??= { description: '', content: PROBLEM });
      if ('description' in response) {
        response.description = [response.description, ...codes].filter((text) => text !== '').join(', ');
      }
    }
  }
}
