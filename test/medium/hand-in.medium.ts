import { afterEach, describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/email.js';
import { TooManyRequests } from '../../src/domain/errors.js';
import { HAND_IN_LIMIT } from '../../src/domain/hand-in.js';
import { AnswerHandIn } from '../../src/flows/answer-hand-in.js';
import { Erase } from '../../src/flows/erase.js';
import { ForgetContacts } from '../../src/flows/forget-contacts.js';
import { HandInContact } from '../../src/flows/hand-in.js';
import { DAY, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
afterEach(() => app.clock.set(null));

let serial = 0;
const contact = (): string => `mika@firm-${++serial}.example`;

async function newB2b(): Promise<TestPublication> {
  const publication = await newPublication(app);
  await publication.admin.patch('/programs/default', { handIn: true });
  return publication;
}

function handIn(publication: TestPublication, readerId: string, email: string) {
  const parsed = parseAddress(email);
  if (!parsed.ok) throw new Error(parsed.message);
  return app.get(HandInContact).run(publication.id, readerId, 'default', parsed.address);
}

const waiting = (publication: TestPublication) =>
  app.rows<{ id: string; email: string }>(`select * from hand_ins where publication_id = $1 and confirmed_at is null`, [
    publication.id,
  ]);

/** Their own device, in a network of its own: what presses here is never a sign of anything. */
const agree = (token: string) =>
  app.get(AnswerHandIn).agree(token, { ip: `203.0.113.${++serial % 250}`, userAgent: 'Mozilla/5.0 Firefox/140.0' });

async function tokenOf(publication: TestPublication): Promise<string> {
  const [one] = await waiting(publication);
  return app.token('hand-in', publication.id, one!.id);
}

describe('a contact that is handed in', () => {
  test('gets one mail that names the reader and holds nothing else that was typed, and a way never to be asked again', async () => {
    const publication = await newB2b();
    const ana = await publication.reader(undefined, { firstName: 'Ana' });
    const email = contact();
    expect(await handIn(publication, ana.id, email)).toBe('taken');
    expect(await handIn(publication, ana.id, email)).toBe('taken');
    await app.tick();
    const mails = await app.mails(email);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail!.subject).toBe(`Ana recommends ${publication.row.name} to you`);
    expect(mail!.text).not.toContain(ana.email);
    expect(mail!.headers).toMatchObject({
      'List-Unsubscribe': expect.stringMatching(/handed-in\/[\w-]+\/stop>$/),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect((await publication.admin.get('/subscribers').query({ email })).body.data).toEqual([]);
  });

  test.each(['visit evil.com now', 'https://evil.com', 'A\u202Ena'])(
    'is never told a name like %j',
    async (firstName) => {
      const publication = await newB2b();
      const ana = await publication.reader(undefined, { firstName });
      const email = contact();
      await handIn(publication, ana.id, email);
      await app.tick();
      const [mail] = await app.mails(email);
      expect(mail!.subject).toBe(`A reader recommends ${publication.row.name} to you`);
      expect(mail!.html + mail!.text).not.toContain('evil');
    },
  );

  test('becomes a reader by its press, and a verified referral of who named it', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const email = contact();
    await handIn(publication, ana.id, email);
    const token = await tokenOf(publication);
    await app.tick();
    const answers = await inFlight(50, range(50), () => agree(token));
    expect(new Set(answers).size).toBe(1);
    expect((await publication.admin.get('/subscribers').query({ email })).body.data).toMatchObject([
      { id: answers[0], status: 'active', referredBy: { subscriberId: ana.id, state: 'verified' } },
    ]);
    expect(await publication.referralOf(answers[0]!)).toMatchObject({ channel: 'other', clickId: null });
    expect(await publication.countOf(ana.id)).toBe(1);
    expect(await waiting(publication)).toEqual([]);
    const kept = await app.rows(`select * from hand_ins where publication_id = $1`, [publication.id]);
    expect(kept).toMatchObject([{ subscriberId: answers[0], email: null, textVersion: 'hand-in-2026-11' }]);
    const consents = await app.rows<{ act: string; source: string }>(
      `select act, source from consents where subscriber_id = $1 order by act`,
      [answers[0]],
    );
    expect(consents.map(({ act, source }) => `${act} ${source}`)).toEqual(
      expect.arrayContaining(['asked hand_in', 'confirmed hand_in']),
    );
    await app.tick();
    const subjects = (await app.mails(email)).map(({ subject }) => subject);
    expect(subjects).toEqual([expect.stringContaining('recommends'), expect.stringContaining('link')]);
    await app.get(Erase).run(publication.id, answers[0]!);
    for (const table of ['mails', 'received_mails', 'hand_ins', 'subscribers']) {
      expect(await app.rows(`select 1 from ${table} t where position($1 in t::text) > 0`, [email]), table).toEqual([]);
    }
  });

  test('that 50 readers hand in at once gets one mail, and belongs to one of them', async () => {
    const publication = await newB2b();
    const readers = await Promise.all(range(50).map(() => publication.reader()));
    const email = contact();
    const answers = await inFlight(50, readers, ({ id }) => handIn(publication, id, email));
    expect(new Set(answers)).toEqual(new Set(['taken']));
    expect(await waiting(publication)).toHaveLength(1);
    await app.tick();
    expect(await app.mails(email)).toHaveLength(1);
    const subscriberId = await agree(await tokenOf(publication));
    const counts = await Promise.all(readers.map(({ id }) => publication.countOf(id)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(subscriberId).not.toBeNull();
  });

  test('is deleted with its mail when it does not answer in 14 days', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const email = contact();
    await handIn(publication, ana.id, email);
    const token = await tokenOf(publication);
    await app.tick();
    app.advance(14 * DAY - 60_000);
    await Promise.all(range(5).map(() => app.get(ForgetContacts).run()));
    expect(await waiting(publication)).toHaveLength(1);
    app.advance(60_000);
    expect(await agree(token)).toBeNull();
    await Promise.all(range(5).map(() => app.get(ForgetContacts).run()));
    expect(await waiting(publication)).toEqual([]);
    expect(await app.get(AnswerHandIn).look(token)).toMatchObject({ kind: 'gone' });
    for (const table of ['mails', 'received_mails', 'hand_ins', 'subscribers']) {
      expect(await app.rows(`select 1 from ${table} t where position($1 in t::text) > 0`, [email]), table).toEqual([]);
    }
  });

  test.each([
    ['is a reader', (publication: TestPublication, email: string) => publication.reader(email)],
    ['is asked for a confirmation', (publication: TestPublication, email: string) => publication.signUp(email)],
    [
      'has left',
      async (publication: TestPublication, email: string) => {
        const { id } = await publication.reader(email);
        await publication.admin.post(`/subscribers/${id}/unsubscribe`);
      },
    ],
    [
      'was erased',
      async (publication: TestPublication, email: string) => {
        await app.get(Erase).run(publication.id, (await publication.reader(email)).id);
      },
    ],
    [
      'had another address',
      async (publication: TestPublication, email: string) => {
        const { id } = await publication.reader(email);
        await publication.admin.patch(`/subscribers/${id}`, { email: contact() });
      },
    ],
    [
      'declined',
      async (publication: TestPublication, email: string) => {
        await handIn(publication, (await publication.reader()).id, email);
        await app.get(AnswerHandIn).decline(await tokenOf(publication));
        app.advance(1_000 * DAY);
        await app.get(ForgetContacts).run();
      },
    ],
    [
      'was asked within the year, and deleted',
      async (publication: TestPublication, email: string) => {
        await handIn(publication, (await publication.reader()).id, email);
        app.advance(300 * DAY);
        await app.get(ForgetContacts).run();
      },
    ],
  ])('who %s gets no mail, is not stored, and the answer is the same', async (_, before) => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const email = contact();
    await before(publication, email);
    await app.tick();
    const mails = (await app.mails(email)).length;
    expect(await handIn(publication, ana.id, email)).toBe('taken');
    expect(await handIn(publication, ana.id, email.replace('@', '+tag@'))).toBe('taken');
    expect(await waiting(publication)).toEqual([]);
    await app.tick();
    expect(await app.mails(email)).toHaveLength(mails);
  });

  test('who declines after it was deleted is never asked again either', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const email = contact();
    await handIn(publication, ana.id, email);
    const token = await tokenOf(publication);
    app.advance(20 * DAY);
    await app.get(ForgetContacts).run();
    await app.get(AnswerHandIn).decline(token);
    app.advance(1_000 * DAY);
    await app.get(ForgetContacts).run();
    await handIn(publication, ana.id, email);
    expect(await waiting(publication)).toEqual([]);
  });

  test('may be asked again by another publication, at most three times in a day', async () => {
    const email = contact();
    const publications = await Promise.all(range(5).map(() => newB2b()));
    for (const publication of publications) await handIn(publication, (await publication.reader()).id, email);
    const stored = await Promise.all(publications.map(waiting));
    expect(stored.map(({ length }) => length)).toEqual([1, 1, 1, 0, 0]);
  });

  test('goes with whoever handed it in, when that one is erased', async () => {
    const publication = await newB2b();
    const ana = await publication.reader(undefined, { firstName: 'Ana' });
    const email = contact();
    await handIn(publication, ana.id, email);
    const token = await tokenOf(publication);
    await app.get(Erase).run(publication.id, ana.id);
    expect(await waiting(publication)).toEqual([]);
    expect(await agree(token)).toBeNull();
    await app.tick();
    expect(await app.mails(email)).toEqual([]);
  });

  test('of a reader who joined by the form and is erased is forgotten with them', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const email = contact();
    await handIn(publication, ana.id, email);
    const { id } = await publication.signUp(email);
    await app.get(Erase).run(publication.id, id);
    expect(await waiting(publication)).toEqual([]);
  });
});

