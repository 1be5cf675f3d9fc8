import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import fastifyCompress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { DomainError } from '../domain/errors.js';
import { ASSET_FOLDERS, packageFolder } from '../platform/assets.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { type Log, NestLog } from '../platform/log.js';
import type { Foundation } from '../platform/platform.module.js';
import { authenticate } from './authenticate.js';
import { useCsvParser } from './csv-body.js';
import { ApiDocument } from './docs.controller.js';
import { answerUnreadablePath } from './errors.filter.js';
import { inUtf8, useFormParsers } from './form-body.js';
import { useIdempotencyKeys } from './idempotency.js';
import { limitKeys } from './key-rate.js';
import { Metrics } from './metrics.js';
import { apiDocument } from './openapi.js';
import { guardStaff } from './staff/guard.js';

const BODY_LIMIT = 1_048_576;

/** The application with everything around its routes: parsers, security headers, files, authentication, the API's document. Not listening yet. */
export async function createServer(
  module: DynamicModule,
  { config, secrets, log }: Foundation,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustProxy,
    genReqId: () => uuidv7(),
    bodyLimit: BODY_LIMIT,
    // A keep-alive connection that is idle would hold up a stop until its client goes away.
    forceCloseConnections: 'idle',
    // What was sent before a stop is answered, and not told to come again, also when it is read after the stop has begun.
    return503OnClosing: false,
    frameworkErrors: answerUnreadablePath,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  useParsers(app, fastify);
  logRequests(fastify, log);
  await app.register(cookie);
  await useSecurityHeaders(app, config.publicUrl.startsWith('https:'));
  authenticate(fastify, app.get(Database), secrets.operatorKey);
  if (config.role !== 'worker') guardStaff(fastify, app);
  app.get(Metrics).measure(fastify);
  // A worker answers how it is and nothing else.
  if (config.role === 'worker') return app;
  await serveFiles(app);
  limitKeys(fastify, config.keyRate);
  useIdempotencyKeys(fastify, app.get(Database), app.get(Clock), log);
  app.get(ApiDocument).current = apiDocument(app);
  return app;
}

function useParsers(app: NestFastifyApplication, fastify: FastifyInstance): void {
  const json = fastify.getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    // An empty body of a POST that takes none, sent with a content type by habit.
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    void json(request as never, inUtf8(body), done as never);
  });
  useFormParsers(app, fastify, BODY_LIMIT);
  fastify.removeContentTypeParser('text/plain'); // Fastify's own: it would hand a string to routes that take an object
  useCsvParser(fastify);
  // Unpacking what strangers packed is an invitation to bombs; read as it is, it would be called broken JSON.
  fastify.addHook('preParsing', async (request) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      throw new DomainError('request/unsupported-media-type', `Send the body without Content-Encoding: ${encoding}`);
    }
  });
}

/** One line a request, by the pattern of its route: a path may hold a token, a query an address. */
function logRequests(fastify: FastifyInstance, log: Log): void {
  fastify.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  fastify.addHook('onResponse', async (request, reply) => {
    const { method, id } = request;
    log.info(
      {
        reqId: id,
        method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

async function useSecurityHeaders(app: NestFastifyApplication, isHttps: boolean): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
    // Browsers ignore these two without https, and say so on the console of every page.
    originAgentCluster: isHttps,
    crossOriginOpenerPolicy: isHttps ? { policy: 'same-origin' } : false,
    // Footers and mails show our pictures on other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}

/**
 * Our own files, the fonts, htmx, and the viewer of the API's document, each under a prefix of its own. They alone are compressed:
 * pages hold secrets beside what strangers typed, and the length of one would tell of the other (BREACH).
 */
async function serveFiles(app: NestFastifyApplication): Promise<void> {
  const folders = [...ASSET_FOLDERS, ['/docs/', packageFolder('swagger-ui-dist')] as const];
  await app.register(async (files: FastifyInstance) => {
    await files.register(fastifyCompress, { encodings: ['br', 'gzip'] });
    for (const [prefix, root] of folders) {
      await files.register(fastifyStatic, {
        root,
        prefix,
        decorateReply: false,
        index: false,
        maxAge: '1h',
        allowedPath: (file) => /\.(css|m?js|svg|png|woff2)$/.test(file),
      });
    }
  });
}
