import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';
import { DomainError, type FieldProblem } from '../domain/errors.js';
import { findTextProblem } from '../domain/text.js';

type Path = readonly (PropertyKey | { key: PropertyKey })[];

/**
 * Checks every parameter of a route against its schema. What the database could not hold as text is refused here, wherever
 * in the input it is. A path that names nothing possible is answered like one that names nothing: 404.
 */
export class InputPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'custom') return value;
    const bad = findTextProblem(value);
    if (bad !== null) {
      throw problem(metadata, [
        {
          path: pathText(bad.path),
          message: bad.problem === 'nul' ? 'holds a NUL character' : 'is not well-formed Unicode',
        },
      ]);
    }
    if (metadata.schema === undefined) throw new Error(`a ${metadata.type} parameter without a schema`);
    const result = await (metadata.schema as StandardSchemaV1<unknown, T>)['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    throw problem(metadata, result.issues.flatMap(problemsOf));
  }
}

/** What a schema reads out of a body that was put together of what is known and what is told. Throws `request/invalid` as for a body. */
export function readBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problem({ type: 'body' }, result.error.issues.flatMap(problemsOf));
}

function problem(metadata: ArgumentMetadata, problems: FieldProblem[]): DomainError {
  if (metadata.type === 'param') return new DomainError('request/not-found');
  const [first] = problems;
  return new DomainError(
    'request/invalid',
    first === undefined ? undefined : `${first.path || metadata.type}: ${first.message}`,
    problems,
  );
}

/** A field that is not known is the problem of that field, not of the object around it, as zod has it. */
function problemsOf(issue: StandardSchemaV1.Issue & { code?: string; keys?: string[] }): FieldProblem[] {
  const path = issue.path ?? [];
  if (issue.code !== 'unrecognized_keys') return [{ path: pathText(path), message: issue.message }];
  return (issue.keys ?? []).map((key) => ({ path: pathText([...path, key]), message: 'is not known here' }));
}

/** `clicks[0]`, `attributes.company`; empty for the whole body. */
function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    const key = typeof step === 'object' ? step.key : step;
    return typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
