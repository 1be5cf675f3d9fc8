import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problemSchema } from './api/operation.js';
import { describeIdempotencyKeys } from './idempotency-document.js';

const DESCRIPTION = `Times are ISO 8601 in UTC, ids are UUIDv7, lists are \`{data, nextCursor}\`. Errors are RFC 9457 problem details with a stable \`code\`.
A key belongs to one publication and has a role: \`admin\`, \`editor\`, \`marketing\` or \`site\`; the operator key makes publications. No key belongs in a browser.`;

/** Describes every route of the API, with what it takes and what it answers. */
export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Kuchikomi')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'key' }, 'key')
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  describeIdempotencyKeys(document);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema as never },
  };
  return document;
}
