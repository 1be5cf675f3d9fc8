import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** Structured logs. Never an address, a name, a token or a key: a log is read by more people than the database. */
export type Log = Logger;

/** Nest's injection token of the Log. */
export const LOG = Symbol('Log');

const QUERY_OR_TOKEN = /(\/(?:confirm|unsubscribe|hub)\/)[^/?]+|\?.*$/g;

/** A request's path without what makes it somebody's: tokens and the query are cut. */
export function pathForLog(url: string): string {
  return url.replace(QUERY_OR_TOKEN, (_, prefix?: string) => (prefix === undefined ? '' : `${prefix}…`));
}

export function createLog(level: string): Log {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      // pg's `detail` and `parameters` quote values of rows, and pino's own serializer would copy every field of an error.
      err: (error: Error & { code?: string }) => ({
        type: error.name,
        message: error.message.split('\n')[0],
        code: error.code,
        stack: error.stack,
      }),
      req: (request: { method: string; url: string }) => ({ method: request.method, path: pathForLog(request.url) }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
    },
  });
}

/** Lets Nest's own lines go through the same log; what it says while starting is of use only when debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown): void {
    this.to.debug(String(message));
  }
  error(message: unknown, stack?: string): void {
    this.to.error({ stack }, String(message));
  }
  warn(message: unknown): void {
    this.to.warn(String(message));
  }
  debug(message: unknown): void {
    this.to.debug(String(message));
  }
  verbose(): void {}
}
