import type { SmtpFault } from '../domain/smtp-faults.js';

/** A finished mail as it is handed over. */
export interface OutgoingMail {
  /** The same on every try, so that a reader's mailbox can drop a second copy. */
  messageId: string;
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  html: string;
  text: string;
  /** Headers beside the usual ones. */
  headers: Record<string, string>;
}

export type HandOver = { kind: 'accepted' } | { kind: 'failed'; fault: SmtpFault };

/** Takes mails away from this machine, or pretends to. Never throws for what a server says. */
export interface MailTransport {
  handOver(mail: OutgoingMail): Promise<HandOver>;
}

/** Nest's injection token of the MailTransport; null where nothing can be sent. */
export const MAIL_TRANSPORT = Symbol('MailTransport');

/** The built-in mailbox: accepts everything, and the worker keeps a copy for /dev/mail. */
export class BuiltInMailbox implements MailTransport {
  handOver(): Promise<HandOver> {
    return Promise.resolve({ kind: 'accepted' });
  }
}
