import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

interface Taken {
  to: string;
  messageId: string;
  subject: string;
  text: string;
}

/** A real SMTP server that takes everything and outlives the service under test. */
export class SmtpSink {
  private readonly taken: Taken[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, session, done) => {
      buffer(stream).then(async (raw) => {
        const mail = await PostalMime.parse(raw);
        const to = session.envelope.rcptTo[0]?.address ?? '';
        this.taken.push({ to, messageId: mail.messageId ?? '', subject: mail.subject ?? '', text: mail.text ?? '' });
        done();
      }, done);
    },
  });
  url = '';

  async listen(): Promise<void> {
    // A killed service leaves connections behind in the middle of a command.
    this.server.on('error', () => undefined);
    const listener = this.server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    this.url = `smtp://127.0.0.1:${(listener.address() as { port: number }).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** The path of the link in the newest confirm mail to an address; null while there is none. */
  confirmPath(address: string): string | null {
    const mail = this.taken.findLast(({ to, text }) => to === address && text.includes('/confirm/'));
    return mail?.text.match(/\/confirm\/[A-Za-z0-9_-]+/)?.[0] ?? null;
  }

  /** The Message-IDs of the mails to an address whose text holds this, each copy by itself. */
  messageIdsOf(address: string, part: string): string[] {
    return this.taken.filter(({ to, text }) => to === address && text.includes(part)).map(({ messageId }) => messageId);
  }

  /** Mails, copies of them, and mails of one text to one person that came under two Message-IDs: those a mailbox could not fold. */
  tally(): { mails: number; duplicates: number; mostCopies: number; sameMailOtherId: string[] } {
    const copies = new Map<string, number>();
    const idsOfReward = new Map<string, Set<string>>();
    for (const { messageId, to, text } of this.taken) {
      copies.set(messageId, (copies.get(messageId) ?? 0) + 1);
      const code = text.match(/SOAK-\d+/)?.[0];
      if (code !== undefined) {
        idsOfReward.set(`${to} ${code}`, (idsOfReward.get(`${to} ${code}`) ?? new Set()).add(messageId));
      }
    }
    return {
      mails: this.taken.length,
      duplicates: this.taken.length - copies.size,
      mostCopies: Math.max(0, ...copies.values()),
      sameMailOtherId: [...idsOfReward].filter(([, ids]) => ids.size > 1).map(([reward]) => reward),
    };
  }

  recipientsWithoutTheirReward(addresses: readonly string[]): string[] {
    const rewarded = new Set(this.taken.filter(({ text }) => /SOAK-\d+/.test(text)).map(({ to }) => to));
    return addresses.filter((address) => !rewarded.has(address));
  }
}
