import { Erase } from '../../src/flows/erase.js';
import { Leave } from '../../src/flows/leave.js';
import type { TestPublication } from './make.js';

/** What an address may be to a publication when somebody types it into the form. */
export const KINDS_OF_ADDRESSES = [
  ...['new', 'active', 'pending', 'unsubscribed', 'bounced', 'erased', 'blocked', 'disposable'],
  ...['of a blocked domain', 'alias of a reader', 'over its limit', 'of a network that is blocked', 'honeypot'],
] as const; // prettier-ignore
export type KindOfAddress = (typeof KINDS_OF_ADDRESSES)[number];

let made = 0;

/** Makes an address of this kind, each time another one, all of one length; answers what its form sends. */
export async function addressOf(kind: KindOfAddress, publication: TestPublication): Promise<Record<string, string>> {
  const n = String(++made).padStart(5, '0');
  const email = `someone.${n}@mail-of-friends.example`;
  await prepare(kind, publication, email, n);
  switch (kind) {
    case 'disposable':
      return { email: `someone.of.some.${n}@mailinator.com` };
    case 'of a blocked domain':
      return { email: `someone.${n}@mail-is-blocked.example` };
    case 'alias of a reader':
      return { email: `somebody${n}+somethingels@gmail.com` };
    case 'honeypot':
      return { email, website: 'https://spam.example' };
    default:
      return { email };
  }
}

async function prepare(kind: KindOfAddress, publication: TestPublication, email: string, n: string): Promise<void> {
  const { app, id: publicationId } = publication;
  switch (kind) {
    case 'active':
      await publication.reader(email);
      return;
    case 'pending':
      await publication.signUp(email);
      return;
    case 'over its limit':
      for (let times = 0; times < 4; times++) await publication.signUp(email);
      return;
    case 'unsubscribed':
    case 'bounced':
      await app.get(Leave).run(publicationId, (await publication.reader(email)).id, kind, 'mail');
      return;
    case 'erased':
      await app.get(Erase).run(publicationId, (await publication.reader(email)).id);
      return;
    case 'alias of a reader':
      await publication.reader(`some.body${n}@gmail.com`);
      return;
    case 'blocked':
      await block(publication, 'address', email);
      return;
    case 'of a blocked domain':
      await block(publication, 'domain', 'mail-is-blocked.example');
      return;
    case 'of a network that is blocked':
      await block(publication, 'network', BLOCKED_NETWORK);
      return;
    case 'new':
    case 'disposable':
    case 'honeypot':
      return;
  }
}

/** From where a form of the kind `of a network that is blocked` has to come. */
const BLOCKED_NETWORK = '203.0.113.0/24';

async function block(publication: TestPublication, kind: 'address' | 'domain' | 'network', value: string) {
  const { status } = await publication.admin.post('/fraud-lists', { list: 'block', kind, value });
  if (status >= 300 && status !== 409) throw new Error(`${value} was not blocked: ${status}`);
}
