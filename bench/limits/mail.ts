import { createPrivateKey } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { renderMail } from '../../src/mail/render.js';

/*
 * The least that sending takes: nodemailer's own pool, signing with DKIM, over as many connections, the same welcome mail
 * rendered once. No outbox: a crash loses what was not sent.
 */

const { SMTP_URL = '', CONNECTIONS = '', DKIM_PRIVATE_KEY = '' } = process.env;
const { hostname: host, port } = new URL(SMTP_URL);
const transport = createTransport({
  pool: true,
  host,
  port: Number(port),
  maxConnections: Number(CONNECTIONS),
  disableFileAccess: true,
  disableUrlAccess: true,
  dkim: { domainName: 'letter.example', keySelector: 'bench', privateKey: createPrivateKey(DKIM_PRIVATE_KEY) as never },
});
const link =
  'https://letter.example/a-link-as-long-as-they-are-with-a-signed-token-in-it-0123456789abcdefghijklmnopqrstuvwxyz';
const rendered = renderMail('welcome', 'en', {
  publication: { name: 'Letter', postalAddress: null },
  firstName: null,
  hubUrl: link,
  unsubscribeUrl: link,
  shareUrl: 'https://letter.example/r/reader-1',
  next: null,
});

process.on('message', (count: number) => {
  const one = (n: number) =>
    transport.sendMail({
      from: { name: 'Letter', address: 'editor@letter.example' },
      to: { name: '', address: `reader${n}@mail.example` },
      headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      ...rendered,
    });
  void Promise.all(Array.from({ length: count }, (_, n) => one(n))).then(() => process.send!('done'));
});
process.send!(0);
process.once('SIGTERM', () => process.exit(0));
