import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { classifySmtpFault } from '../../src/domain/smtp-faults.js';
import { SmtpTransport } from '../../src/mail/smtp-transport.js';
import type { HandOver, OutgoingMail } from '../../src/mail/transport.js';
import { verifyDkim } from '../support/dkim.js';
import { RawSmtp } from '../support/raw-smtp.js';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

let serial = 0;
function mail(sender: string, more: Partial<OutgoingMail> = {}): OutgoingMail {
  const n = ++serial;
  return {
    messageId: `<${n}@loaf.example>`,
    from: { name: 'The Weekly Loaf', address: `${sender}@loaf.example` },
    to: { name: '', address: `reader-${n}@mail.example` },
    subject: `Mail ${n}`,
    html: '<p>Rye  \n\n</p>',
    text: 'Rye\n\n',
    headers: {},
    ...more,
  };
}

async function raw(pipelining = false): Promise<RawSmtp> {
  const server = await new RawSmtp(pipelining).listen();
  cleanUp.push(() => server.close());
  return server;
}

function transportTo(
  url: string,
  ...more: [dkim?: ConstructorParameters<typeof SmtpTransport>[1], tls?: { ca: string }]
) {
  const transport = new SmtpTransport(url, more[0] ?? null, more[1]);
  cleanUp.push(() => transport.onApplicationShutdown());
  return transport;
}

/** What a fault must be told as: stage, code, and what is then done. */
const FAULTS: Record<string, [stage: string, code: number | undefined, act: string]> = {
  'mail-drop': ['data', undefined, 'pause_transport'],
  'mail-451': ['mail', 451, 'retry_mail'],
  'rcpt-drop': ['data', undefined, 'pause_transport'],
  'rcpt-550': ['rcpt', 550, 'dead'],
  'rcpt-452': ['rcpt', 452, 'retry_mail'],
  'data-drop': ['data', undefined, 'pause_transport'],
  'data-554': ['data', 554, 'dead'],
  'data-451': ['data', 451, 'retry_mail'],
  'go-drop': ['after_data', undefined, 'uncertain'],
  'dot-drop': ['after_data', undefined, 'uncertain'],
  'dot-451': ['after_data', 451, 'retry_mail'],
  'dot-554': ['after_data', 554, 'dead'],
};

function told(result: HandOver): [stage: string, code: number | undefined, act: string] | 'accepted' {
  if (result.kind === 'accepted') return 'accepted';
  return [result.fault.stage, result.fault.replyCode, classifySmtpFault(result.fault).act];
}

describe.each([false, true])('with PIPELINING %s', (pipelining) => {
  test('each fault is told for what it was, alone on a new connection and on one that has carried mails', async () => {
    const transport = transportTo((await raw(pipelining)).url);
    for (const [fault, expected] of Object.entries(FAULTS)) {
      expect(told(await transport.handOver(mail(fault))), `${fault}, new`).toEqual(expected);
      expect(told(await transport.handOver(mail('ok')))).toBe('accepted');
      expect(told(await transport.handOver(mail(fault))), `${fault}, kept`).toEqual(expected);
    }
  });

  test('with five in flight a mail is uncertain exactly when its own connection had said 354', async () => {
    const server = await raw(pipelining);
    const transport = transportTo(server.url);
    const names = ['ok', 'ok', ...Object.keys(FAULTS)];
    // Each fault beside each other one, 500 mails; never the same five together.
    const mails = Array.from({ length: 500 }, (_, n) =>
      mail(names[(n * 5 + Math.floor(n / names.length)) % names.length]!),
    );
    const waiting = [...mails];
    const results = new Map<OutgoingMail, HandOver>();
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          results.set(next, await transport.handOver(next));
        }
      }),
    );
    let uncertain = 0;
    for (const [sent, result] of results) {
      const name = sent.from.address.split('@')[0]!;
      expect(told(result), name).toEqual(name === 'ok' ? 'accepted' : FAULTS[name]);
      if (result.kind !== 'failed' || result.fault.replyCode !== undefined) continue;
      const heard = server.after354.has(`${sent.from.address} ${sent.to.address}`);
      expect(result.fault.stage === 'after_data', name).toBe(heard);
      if (heard) uncertain++;
    }
    console.log(`pipelining ${pipelining}: ${uncertain} of 500 uncertain, ${server.connections} connections`);
    expect(uncertain).toBeGreaterThan(50);
  });
});

test('before any mail: a cut, a refused greeting, a refused login, nobody there', async () => {
  const server = await raw();
  const transport = transportTo(server.url);
  server.atGreeting = 'drop';
  expect(told(await transport.handOver(mail('ok')))).toEqual(['connect', undefined, 'pause_transport']);
  server.atGreeting = '421 4.3.2 later';
  expect(told(await transport.handOver(mail('ok')))).toEqual(['greeting', 421, 'pause_transport']);
  server.atGreeting = '554 5.7.1 not you';
  expect(told(await transport.handOver(mail('ok')))).toEqual(['greeting', 554, 'pause_transport']);
  expect(told(await transportTo('smtp://127.0.0.1:1').handOver(mail('ok')))).toEqual([
    'connect',
    undefined,
    'pause_transport',
  ]);
  const { url } = await realServer({ authOptional: false, hideSTARTTLS: true, allowInsecureAuth: true });
  const refused = await transportTo(url('smtp', 'user:wrong')).handOver(mail('ok'));
  expect(told(refused)).toEqual(['auth', 535, 'pause_transport']);
});

