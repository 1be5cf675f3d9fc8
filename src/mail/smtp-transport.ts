import { createPrivateKey } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Dkim } from '../platform/dkim-settings.js';
import { type BuiltMail, SmtpLine, type SmtpServer, unfit } from './smtp-line.js';
import type { HandOver, MailTransport, OutgoingMail } from './transport.js';

/** Well under the lease of a claimed mail, which is renewed while sending anyway. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000, dnsTimeout: 10_000 };
const CONNECTIONS = 5;
/** Many servers take no more on one connection (Postfix: 100 by default for others than itself). */
const MAILS_PER_CONNECTION = 100;
/** Well before the 5 minutes that RFC 5321 gives an idle client, so that it is us who end it and not the server while we send. */
const IDLE_MS = 60_000;
/**
 * nodemailer's own list leaves List-Unsubscribe-Post out, and RFC 8058 wants both signed. `From` to `Content-Type` so that a
 * signed mail cannot be given another subject or sender and sent again.
 */
const SIGNED_HEADERS =
  'From:Sender:Reply-To:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post';

/** Hands mails to the server of SMTP_URL, over at most five connections that are kept for the next mails. */
export class SmtpTransport implements MailTransport, OnApplicationShutdown {
  private readonly server: SmtpServer;
  private readonly builder;
  private readonly idle = new Map<SmtpLine, NodeJS.Timeout>();
  private busy = 0;
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(url: string, dkim: Dkim | null, tls: { ca?: string } = {}) {
    this.server = readSmtpUrl(url, tls);
    this.builder = createTransport({
      streamTransport: true,
      buffer: true,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(dkim === null ? {} : { dkim: signer(dkim) }),
    });
  }

  async handOver(mail: OutgoingMail): Promise<HandOver> {
    let built: BuiltMail;
    try {
      built = await this.build(mail);
    } catch (error) {
      return { kind: 'failed', fault: unfit(`cannot be put together: ${(error as Error).message}`) };
    }
    if (this.busy >= CONNECTIONS) await new Promise<void>((free) => this.waiting.push(free));
    this.busy++;
    try {
      return await this.carry(built);
    } finally {
      this.busy--;
      this.waiting.shift()?.();
    }
  }

  onApplicationShutdown(): void {
    this.closed = true;
    for (const line of [...this.idle.keys()]) this.drop(line);
  }

  private async build(mail: OutgoingMail): Promise<BuiltMail> {
    const { envelope, message } = await this.builder.sendMail({ ...mail, encoding: 'utf-8' });
    return { envelope: { from: envelope.from || '', to: envelope.to }, message: message as Buffer };
  }

  /** A kept connection may have been ended by the server in between: such a mail goes over a new one, at once and once. */
  private async carry(built: BuiltMail): Promise<HandOver> {
    const kept = this.takeIdle();
    if (kept !== null) {
      const fault = await kept.send(built);
      if (fault === null) return this.keep(kept);
      kept.close();
      if (!fault.isUnheard) return { kind: 'failed', fault };
    }
    const line = new SmtpLine(this.server, (ended) => this.forget(ended));
    const fault = (await line.open()) ?? (await line.send(built));
    if (fault === null) return this.keep(line);
    line.close();
    return { kind: 'failed', fault };
  }

  private keep(line: SmtpLine): HandOver {
    if (this.closed || line.carried >= MAILS_PER_CONNECTION) line.close();
    else this.idle.set(line, setTimeout(() => this.drop(line), IDLE_MS).unref());
    return { kind: 'accepted' };
  }

  /** The one that was used last: the others may then become idle long enough to be closed. */
  private takeIdle(): SmtpLine | null {
    const line = [...this.idle.keys()].at(-1) ?? null;
    if (line !== null) this.forget(line);
    return line;
  }

  private drop(line: SmtpLine): void {
    this.forget(line);
    line.close();
  }

  private forget(line: SmtpLine): void {
    clearTimeout(this.idle.get(line));
    this.idle.delete(line);
  }
}

/** Certificates are always checked; a private authority is made known to the whole process by NODE_EXTRA_CA_CERTS. */
function readSmtpUrl(text: string, tls: { ca?: string }): SmtpServer {
  const url = new URL(text);
  const is = (name: string) => url.searchParams.get(name) === 'true';
  const name = url.searchParams.get('name');
  return {
    options: {
      ...TIMEOUTS,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      secure: url.protocol === 'smtps:',
      requireTLS: is('requireTLS'),
      ignoreTLS: is('ignoreTLS'),
      ...(name === null ? {} : { name }),
      tls,
    },
    auth:
      url.username === '' ? null : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  };
}

function signer({ domain, selector, privateKey }: Dkim) {
  return {
    domainName: domain,
    keySelector: selector,
    // Read once: a PEM would be parsed for every mail.
    privateKey: createPrivateKey(privateKey),
    headerFieldNames: SIGNED_HEADERS,
  };
}
