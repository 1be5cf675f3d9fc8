import type supertest from 'supertest';
import { z } from 'zod';
import { ApiDocument } from '../../src/http/docs.controller.js';
import type { TestApp } from './app.js';

/** As much of JSON Schema as the document uses. */
export interface Schema {
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

/** An operation of /openapi.json. */
export interface Operation {
  /** `POST /api/v1/rewards/{id}/codes` */
  name: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  query: { name: string; schema: Schema }[];
  bodyType: 'application/json' | 'text/csv' | null;
  body: Schema | null;
  statuses: number[];
  /** What is wrong with an answer by the document, or null. */
  problemOf(answer: supertest.Response): string | null;
}

type Described = {
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};

/** All operations that /openapi.json describes. */
export function operationsOf(app: TestApp): Operation[] {
  const document = app.get(ApiDocument).current!;
  const definitions = (document.components?.schemas ?? {}) as Record<string, Schema>;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<Operation['method'], Described>).map(([method, described]) =>
      operation(path, method as Operation['method'], described, definitions),
    ),
  );
}

function operation(
  path: string,
  method: Operation['method'],
  { parameters = [], requestBody, responses }: Described,
  definitions: Record<string, Schema>,
): Operation {
  const content = requestBody?.content ?? {};
  const bodyType = 'text/csv' in content ? 'text/csv' : requestBody === undefined ? null : 'application/json';
  const validators = new Map(
    Object.entries(responses).map(([status, { content: answers = {} }]) => {
      const [[type, { schema }] = ['', { schema: {} as Schema }]] = Object.entries(answers);
      return [Number(status), { type, validator: type === 'text/csv' ? z.string() : validatorOf(schema, definitions) }];
    }),
  );
  return {
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    query: parameters.filter((parameter) => parameter.in === 'query'),
    bodyType,
    body: bodyType === 'application/json' ? (content['application/json']?.schema ?? null) : null,
    statuses: [...validators.keys()],
    problemOf: ({ status, headers, body, text }) => {
      const expected = validators.get(status);
      if (expected === undefined) return `the status ${status} is not documented`;
      const { type, validator } = expected;
      if (type === '') return text === '' ? null : `answered ${text} where nothing was promised`;
      if (!String(headers['content-type']).startsWith(type)) return `${headers['content-type']} instead of ${type}`;
      const json =
        type === 'application/problem+json' ? (JSON.parse(text) as unknown) : type === 'text/csv' ? text : body;
      const result = validator.safeParse(json);
      return result.success ? null : z.prettifyError(result.error);
    },
  };
}

function validatorOf(schema: Schema, definitions: Record<string, Schema>): z.ZodType {
  return z.fromJSONSchema(inlined(schema, definitions), { defaultTarget: 'openapi-3.0' });
}

/** The schema with every reference replaced by what it names; none of ours refers to itself. */
function inlined(schema: unknown, definitions: Record<string, Schema>): never {
  if (Array.isArray(schema)) return schema.map((inner) => inlined(inner, definitions)) as never;
  if (typeof schema !== 'object' || schema === null) return schema as never;
  if ('$ref' in schema) return inlined(definitions[String(schema.$ref).split('/').at(-1)!], definitions);
  return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, inlined(inner, definitions)])) as never;
}

/** The path of an operation with its parameters filled in; a value is put in as it is, so encode it. */
export function pathOf({ path }: Operation, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no-${name}`);
}

/** A request of an operation; `body` is sent as text of the given type. */
export function call(
  app: TestApp,
  operation: Operation,
  {
    path,
    key,
    body,
    type = operation.bodyType ?? 'application/json',
  }: {
    path: string;
    key?: string | undefined;
    body?: string | Buffer | undefined;
    type?: string;
  },
): supertest.Test {
  const request = app.http[operation.method](path);
  if (key !== undefined) request.set('authorization', `Bearer ${key}`);
  if (body !== undefined) {
    request.set('content-type', type);
    // superagent would turn a Buffer of JSON into an object.
    request.serialize((sent: unknown) => sent as string).send(body as string);
  }
  return request;
}
