import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { atEndOfFile } from './file-end.js';

/** What a server says instead of taking a mail: a reply such as `550 5.1.1 No such user`, or a cut connection. */
export type Refusal = `${4 | 5}${number} ${string}` | 'drop';

export interface TakenMail {
  from: string;
  to: string[];
  raw: string;
  parsed: Email;
  /** Values of a header, one for each time it stands there. */
  header(name: string): string[];
  /** The first link in the text part whose path begins so. */
  link(prefix: string): string;
}

export interface SmtpServer {
  url: string;
  /** What was taken, in order: answered with 250 or, where `afterData` dropped the connection, read to the final dot. */
  taken: TakenMail[];
  /** Decide what happens to a mail, by its recipient; undefined takes it. Put back to `{}` after use. */
  behave: {
    connect?: () => Refusal | undefined;
    mailFrom?: (address: string) => Refusal | undefined;
    rcptTo?: (address: string) => Refusal | undefined;
    afterData?: (address: string) => Refusal | undefined;
    /** The answer to a mail's last dot waits for this. */
    until?: Promise<void>;
  };
  /** Mails to this address. */
  to(address: string): TakenMail[];
  waitFor(address: string, count?: number): Promise<TakenMail[]>;
  down(): Promise<void>;
  up(): Promise<void>;
}

/** A real SMTP server in this process, on a free port. */
export async function startSmtp(): Promise<SmtpServer> {
  const self: SmtpServer = {
    url: '',
    taken: [],
    behave: {},
    to: (address) => self.taken.filter(({ to }) => to.includes(address)),
    waitFor: async (address, count = 1) => {
      const end = performance.now() + 30_000;
      while (self.to(address).length < count) {
        if (performance.now() > end) throw new Error(`no ${count} mails for ${address} within 30 s`);
        await new Promise((resume) => setTimeout(resume, 20));
      }
      return self.to(address);
    },
    down: async () => undefined,
    up: async () => undefined,
  };
  let port = 0;
  let server: SMTPServer | null = null;
  self.up = async () => {
    server = makeServer(self, () => server!);
    const opened = server;
    atEndOfFile(() => new Promise<void>((done) => opened.close(() => done())));
    await new Promise<void>((listening, failed) => {
      server!.on('error', failed);
      server!.listen(port, '127.0.0.1', listening);
    });
    server.removeAllListeners('error');
    server.on('error', () => undefined); // connections that we cut ourselves
    port = (server.server.address() as { port: number }).port;
    self.url = `smtp://127.0.0.1:${port}`;
  };
  self.down = () => new Promise((done) => server!.close(() => done()));
  await self.up();
  return self;
}

type Callback = (error?: Error | null) => void;

function makeServer(self: SmtpServer, current: () => SMTPServer): SMTPServer {
  const answer = (refusal: Refusal | undefined, session: SMTPServerSession, done: Callback): void => {
    if (refusal === undefined) done();
    else if (refusal === 'drop') cut(current(), session);
    else done(Object.assign(new Error(refusal.slice(4)), { responseCode: Number(refusal.slice(0, 3)) }));
  };
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (session, done) => answer(self.behave.connect?.(), session, done),
    onMailFrom: ({ address }, session, done) => answer(self.behave.mailFrom?.(address), session, done),
    onRcptTo: ({ address }, session, done) => answer(self.behave.rcptTo?.(address), session, done),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const refusal = self.behave.afterData?.(to[0] ?? '');
        const raw = Buffer.concat(chunks).toString('utf8');
        const finish = (): void => answer(refusal, session, done);
        const from = session.envelope.mailFrom;
        const taken = refusal === undefined || refusal === 'drop' ? [takenMail(from ? from.address : '', to, raw)] : [];
        void Promise.all(taken).then(async (mails) => {
          self.taken.push(...mails);
          await self.behave.until;
          finish();
        });
      });
    },
  });
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  const connections = (server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> })
    .connections;
  for (const connection of connections) if (connection.id === session.id) connection._socket.destroy();
}

async function takenMail(from: string, to: string[], raw: string): Promise<TakenMail> {
  const parsed = await PostalMime.parse(raw);
  return {
    from,
    to,
    raw,
    parsed,
    header: (name) => parsed.headers.filter(({ key }) => key === name.toLowerCase()).map(({ value }) => value),
    link: (prefix) => {
      const found = [...(parsed.text ?? '').matchAll(/https?:\/\/\S+/g)].map(([url]) => url);
      const link = found.find((url) => new URL(url).pathname.startsWith(prefix));
      if (link === undefined) throw new Error(`no link to ${prefix} in: ${parsed.text}`);
      return link;
    },
  };
}