test('connections are kept and shared, five at most; a hundred mails end one', async () => {
  const server = await raw();
  const transport = transportTo(server.url);
  const results = await Promise.all(Array.from({ length: 400 }, () => transport.handOver(mail('ok'))));
  expect(new Set(results.map(told))).toEqual(new Set(['accepted']));
  expect(server.connections).toBe(5);
  for (let n = 0; n < 110; n++) await transport.handOver(mail('ok'));
  expect(server.connections).toBeGreaterThan(5);
});

test.each([
  ['cuts a connection in the pause after a mail', { mails: 1, then: 'drop' as const }],
  ['takes two mails on a connection and says 421 to the third', { mails: 2, then: '421' as const }],
])('a server that %s loses nothing and delays nothing', async (_, most) => {
  const server = await raw();
  server.most = most;
  const transport = transportTo(server.url);
  for (let n = 0; n < 10; n++) {
    expect(told(await transport.handOver(mail('ok')))).toBe('accepted');
    await new Promise((resume) => setTimeout(resume, n % 2 ? 15 : 0));
  }
  expect(server.connections).toBeGreaterThan(2);
});

test('a mail that cannot be is dead by itself, and the next one goes', async () => {
  const transport = transportTo((await raw()).url);
  const impossible = mail('ok', { to: { name: '', address: '' } });
  const result = await transport.handOver(impossible);
  expect(told(result)).toEqual(['data', 554, 'dead']);
  expect(told(await transport.handOver(mail('ok')))).toBe('accepted');
});

describe('TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kuchikomi-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const [keyFile, certFile] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', keyFile, '-out', certFile],
  ], { stdio: 'ignore' }); // prettier-ignore
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];

  test.each([
    ['smtps', { secure: true }, 'smtps', ''],
    ['STARTTLS where it is offered', {}, 'smtp', ''],
    ['STARTTLS where it is required', {}, 'smtp', '?requireTLS=true'],
  ])(
    '%s: a certificate that nobody vouches for is refused, a known one is taken',
    async (_, options, protocol, query) => {
      const { url, taken } = await realServer({ ...options, key, cert });
      const unknown = await transportTo(url(protocol) + query).handOver(mail('ok'));
      expect(told(unknown)).toEqual([expect.stringMatching(/connect|greeting/), undefined, 'pause_transport']);
      expect(taken).toEqual([]);
      const known = await transportTo(url(protocol) + query, null, { ca: cert }).handOver(mail('ok'));
      expect(told(known)).toBe('accepted');
      expect(taken.map(({ secure }) => secure)).toEqual([true]);
    },
  );

  test('where TLS is required a server without it gets nothing, not even the login', async () => {
    const { url, taken } = await realServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const result = await transportTo(`${url('smtp', 'user:right')}?requireTLS=true`).handOver(mail('ok'));
    expect(told(result)).toEqual(['greeting', expect.any(Number), 'pause_transport']);
    expect(taken).toEqual([]);
    const ignored = await transportTo(`${url('smtp', 'user:right')}?ignoreTLS=true`).handOver(mail('ok'));
    expect(told(ignored)).toBe('accepted');
  });
});

test('DKIM: the signature of every mail verifies, covers both List-Unsubscribe headers, and breaks when one is changed', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { url, taken } = await realServer({ hideSTARTTLS: true });
  const transport = transportTo(url('smtp'), { domain: 'loaf.example', selector: 'k1', privateKey: pem });
  const headers = {
    'List-Unsubscribe': '<https://loaf.example/u/1>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  const texts = ['Rye', 'Ein Brötchen,\tbitte  \n\n\n', '口コミ\nとは', '.\n..\n', `${'long '.repeat(400)}\n`];
  for (const text of texts) {
    const sent = mail('ok', { text, html: `<p>${text}</p>`, subject: text.slice(0, 40).trim() || 'dots', headers });
    expect(told(await transport.handOver(sent))).toBe('accepted');
  }
  expect(taken).toHaveLength(texts.length);
  for (const { raw: message } of taken) {
    const { ok, tags } = verifyDkim(message, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })));
    expect(ok).toBe(true);
    expect([tags.get('d'), tags.get('s'), tags.get('a')]).toEqual(['loaf.example', 'k1', 'rsa-sha256']);
    expect((tags.get('h') ?? '').split(':')).toEqual(
      expect.arrayContaining([
        ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'],
        ...['list-unsubscribe', 'list-unsubscribe-post'],
      ]),
    );
    for (const [found, forged] of [
      ['One-Click', 'One-Flick'],
      ['/u/1', '/u/2'],
      ['@mail.example', '@evil.example'],
    ] as const) {
      const changed = Buffer.from(message.toString('latin1').replace(found, forged), 'latin1');
      expect(verifyDkim(changed, publicKey).ok, forged).toBe(false);
    }
    expect(verifyDkim(Buffer.concat([message, Buffer.from('more\r\n')]), publicKey).ok).toBe(false);
  }
});

/** smtp-server, which speaks the whole protocol. The login is user:right. */
async function realServer(options: ConstructorParameters<typeof SMTPServer>[0]) {
  const taken: { raw: Buffer; secure: boolean }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    onAuth: ({ password }, _, done) =>
      password === 'right' ? done(null, { user: 'user' }) : done(Object.assign(new Error('no'), { responseCode: 535 })),
    onData: (stream, session, done) => {
      void buffer(stream).then((message) => {
        taken.push({ raw: message, secure: session.secure });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // handshakes that we break off
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  cleanUp.push(() => new Promise<void>((closed) => server.close(() => closed())));
  const { port } = server.server.address() as { port: number };
  return { taken, url: (protocol: string, login = '') => `${protocol}://${login && `${login}@`}localhost:${port}` };
}
