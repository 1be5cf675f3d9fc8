import '@fastify/cookie'; // types of cookies on requests and replies
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_IDLE_DAYS } from '../../domain/staff.js';
import { CONFIG, type Config } from '../../platform/config.js';

/** What is said once, on the page after a form: a message `flash.{key}` with its arguments. */
export interface Flash {
  key: string;
  kind: 'good' | 'warn' | 'bad';
  args: Record<string, string | number>;
}

const FLASH_SECONDS = 60;

/** The cookies of the pages for staff: the session, and what the next page says. */
@Injectable()
export class StaffCookie {
  private readonly secure: boolean;

  constructor(@Inject(CONFIG) config: Config) {
    this.secure = config.publicUrl.startsWith('https:');
  }

  setSession(reply: FastifyReply, token: string): void {
    this.set(reply, 'kuchikomi-staff', token, SESSION_IDLE_DAYS * 86_400);
  }

  clearSession(reply: FastifyReply): void {
    this.set(reply, 'kuchikomi-staff', '', 0);
  }

  session(request: FastifyRequest): string | null {
    const token = request.cookies[this.name('kuchikomi-staff')];
    return token === undefined || token === '' ? null : token;
  }

  setFlash(reply: FastifyReply, flash: Flash): void {
    this.set(reply, 'kuchikomi-said', Buffer.from(JSON.stringify(flash)).toString('base64url'), FLASH_SECONDS);
  }

  /** What is to be said, once. Null for anything that we did not write. */
  takeFlash(request: FastifyRequest, reply: FastifyReply): Flash | null {
    const told = request.cookies[this.name('kuchikomi-said')];
    if (told === undefined || told === '') return null;
    this.set(reply, 'kuchikomi-said', '', 0);
    try {
      const { key, kind, args } = JSON.parse(Buffer.from(told, 'base64url').toString()) as Flash;
      return /^[a-z-]+$/.test(key) && ['good', 'warn', 'bad'].includes(kind) ? { key, kind, args } : null;
    } catch {
      return null;
    }
  }

  private set(reply: FastifyReply, name: string, value: string, maxAge: number): void {
    void reply.setCookie(this.name(name), value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: this.secure,
      maxAge,
    });
  }

  /** Browsers take the __Host- prefix only with Secure, and Secure only over https. */
  private name(name: string): string {
    return this.secure ? `__Host-${name}` : name;
  }
}
