import { createTransport } from 'nodemailer';
import type { SmtpFault } from '../domain/smtp-faults.js';
import type { HandOver, MailTransport, OutgoingMail } from './transport.js';

/** What nodemailer says of a failed send, beside the message. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** Well under the lease of a claimed mail, which is renewed while sending anyway. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000, dnsTimeout: 10_000 };

/** Hands mails to the server of SMTP_URL, a connection each. */
export class SmtpTransport implements MailTransport {
  constructor(private readonly url: string) {}

  async handOver(mail: OutgoingMail): Promise<HandOver> {
    const transcript = new Transcript();
    const transport = createTransport({
      url: this.url,
      ...TIMEOUTS,
      disableFileAccess: true,
      disableUrlAccess: true,
      debug: true,
      logger: transcript,
    });
    try {
      await transport.sendMail({ ...mail, headers: mail.headers, encoding: 'utf-8' });
      return { kind: 'accepted' };
    } catch (error) {
      return { kind: 'failed', fault: faultOf(error as SmtpError, transcript) };
    } finally {
      transport.close();
    }
  }
}

/**
 * Listens to the conversation for the two replies that tell what an error without a reply code means. nodemailer reports a
 * connection dropped after the final dot just like one dropped at DATA; only a 354 seen before it tells them apart.
 */
class Transcript {
  greeted = false;
  dataStarted = false;

  debug(entry: { tnx?: string }, message: unknown): void {
    if (entry.tnx !== 'server' || typeof message !== 'string') return;
    if (message.startsWith('220')) this.greeted = true;
    if (message.startsWith('354')) this.dataStarted = true;
  }
  trace(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
  fatal(): void {}
}

function faultOf(error: SmtpError, transcript: Transcript): SmtpFault {
  const enhancedCode = error.response?.match(/\b[245]\.\d{1,3}\.\d{1,3}\b/)?.[0];
  return {
    stage: stageOf(error, transcript),
    ...(error.responseCode === undefined ? {} : { replyCode: error.responseCode }),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
    message: error.message,
  };
}

function stageOf(error: SmtpError, { greeted, dataStarted }: Transcript): SmtpFault['stage'] {
  if (error.responseCode === undefined && dataStarted) return 'after_data';
  if (error.code === 'EAUTH' || error.command?.startsWith('AUTH')) return 'auth';
  if (error.command === 'MAIL FROM') return 'mail';
  if (error.command === 'RCPT TO') return 'rcpt';
  if (error.command === 'DATA') return dataStarted ? 'after_data' : 'data';
  // A refused EHLO or STARTTLS is the server's trouble, like a refused greeting; a connection lost in between was never one.
  return error.responseCode !== undefined ? 'greeting' : greeted ? 'data' : 'connect';
}
