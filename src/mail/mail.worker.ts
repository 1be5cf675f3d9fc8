import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { mailRetryDelay, transportBackoff, UNCERTAIN_RETRY_MS } from '../domain/retry.js';
import { classifySmtpFault, type SmtpFault } from '../domain/smtp-faults.js';
import { Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import { LOG, type Log } from '../platform/log.js';
import { RandomBytes } from '../platform/random.js';
import { Tokens } from '../platform/tokens.js';
import { type AddressedMail, compose, whyUnwanted } from './compose.js';
import { type ClaimedMail, claimMails, closeMail, markSent, renewLease, retryMail } from './outbox.store.js';
import { keepReceived } from './received-mail.store.js';
import { Pacer, type WordsOf } from './pacer.js';
import { MAIL_TRANSPORT, type MailTransport, type OutgoingMail } from './transport.js';

const IN_FLIGHT = 5;
const RENEW_EVERY_MS = 40_000;

/** What a worker cannot settle by itself: the address bounced. */
type BounceHandler = (mail: ClaimedMail) => Promise<void>;

/** What the worker has to ask others for. */
interface MailHelp {
  onBounce: BounceHandler;
  wordsOf: WordsOf;
}

/** Sends what the outbox promises: claim, render, hand over, mark. At least once, with the same Message-ID on every try. */
@Injectable()
export class MailWorker {
  private pausedUntil: Date | null = null;
  private failuresInARow = 0;
  private draining: Promise<void> | null = null;
  private stopping = false;
  /** Mails that were sent in our words, since the publication's own could not be rendered. */
  fellBack = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: RandomBytes,
    private readonly tokens: Tokens,
    private readonly pacer: Pacer,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport | null,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Why nothing goes out at the moment, or null. */
  trouble(): string | null {
    if (this.transport === null) return 'no SMTP_URL: mails wait in the outbox';
    if (this.pausedUntil !== null && this.pausedUntil > this.clock.now()) {
      return `paused until ${this.pausedUntil.toISOString()} after ${this.failuresInARow} failures of the mail server`;
    }
    return null;
  }

  /** Sends until nothing is due. A call beside a running one waits for that one. */
  drain(help: MailHelp): Promise<void> {
    this.draining ??= this.sendAll(help).finally(() => (this.draining = null));
    return this.draining;
  }

  /** No new mail is claimed; resolves when those in flight are settled. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.draining;
  }

  private async sendAll(help: MailHelp): Promise<void> {
    while (!this.stopping && this.trouble() === null) {
      // After a failure of the server a single mail probes it: a batch would fail as one.
      const limit = this.failuresInARow > 0 ? 'probe' : IN_FLIGHT;
      const mails = await claimMails(this.database.reader, this.clock.now(), limit);
      if (mails.length === 0) return;
      failpoint('mail-claimed');
      await Promise.all(mails.map((mail) => this.sendOne(mail, help)));
    }
  }

  private async sendOne(claimed: ClaimedMail, help: MailHelp): Promise<void> {
    const unwanted = whyUnwanted(claimed);
    if (unwanted !== null) return this.close(claimed, 'suppressed', unwanted);
    const mail = await this.atItsTurn(claimed, help);
    if (mail === null) return;
    let outgoing: OutgoingMail;
    try {
      outgoing = compose(mail as AddressedMail, this.config.publicUrl, this.tokens, (error) =>
        this.noteFallback(mail, error),
      );
    } catch (error) {
      this.log.error({ mailId: mail.id, message: mail.message, err: error }, 'a mail cannot be rendered');
      return this.close(mail, 'dead', `cannot be rendered: ${(error as Error).message}`);
    }
    const renewal = setInterval(
      () => void renewLease(this.database.reader, mail.publicationId, mail.id).catch(() => undefined),
      RENEW_EVERY_MS,
    );
    try {
      const result = await this.transport!.handOver(outgoing);
      if (result.kind === 'accepted') await this.accepted(mail, outgoing);
      else await this.failed(mail, result.fault, help.onBounce);
    } finally {
      clearInterval(renewal);
    }
  }

  private noteFallback(mail: ClaimedMail, error: unknown): void {
    this.fellBack++;
    const { id: mailId, publicationId, message, locale } = mail;
    this.log.error({ mailId, publicationId, message, locale, err: error }, "a publication's own template failed");
  }

  /** Mails about sharing come by day, and not too many of them. Null for one that does not go out now. */
  private async atItsTurn(mail: ClaimedMail, { wordsOf }: MailHelp): Promise<ClaimedMail | null> {
    const verdict = await this.pacer.ask(mail, wordsOf);
    if (verdict.act === 'drop') await this.close(mail, 'suppressed', verdict.why);
    if (verdict.act === 'wait') {
      const retry = { dueAt: verdict.until, why: verdict.why, countTry: false, uncertain: false };
      await retryMail(this.database.reader, mail.publicationId, mail.id, retry);
    }
    return verdict.act === 'send' ? { ...mail, data: verdict.data } : null;
  }

  /** The server has the mail: forgetting that would send it again, so this is tried until the database answers. */
  private async accepted(mail: ClaimedMail, outgoing: OutgoingMail): Promise<void> {
    this.failuresInARow = 0;
    this.pausedUntil = null;
    failpoint('mail-after-250');
    for (let attempt = 1; ; attempt++) {
      try {
        const at = this.clock.now();
        if (this.config.devTools) await keepReceived(this.database.reader, receivedMail(mail, outgoing, at));
        await markSent(this.database.reader, mail.publicationId, mail.id, at);
        return;
      } catch (error) {
        this.log.warn({ mailId: mail.id, attempt, err: error }, 'a sent mail could not be marked; trying again');
        await sleep(Math.min(100 * 2 ** attempt, 5_000));
      }
    }
  }

  private async failed(mail: ClaimedMail, fault: SmtpFault, onBounce: BounceHandler): Promise<void> {
    const { act, alert, usesTry } = classifySmtpFault(fault);
    const why = `${fault.stage}: ${fault.replyCode ?? ''} ${fault.enhancedCode ?? ''} ${fault.message ?? ''}`
      .replace(/\s+/g, ' ')
      .slice(0, 500);
    // The server's words may quote the address, which has no place in a log; the row keeps them for staff.
    this.log[alert ? 'error' : 'warn'](
      { mailId: mail.id, act, stage: fault.stage, replyCode: fault.replyCode, enhancedCode: fault.enhancedCode },
      'a mail was not taken',
    );
    switch (act) {
      case 'pause_transport':
        return this.pause(mail, why, usesTry);
      case 'retry_mail':
        return this.retry(mail, why);
      case 'uncertain':
        if (mail.uncertain) return this.close(mail, 'uncertain', why);
        return this.giveBack(mail, { delay: UNCERTAIN_RETRY_MS, why, countTry: true, uncertain: true });
      case 'bounce_address':
        await onBounce(mail);
        return this.close(mail, 'dead', why);
      case 'dead':
        return this.close(mail, 'dead', why);
    }
  }

  /** A refusal that may be about this mail alone uses up one of its tries, so that it cannot stop the others for ever. */
  private async pause(mail: ClaimedMail, why: string, usesTry: boolean): Promise<void> {
    // Mails that were in flight together fail together: that is one failure of the server.
    if (this.trouble() === null) this.failuresInARow++;
    const delay = transportBackoff(this.failuresInARow);
    this.pausedUntil = new Date(this.clock.now().getTime() + delay);
    if (usesTry) return this.retry(mail, why);
    await this.giveBack(mail, { delay, why, countTry: false, uncertain: false });
  }

  private async retry(mail: ClaimedMail, why: string): Promise<void> {
    const delay = mailRetryDelay(mail.attempts, this.random.take(4).readUInt32BE() / 2 ** 32);
    if (delay === 'dead') return this.close(mail, 'dead', why);
    await this.giveBack(mail, { delay, why, countTry: true, uncertain: false });
  }

  private giveBack(
    mail: ClaimedMail,
    { delay, ...retry }: { delay: number; why: string; countTry: boolean; uncertain: boolean },
  ): Promise<void> {
    const dueAt = new Date(this.clock.now().getTime() + delay);
    return retryMail(this.database.reader, mail.publicationId, mail.id, { ...retry, dueAt });
  }

  private close(mail: ClaimedMail, state: 'dead' | 'uncertain' | 'suppressed', why: string): Promise<void> {
    return closeMail(this.database.reader, mail.publicationId, mail.id, state, why);
  }
}

function receivedMail(mail: ClaimedMail, outgoing: OutgoingMail, at: Date) {
  const from = `${JSON.stringify(outgoing.from.name)} <${outgoing.from.address}>`;
  return {
    publicationId: mail.publicationId,
    id: mail.id,
    recipient: outgoing.to.address,
    subject: outgoing.subject,
    headers: {
      'Message-ID': outgoing.messageId,
      From: from,
      To: outgoing.to.address,
      Subject: outgoing.subject,
      ...outgoing.headers,
    },
    text: outgoing.text,
    html: outgoing.html,
    at,
  };
}
