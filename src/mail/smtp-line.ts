import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SmtpFault } from '../domain/smtp-faults.js';
import { failpoint } from '../platform/failpoints.js';

/** Where mails are handed over, and as whom. */
export interface SmtpServer {
  options: SMTPConnectionOptions;
  auth: { user: string; pass: string } | null;
}

export interface BuiltMail {
  envelope: { from: string; to: string[] };
  message: Buffer;
}

/** What nodemailer says of a failure, beside the message. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/**
 * One connection, which carries one mail at a time: whatever is heard on it meanwhile is about that mail. nodemailer's own
 * pool would do the same faster to write, but its log names connections by two unrelated numbers (`sid` of the conversation,
 * `cid` of the place in the pool) and it sends again by itself, so that a 354 could not be told for sure to be this mail's.
 */
export class SmtpLine {
  private readonly connection: SMTPConnection;
  /** A 354 was heard for the present mail: the server may have it. nodemailer reports a drop after the final dot like one at DATA. */
  private heard354 = false;
  private sending = false;
  private failed: SmtpError | null = null;
  private ended = false;
  carried = 0;

  constructor(
    private readonly server: SmtpServer,
    private readonly onEnd: (line: SmtpLine) => void,
  ) {
    const listen = (entry: { tnx?: string }, text: unknown): void => {
      if (entry.tnx !== 'server' || typeof text !== 'string' || !text.startsWith('354')) return;
      this.heard354 = true;
      failpoint('mail-inside-data');
    };
    const deaf = (): void => {};
    this.connection = new SMTPConnection({
      ...server.options,
      transactionLog: true,
      logger: { debug: listen, trace: deaf, info: deaf, warn: deaf, error: deaf, fatal: deaf } as never,
    });
    this.connection.on('error', (error) => (this.failed ??= error as SmtpError));
    this.connection.on('end', () => {
      this.ended = true;
      this.onEnd(this);
    });
  }

  /** Connects, and logs in where there is a name. Answers what went wrong, or null. */
  async open(): Promise<SmtpFault | null> {
    const error =
      (await this.settled((done) => this.connection.connect(done))) ??
      (this.server.auth !== null && this.connection.allowsAuth ? await this.logIn(this.server.auth) : null);
    return error && this.faultOf(error);
  }

  /** Hands one mail over. Answers what went wrong, or null when the server has taken it. */
  async send({ envelope, message }: BuiltMail): Promise<(SmtpFault & { isUnheard: boolean }) | null> {
    this.heard354 = false;
    this.sending = true;
    const error = await this.settled((done) =>
      this.connection.send({ ...envelope, size: message.length }, message, done),
    );
    const fault = error && { ...this.faultOf(error), isUnheard: this.isUnheard(error) };
    this.sending = false;
    this.carried++;
    return fault;
  }

  /** Says goodbye where there is somebody to say it to. */
  close(): void {
    if (this.ended) return;
    if (this.failed === null) this.connection.quit();
    else this.connection.close();
  }

  private logIn({ user, pass }: { user: string; pass: string }): Promise<SmtpError | null> {
    return this.settled((done) => this.connection.login({ user, credentials: { user, pass } }, done));
  }

  /** Waits for the callback; a connection that ends without calling it has failed too. */
  private settled(act: (done: (error?: SmtpError | null) => void) => void): Promise<SmtpError | null> {
    return new Promise((resolve) => {
      // The callback comes after the event, in the same turn.
      const gone = () => setImmediate(() => resolve(this.failed ?? new Error('the connection has ended')));
      this.connection.once('end', gone);
      act((error) => {
        this.connection.off('end', gone);
        resolve(error ?? null);
      });
      if (this.ended) gone();
    });
  }

  /** The server had ended the conversation before it heard of this mail's text, and said nothing of the mail: any other connection is as good as the first. */
  private isUnheard({ responseCode }: SmtpError): boolean {
    return !this.heard354 && (responseCode === undefined || responseCode === 421);
  }

  private faultOf(error: SmtpError): SmtpFault {
    if (isOurs(error)) return unfit(error.message);
    const enhancedCode = error.response?.match(/\b[245]\.\d{1,3}\.\d{1,3}\b/)?.[0];
    return {
      stage: this.stageOf(error),
      ...(error.responseCode === undefined ? {} : { replyCode: error.responseCode }),
      ...(enhancedCode === undefined ? {} : { enhancedCode }),
      message: error.message,
    };
  }

  private stageOf({ responseCode, command, code }: SmtpError): SmtpFault['stage'] {
    if (this.heard354) return 'after_data';
    if (code === 'EAUTH' || command?.startsWith('AUTH')) return 'auth';
    if (command === 'MAIL FROM') return 'mail';
    if (command === 'RCPT TO') return 'rcpt';
    if (this.sending) return 'data';
    // A refused EHLO or STARTTLS is the server's trouble, like a refused greeting; a connection that was lost was never one.
    return responseCode === undefined ? 'connect' : 'greeting';
  }
}

/** nodemailer itself refused the mail, before the server heard of it: too large for what the server announced, or an envelope that cannot be. */
function isOurs({ code, command, responseCode }: SmtpError): boolean {
  return (
    responseCode === undefined &&
    (code === 'EMESSAGE' || code === 'EENVELOPE') &&
    /^(API|MAIL FROM)$/.test(command ?? '')
  );
}

/** A mail that is not fit to be sent, told as a server would: 5.6.0, other trouble with the content. It is dead at once, the others go on. */
export function unfit(message: string): SmtpFault {
  return { stage: 'data', replyCode: 554, enhancedCode: '5.6.0', message };
}
