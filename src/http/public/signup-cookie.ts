import '@fastify/cookie'; // types of cookies on requests and replies
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config.js';
import { Tokens } from '../../platform/tokens.js';

const DAYS = 14;

/**
 * Knows the browser that typed an address, so that its own confirm page may press the button by itself. It confirms nothing
 * without the mail's token. A keyed hash of the address and not an id: ids tell when they were made, and so who was known before.
 */
@Injectable()
export class SignupCookie {
  private readonly secure: boolean;
  private readonly name: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly tokens: Tokens,
  ) {
    this.secure = config.publicUrl.startsWith('https:');
    // Browsers take the __Host- prefix only with Secure, and Secure only over https.
    this.name = this.secure ? '__Host-kuchikomi-signup' : 'kuchikomi-signup';
  }

  set(reply: FastifyReply, publicationId: string, emailKey: string): void {
    void reply.setCookie(this.name, this.valueFor(publicationId, emailKey), {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: this.secure,
      maxAge: DAYS * 86_400,
    });
  }

  isOf(request: FastifyRequest, publicationId: string, emailKey: string): boolean {
    return request.cookies[this.name] === this.valueFor(publicationId, emailKey);
  }

  /** Names the earlier signup of this browser, if there was one and it was for another address. */
  earlier(request: FastifyRequest, publicationId: string, emailKey: string): Buffer | null {
    const value = request.cookies[this.name];
    if (value === undefined || !/^[\w-]{22}$/.test(value)) return null;
    return value === this.valueFor(publicationId, emailKey) ? null : Buffer.from(value, 'base64url');
  }

  private valueFor(publicationId: string, emailKey: string): string {
    return this.tokens.signupKey(publicationId, emailKey).toString('base64url');
  }
}
