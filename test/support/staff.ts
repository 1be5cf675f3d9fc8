import { randomBytes } from 'node:crypto';
import type supertest from 'supertest';
import type { StaffRole } from '../../src/domain/staff.js';
import { Ids } from '../../src/platform/clock.js';
import { hashKey } from '../../src/platform/secrets.js';
import { insertAccount, putMembership } from '../../src/staff/account.store.js';
import { insertSession } from '../../src/staff/session.store.js';
import type { TestApp } from './app.js';
import type { Visitor } from './browser.js';

/** Somebody who is signed in, with a browser of their own. */
export interface StaffMember {
  id: string;
  email: string;
  /** For a browser's own jar. */
  token: string;
  get(path: string): supertest.Test;
  /** As one of our own forms sends it. */
  post(path: string, form?: Record<string, string>): supertest.Test;
}

export const STAFF_COOKIE = 'kuchikomi-staff';
let made = 0;

/** Somebody with a role in a publication, or an operator with none. */
export async function newStaff(
  app: TestApp,
  at: { publicationId: string; role: StaffRole } | 'operator',
  { locale = 'en', name = 'Jo Baker' }: { locale?: 'en' | 'ja'; name?: string } = {},
): Promise<StaffMember> {
  const tx = app.database.reader;
  const [id, now] = [app.get(Ids).next(), app.clock.now()];
  const email = `staff${++made}-${id.slice(-6)}@loaf.example`;
  const operator = at === 'operator';
  await insertAccount(tx, { id, email, emailKey: email, name, passwordHash: null, locale, operator, createdAt: now });
  if (!operator) await putMembership(tx, { ...at, accountId: id, createdAt: now });
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + 86_400_000);
  await insertSession(tx, {
    tokenHash: hashKey(token), accountId: id, browser: 'test', createdAt: now, lastUsedAt: now, expiresAt,
  }); // prettier-ignore
  const cookie = `${STAFF_COOKIE}=${token}`;
  return {
    id,
    email,
    token,
    get: (path) => app.http.get(path).set('cookie', cookie).set('accept', 'text/html'),
    post: (path, form = {}) =>
      app.http
        .post(path)
        .set('cookie', cookie)
        .set('accept', 'text/html')
        .set('sec-fetch-site', 'same-origin')
        .type('form')
        .send(form),
  };
}

/** Gives a browser the session of somebody. */
export async function signInto({ page }: Visitor, { token }: StaffMember, origin: string): Promise<void> {
  await page.context().addCookies([{ name: STAFF_COOKIE, value: token, url: origin, httpOnly: true, sameSite: 'Lax' }]);
}
