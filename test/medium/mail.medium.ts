import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChangeMailTemplate } from '../../src/flows/change-mail-template.js';
import { Leave } from '../../src/flows/leave.js';
import { SendMails } from '../../src/flows/send-mails.js';
import { DAY, HOUR, MINUTE, OPERATOR_KEY, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';
import { type Refusal, startSmtp } from '../support/smtp.js';

const smtp = await startSmtp();
const app = await startApp({ smtpUrl: smtp.url, devTools: false });
let publication: TestPublication;

beforeEach(async () => {
  publication = await newPublication(app, {
    name: 'The Loaf',
    fromEmail: 'editor@loaf.example',
    postalAddress: 'Mill Lane 1',
  });
});

afterEach(async () => {
  smtp.behave = {};
  await app.rows(`delete from mails where message = 'confirm'`); // nobody is reminded of what a test before sent
  app.advance(DAY); // whatever a test has paused or put off is due again
  await app.get(SendMails).run();
  smtp.taken.length = 0;
});

const send = () => app.get(SendMails).run();

interface MailRow {
  id: string;
  state: string;
  attempts: number;
  uncertain: boolean;
  lastError: string | null;
  sentAt: Date | null;
}

async function mailsOf(subscriberId: string): Promise<MailRow[]> {
  return app.rows('select * from mails where subscriber_id = $1 order by id', [subscriberId]);
}

async function stateOf(subscriberId: string): Promise<string[]> {
  return (await mailsOf(subscriberId)).map(({ state }) => state);
}

describe('what goes out', () => {
  test('the confirm mail has no way to unsubscribe and nothing that was typed; all others have both headers, once', async () => {
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader('ana@mail.example', { firstName: 'Ana' });
    await publication.verifiedFriend(reader.code);
    const pending = await publication.signUp('new@mail.example', { firstName: 'Visit-evil', heardFrom: 'evil-words' });
    await app.http.post('/hub').type('form').send({ publication: publication.slug, email: 'ana@mail.example' });
    await app.tick();
    const [confirm] = smtp.to(pending.email);
    expect([confirm!.header('list-unsubscribe'), confirm!.header('list-unsubscribe-post')]).toEqual([[], []]);
    expect(confirm!.raw).not.toMatch(/Visit-evil|evil-words/);
    const subjects = smtp.to(reader.email).map(({ parsed }) => parsed.subject);
    expect(subjects).toHaveLength(3); // welcome, reward, the way to the hub
    for (const mail of smtp.to(reader.email)) {
      expect(mail.header('list-unsubscribe')).toEqual([expect.stringMatching(/^<http\S+\/unsubscribe\/[\w-]{70}>$/)]);
      expect(mail.header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
      const path = new URL(mail.header('list-unsubscribe')[0]!.slice(1, -1)).pathname;
      expect((await app.http.get(path)).status).toBe(200);
    }
    for (const mail of smtp.taken) {
      expect([mail.header('from'), mail.header('to')]).toEqual([['The Loaf <editor@loaf.example>'], [mail.to[0]]]);
      expect(mail.header('message-id')).toEqual([expect.stringMatching(/^<[\w-]{36}@loaf\.example>$/)]);
      expect(mail.parsed.text && mail.parsed.html).toBeTruthy();
    }
  });

  test.each([
    ['a line break', 'Ana\r\nBcc: eve@mail.example'],
    ['markup', '<script>alert(1)</script>'],
    ['a comma and an address', 'Ana, eve@mail.example'],
    ['a link', 'https://evil.example'],
    ['an encoded word', '=?utf-8?q?Bcc=3A_eve=40mail.example?='],
    ['bidi marks', 'Ana\u202eevil'],
    ['quotes', '"Ana" <eve@mail.example>'],
  ])('a first name with %s adds no header, no recipient and no markup', async (_, firstName) => {
    const reader = await publication.reader(undefined, { firstName });
    await app.tick();
    const [mail, ...more] = smtp.to(reader.email);
    expect([more.length, mail!.to]).toEqual([0, [reader.email]]);
    expect(smtp.taken.flatMap(({ to }) => to).join()).not.toContain('eve@');
    expect([mail!.header('to'), mail!.header('bcc'), mail!.header('cc')]).toEqual([[reader.email], [], []]);
    expect(mail!.parsed.html).not.toMatch(/<script|evil\.example"/);
    expect(`${mail!.parsed.subject}${mail!.parsed.text}`).not.toMatch(/eve@|evil|\u202e/);
  });

  test('the name of a publication and of a reward add no header either', async () => {
    await publication.admin.patch(`/publications/${publication.slug}`, {
      fromName: 'Loaf, "the" <b@evil.example>',
      name: 'A & B <i>',
    });
    const rewardId = (await publication.reward({ name: 'Guide\u2028Bcc: eve@mail.example & <b>', description: 'a\nb' }))
      .id;
    await publication.milestone({ threshold: 1, rewardId });
    const reader = await publication.reader('one@mail.example');
    await publication.verifiedFriend(reader.code);
    await app.tick();
    for (const mail of smtp.to(reader.email)) {
      expect([mail.header('bcc'), mail.parsed.from?.address]).toEqual([[], 'editor@loaf.example']);
      expect(mail.parsed.html).not.toContain('<b>Guide');
    }
    const subjects = smtp.to(reader.email).map(({ parsed }) => parsed.subject);
    expect(subjects).toContain('Guide Bcc: eve@mail.example & <b>, for you');
  });

  test('nothing goes to somebody who left after it was promised', async () => {
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader('leaves@mail.example');
    await publication.verifiedFriend(reader.code);
    await app.get(Leave).run(publication.id, reader.id, 'unsubscribed', 'mail');
    const pending = await publication.signUp('leaves-too@mail.example');
    await app.get(Leave).run(publication.id, pending.id, 'unsubscribed', 'api');
    await app.tick();
    expect([smtp.to(reader.email), smtp.to(pending.email)]).toEqual([[], []]);
    expect([await stateOf(reader.id), await stateOf(pending.id)]).toEqual([
      ['suppressed', 'suppressed'],
      ['suppressed'],
    ]);
  });

  test('a mail that cannot be rendered is dead, with its reason, and stops no other', async () => {
    const readers = [];
    for (let n = 0; n < 12; n++) readers.push(await publication.reader());
    await app.rows(`update mails set data = '{}' where subscriber_id = $1`, [readers[0]!.id]);
    await app.rows(`update mails set message = 'nonsense' where subscriber_id = $1`, [readers[1]!.id]);
    await app.tick();
    for (const poisoned of readers.slice(0, 2)) {
      const [mail] = await mailsOf(poisoned.id);
      expect(mail).toMatchObject({ state: 'dead', lastError: expect.stringContaining('cannot be rendered') });
    }
    for (const { id } of readers.slice(2)) expect(await stateOf(id)).toEqual(['sent']);
    expect(smtp.taken).toHaveLength(10);
  });
});

describe("in the publication's own words", () => {
  const by = { actor: 'operator', role: 'operator' } as const;
  const confirm = { message: 'confirm', locale: 'en' } as const;
  const texts = {
    subject: 'Hello from {{publication.name}}',
    html: '<p>{{confirmUrl}}</p>',
    text: 'Yes: {{confirmUrl}}',
  };
  const save = () => app.get(ChangeMailTemplate).save(publication.id, confirm, texts, undefined, by);

  test('a mail goes out so from the next one on, in its language alone, inside the layout, until they are taken back', async () => {
    await save();
    const reader = await publication.signUp();
    const other = await publication.signUp(undefined, { locale: 'ja' });
    await send();
    const [mail] = smtp.to(reader.email);
    expect(mail!.parsed.subject).toBe('Hello from The Loaf');
    expect(mail!.parsed.text).toMatch(/^Yes: http\S+\/confirm\/\S+\n\n-- \n[^]*The Loaf, Mill Lane 1/);
    expect(mail!.parsed.html).toMatch(/Mill Lane 1<\/p>/);
    expect((await app.http.get(new URL(mail!.link('/confirm/')).pathname)).status).toBe(200);
    expect(smtp.to(other.email)[0]!.parsed.subject).not.toContain('Hello');
    expect(await app.get(ChangeMailTemplate).remove(publication.id, confirm, by)).toBe(true);
    expect(await app.get(ChangeMailTemplate).remove(publication.id, confirm, by)).toBe(false);
    const later = await publication.signUp();
    await send();
    expect(smtp.to(later.email)[0]!.parsed.subject).not.toContain('Hello');
    const versions = await app.rows('select version, texts, actor from mail_template_versions order by version');
    expect(versions).toEqual([
      { version: 1, texts, actor: 'operator' },
      { version: 2, texts: null, actor: 'operator' },
    ]);
    const entries = await app.rows(`select act, data from audit_entries where act like 'mail-template.%' order by id`);
    expect(entries).toEqual([
      { act: 'mail-template.write', data: { message: 'confirm', locale: 'en', version: 1 } },
      { act: 'mail-template.remove', data: { message: 'confirm', locale: 'en', version: 2 } },
    ]);
  });

  test('nothing that is wrong with them stops a mail: ours is sent, and somebody is told', async () => {
    await save();
    const broken = [
      { ...texts, html: '{{#if' },
      { ...texts, text: '{{noSuchThing}}' },
      { ...texts, text: '{{publication.noSuchThing.deeper}}' },
      { ...texts, html: '{{> noSuchPart}}' },
      { ...texts, subject: '{{#if validDays}}{{else}}x{{/if}}' },
      { ...texts, html: `<p>${'{{confirmUrl}} '.repeat(2_000)}</p>` },
      {},
    ];
    const before = app.get(SendMails).fellBack;
    for (const wrong of broken) {
      await app.rows(`update mail_template_versions set texts = $2 where publication_id = $1`, [publication.id, wrong]);
      const reader = await publication.signUp();
      await send();
      expect(await stateOf(reader.id)).toEqual(['sent']);
      expect(smtp.to(reader.email)[0]!.parsed.subject).toBe('Press once to join The Loaf');
      expect(app.logged.at(-1)).toContain("a publication's own template failed");
    }
    expect(app.get(SendMails).fellBack - before).toBe(broken.length);
    const metrics = await app.http.get('/metrics').set('authorization', `Bearer ${OPERATOR_KEY}`);
    expect(metrics.text).toContain(`kuchikomi_mail_template_fallbacks_total ${app.get(SendMails).fellBack}`);
  });
});

describe('when the server says no', () => {
  const refuseAll = (at: keyof typeof smtp.behave, refusal: Refusal) => (smtp.behave = { [at]: () => refusal });

  test('for now, the mail is tried again later, as the same mail', async () => {
    const { id, email } = await publication.signUp();
    refuseAll('rcptTo', '451 4.7.1 Greylisted');
    await send();
    const [first] = await mailsOf(id);
    expect(first).toMatchObject({ state: 'waiting', attempts: 1, lastError: expect.stringContaining('451') });
    smtp.behave = {};
    await send();
    expect(smtp.to(email)).toEqual([]); // not due yet
    app.advance(2 * MINUTE);
    await send();
    expect(smtp.to(email)[0]!.header('message-id')).toEqual([`<${first!.id}@loaf.example>`]);
    expect(await mailsOf(id)).toMatchObject([{ state: 'sent', attempts: 2, lastError: null }]);
  });

  test('for now, eight times: the mail is dead and the reader is not', async () => {
    const { id } = await publication.signUp();
    refuseAll('rcptTo', '452 4.2.2 Full');
    for (let n = 0; n < 9; n++) {
      await send();
      app.advance(11 * HOUR);
    }
    expect(await mailsOf(id)).toMatchObject([{ state: 'dead', attempts: 8 }]);
    expect((await publication.admin.get(`/subscribers/${id}`)).body.status).toBe('pending');
  });

  test('to this address alone, it bounces, and its referral does not count if it was held', async () => {
    const [gone, fine] = [await publication.signUp('gone@mail.example'), await publication.signUp('fine@mail.example')];
    smtp.behave = { rcptTo: (address) => (address === 'gone@mail.example' ? '550 5.1.1 No such user' : undefined) };
    await send();
    expect([await stateOf(gone.id), await stateOf(fine.id)]).toEqual([['dead'], ['sent']]);
    expect((await publication.admin.get(`/subscribers/${gone.id}`)).body.status).toBe('bounced');
    expect((await publication.admin.get(`/subscribers/${fine.id}`)).body.status).toBe('pending');
    await publication.signUp('gone@mail.example'); // whoever types it again is asked again
    expect((await publication.admin.get(`/subscribers/${gone.id}`)).body.status).toBe('pending');
  });

  test.each<[string, keyof typeof smtp.behave, Refusal]>([
    ['by policy', 'rcptTo', '550 5.7.1 Blocked by policy'],
    ['to our sender', 'mailFrom', '550 5.7.1 Sender refused'],
    ['before it heard of any mail', 'connect', '554 5.7.1 Go away'],
  ])('%s, sending pauses, somebody is told, and no reader bounces', async (_, at, refusal) => {
    const pending = await publication.signUp();
    await smtp.down(); // connections that are kept open end, so that the greeting is heard
    await smtp.up();
    refuseAll(at, refusal);
    await send();
    expect((await publication.admin.get(`/subscribers/${pending.id}`)).body.status).toBe('pending');
    expect(await stateOf(pending.id)).toEqual(['waiting']);
    const ready = await app.http.get('/health/ready');
    expect([ready.status, ready.body.checks.mail]).toEqual([200, expect.stringContaining('paused until')]);
    expect(app.logged.at(-1)).toContain('"level":50');
    smtp.behave = {};
    const later = await publication.signUp();
    await send();
    expect(smtp.taken).toEqual([]); // paused for all
    app.advance(HOUR);
    await send();
    expect([await stateOf(pending.id), await stateOf(later.id)]).toEqual([['sent'], ['sent']]);
    expect((await app.http.get('/health/ready')).body.checks.mail).toBe('ok');
  });

  test('about the size or text of one mail, that mail is dead and the next one goes', async () => {
    const [big, fine] = [await publication.signUp('big@mail.example'), await publication.signUp('fine@mail.example')];
    smtp.behave = { afterData: (address) => (address === 'big@mail.example' ? '552 5.3.4 Too big' : undefined) };
    await send();
    expect([await stateOf(big.id), await stateOf(fine.id)]).toEqual([['dead'], ['sent']]);
  });
});

describe('when the server is gone', () => {
  test('after the final dot, the mail is uncertain: one more try after 15 minutes, then a person decides', async () => {
    const { id, email } = await publication.signUp();
    smtp.behave = { afterData: () => 'drop' };
    await send();
    expect(await mailsOf(id)).toMatchObject([{ state: 'waiting', uncertain: true, attempts: 1 }]);
    app.advance(14 * MINUTE);
    await send();
    expect(smtp.to(email)).toHaveLength(1);
    app.advance(2 * MINUTE);
    await send();
    expect(await stateOf(id)).toEqual(['uncertain']);
    app.advance(30 * DAY);
    await send();
    const copies = smtp.to(email).map((mail) => mail.header('message-id')[0]);
    expect([copies.length, new Set(copies).size]).toEqual([2, 1]);
  });

  test('before the mail was handed over, it is not uncertain and loses no try', async () => {
    const { id } = await publication.signUp();
    smtp.behave = { rcptTo: () => 'drop' };
    await send();
    expect(await mailsOf(id)).toMatchObject([{ state: 'waiting', uncertain: false, attempts: 0 }]);
  });

  test('for six hours, nothing dies or is lost, few probes knock, and confirm mails go first', async () => {
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader('reader@mail.example');
    await publication.verifiedFriend(reader.code, 'friend@mail.example');
    await app.tick().catch(() => undefined);
    // A mail about sharing waits for the day, whatever the server does: program-mails.medium.ts.
    await app.rows(`delete from mails where publication_id = $1 and message = 'first-referral'`, [publication.id]);
    await app.rows(`update mails set state = 'waiting', sent_at = null where publication_id = $1`, [publication.id]);
    smtp.taken.length = 0;
    await smtp.down();
    const waiting = [];
    for (let n = 0; n < 8; n++) {
      waiting.push(await publication.signUp());
      app.advance(MINUTE);
    }
    const warnings = app.logged.length;
    for (let n = 0; n < 6 * 12; n++) {
      await send();
      app.advance(5 * MINUTE);
    }
    const states = await app.rows<{ state: string }>('select distinct state from mails where publication_id = $1', [
      publication.id,
    ]);
    expect(states).toEqual([{ state: 'waiting' }]);
    expect(app.logged.length - warnings).toBeLessThan(6 * 12 + 10);
    await smtp.up();
    app.advance(5 * MINUTE);
    await send();
    const order = smtp.taken.map(({ to }) => to[0]);
    expect(order).toHaveLength(waiting.length + 3);
    // One as a probe, then five at once; of the next five only two ask for a confirmation.
    const asked = new Set(waiting.map(({ email }) => email));
    expect(order.slice(0, 6).filter((address) => !asked.has(address!))).toEqual([]);
    // The life of the token began when the mail was taken.
    const token = await app.confirmToken(publication.id, waiting[0]!.id);
    app.advance(14 * DAY - HOUR);
    expect((await app.http.get(`/confirm/${token}`)).status).toBe(200);
    app.advance(2 * HOUR);
    expect((await app.http.get(`/confirm/${token}`)).status).toBe(410);
    expect((await app.http.post(`/confirm/${token}`)).status).toBe(410);
  });

  // Known: a mail that was the probe is put off, and so goes behind the mails that nobody tried (see claimMails).
  test('for an hour, the oldest confirm mails go first when it is back', async () => {
    await smtp.down();
    const waiting = [];
    for (let n = 0; n < 20; n++) {
      waiting.push(await publication.signUp());
      app.advance(1_000);
    }
    for (let n = 0; n < 12; n++) {
      await send();
      app.advance(5 * MINUTE);
    }
    await smtp.up();
    await send();
    // The first is the probe that found the server back; the others follow by age.
    const [probe, ...order] = smtp.taken.map(({ to }) => to[0]);
    const off = waiting
      .filter(({ email }) => email !== probe)
      .map(({ email }, n) => Math.abs(order.indexOf(email) - n));
    expect(order).toHaveLength(19);
    expect(Math.max(...off)).toBeLessThan(5); // five are in flight
  });

  test('for a moment, five mails that fail together are one failure: the next try comes after 5 s', async () => {
    for (let n = 0; n < 5; n++) await publication.signUp();
    await smtp.down();
    await send();
    await smtp.up();
    app.advance(6_000);
    await send();
    expect(smtp.taken).toHaveLength(5);
  });

  test('a slow server slows no page', async () => {
    const { email } = await publication.signUp();
    let answer = (): void => undefined;
    smtp.behave = { until: new Promise((resolve) => (answer = resolve)) };
    const sending = send();
    await smtp.waitFor(email);
    expect((await app.http.get(`/join/${publication.slug}`)).status).toBe(200); // while the server keeps us waiting
    answer();
    await sending;
  });
});

describe('when the database is gone after the server took the mail', () => {
  test('the mail is marked when it is back, and is not sent twice', async () => {
    const { id, email } = await publication.signUp();
    const query = app.database.source.manager.query.bind(app.database.source.manager);
    let failures = 3;
    const spy = vi.spyOn(app.database.source.manager, 'query').mockImplementation(((sql: string, ...rest: []) => {
      const fails = sql.includes(`set state = 'sent'`) && failures-- > 0;
      return fails ? Promise.reject(new Error('Connection terminated')) : query(sql, ...rest);
    }) as never);
    await send();
    spy.mockRestore();
    expect(failures).toBeLessThan(1);
    await send();
    expect([await stateOf(id), smtp.to(email).length]).toEqual([['sent'], 1]);
  });

  test('two workers at once send every mail once', async () => {
    const second = await startApp({ smtpUrl: smtp.url, devTools: false }, { poolSize: 5 });
    second.clock.set(app.clock.now());
    const readers = [];
    for (let n = 0; n < 30; n++) readers.push(await publication.signUp());
    await Promise.all([send(), second.get(SendMails).run(), send()]);
    expect(readers.map(({ email }) => smtp.to(email).length)).toEqual(readers.map(() => 1));
    await second.close();
  });
});
