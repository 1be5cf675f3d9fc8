import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MailWorker } from '../mail/mail.worker.js';
import { Database } from '../platform/database.js';
import { Public } from './policy.js';

/** `live`: the process answers. `ready`: it can do its work; the body names each check. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly mailWorker: MailWorker,
  ) {}

  @Get('live')
  @Public()
  live() {
    return { status: 'ok' };
  }

  /** Mail that waits makes nobody un-ready: a proxy that took all processes away would only add to the harm. */
  @Get('ready')
  @Public()
  async ready(@Res() reply: FastifyReply) {
    const database = await this.checkDatabase();
    const mail = this.mailWorker.trouble() ?? 'ok';
    const ready = database.database === 'ok' && database.migrations === 'ok';
    const status = ready ? 'ok' : 'unavailable';
    if (!ready) void reply.header('retry-after', '2');
    return reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, checks: { ...database, mail } });
  }

  private async checkDatabase(): Promise<{ database: string; migrations: string }> {
    try {
      const pending = await this.database.hasPendingMigrations();
      return { database: 'ok', migrations: pending ? 'pending: restart, which runs them' : 'ok' };
    } catch {
      return { database: 'does not answer', migrations: 'unknown' };
    }
  }
}