describe('who hands in', () => {
  test('must take part in a program that asks for it, with business addresses', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    expect(await handIn(publication, ana.id, 'mika@gmail.com')).toBe('not_business');
    expect(await handIn(publication, ana.id, 'mika@mailinator.com')).toBe('not_business');
    await publication.admin.patch('/programs/default', { handIn: false });
    expect(await handIn(publication, ana.id, contact())).toBe('off');
    const program = await publication.newProgram('other', { access: 'application', handIn: true });
    await program.add({ subscriberId: ana.id });
    const parsed = parseAddress(contact());
    if (!parsed.ok) throw new Error(parsed.message);
    expect(await app.get(HandInContact).run(publication.id, ana.id, 'other', parsed.address)).toBe('off');
    expect(await waiting(publication)).toEqual([]);
  });

  test('may do so often, and known contacts count as much as new ones', async () => {
    const publication = await newB2b();
    const ana = await publication.reader();
    const known = contact();
    await publication.reader(known);
    await inFlight(5, range(HAND_IN_LIMIT.most), () => handIn(publication, ana.id, known));
    await expect(handIn(publication, ana.id, contact())).rejects.toThrow(TooManyRequests);
    app.advance(DAY);
    expect(await handIn(publication, ana.id, contact())).toBe('taken');
  });
});

test('a blocked domain is asked nothing, and the answer is the same', async () => {
  const publication = await newB2b();
  const ana = await publication.reader();
  const block = { list: 'block', kind: 'domain', value: 'blocked.example' };
  expect((await publication.admin.post('/fraud-lists', block)).status).toBe(201);
  expect(await handIn(publication, ana.id, 'mika@sales.blocked.example')).toBe('taken');
  expect(await waiting(publication)).toEqual([]);
});
