import '@fastify/cookie'; // types of cookies on requests and replies
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config.js';
import { Clock } from '../../platform/clock.js';
import { Tokens } from '../../platform/tokens.js';

const DAYS = 180;
const DAY_MS = 86_400_000;

/**
 * A first-party cookie that knows the browser of a reader who opened their own page, so that their own clicks are not taken
 * for a friend's. It opens nothing.
 */
@Injectable()
export class ReaderCookie {
  private readonly secure: boolean;
  private readonly name: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {
    this.secure = config.publicUrl.startsWith('https:');
    // Browsers take the __Host- prefix only with Secure, and Secure only over https.
    this.name = this.secure ? '__Host-kuchikomi-reader' : 'kuchikomi-reader';
  }

  set(reply: FastifyReply, publicationId: string, subscriberId: string): void {
    const expiresAt = new Date(this.clock.now().getTime() + DAYS * DAY_MS);
    const token = this.tokens.make('reader', { publicationId, id: subscriberId, expiresAt });
    void reply.setCookie(this.name, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: this.secure,
      maxAge: DAYS * 86_400,
    });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.name, { path: '/', secure: this.secure });
  }

  /** The subscriber whose browser this is, or null. */
  read(request: FastifyRequest): string | null {
    const token = request.cookies[this.name];
    const subject = token === undefined ? null : this.tokens.read('reader', token);
    return subject?.expiresAt != null && subject.expiresAt > this.clock.now() ? subject.id : null;
  }
}
