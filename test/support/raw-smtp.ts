import { createServer, type Server, type Socket } from 'node:net';

/**
 * A server that does wrong what the sender's address says, such as `dot-drop@x.example`: {stage}-{drop or a reply's code}.
 * smtp-server cannot cut a connection between two given bytes; this speaks just enough of the protocol to do so.
 * Stages: mail, rcpt, data, go (after 354), dot (after the final dot). `ok` takes the mail.
 */
export class RawSmtp {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  url = '';
  connections = 0;
  /** Sender and recipient of each mail that was answered with 354: the server may have it. */
  readonly after354 = new Set<string>();
  /** What every connection meets before any mail: a reply, or `drop`. */
  atGreeting: string | null = null;
  /** After so many mails on a connection: cut it in the pause, or refuse the next with 421. */
  most: { mails: number; then: 'drop' | '421' } | null = null;

  constructor(private readonly pipelining: boolean) {
    this.server = createServer((socket) => this.talk(socket));
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `smtp://127.0.0.1:${(this.server.address() as { port: number }).port}`;
    return this;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private talk(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    if (this.atGreeting === 'drop') {
      socket.destroy();
      return;
    }
    socket.write(`${this.atGreeting ?? '220 raw.example'}\r\n`);
    const session: Session = { socket, from: '', to: '', mails: 0, inData: false };
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const end = session.inData ? '\r\n.\r\n' : '\r\n';
        const at = rest.indexOf(end);
        if (at < 0 || socket.destroyed) return;
        const line = rest.slice(0, at);
        rest = rest.slice(at + end.length);
        if (session.inData) this.taken(session);
        else this.command(session, line);
      }
    });
  }

  private command(session: Session, line: string): void {
    const address = line.match(/<(.*?)>/)?.[1] ?? '';
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say(session, this.pipelining ? '250-raw.example\r\n250 PIPELINING' : '250 raw.example');
    else if (verb === 'MAIL') this.mail(session, address);
    else if (verb === 'RCPT') this.rcpt(session, address);
    else if (verb === 'DATA') this.data(session);
    else if (verb === 'QUIT') session.socket.end('221 2.0.0 bye\r\n');
    else say(session, '250 2.0.0 ok');
  }

  private mail(session: Session, from: string): void {
    session.from = from;
    if (this.most?.then === '421' && session.mails >= this.most.mails) {
      session.socket.end('421 4.7.0 too many mails on one connection\r\n');
    } else if (passes(session, 'mail')) say(session, '250 2.1.0 ok');
  }

  private rcpt(session: Session, to: string): void {
    session.to = to;
    if (passes(session, 'rcpt')) say(session, '250 2.1.5 ok');
  }

  private data(session: Session): void {
    const isRefused = /^(mail|rcpt)-\d/.test(session.from); // and DATA came along, pipelined
    if (isRefused) say(session, '503 5.5.1 nobody to send it to');
    else if (passes(session, 'data')) {
      this.after354.add(`${session.from} ${session.to}`);
      say(session, '354 go on');
      session.inData = passes(session, 'go');
    }
  }

  private taken(session: Session): void {
    session.inData = false;
    session.mails++;
    if (!passes(session, 'dot')) return;
    say(session, '250 2.0.0 taken');
    if (this.most?.then === 'drop' && session.mails >= this.most.mails) setTimeout(() => cutInPause(session), 5);
  }
}

interface Session {
  socket: Socket;
  from: string;
  to: string;
  mails: number;
  inData: boolean;
}

/** Not where the next mail has already been answered with 354: a busy machine may take longer than the pause, and a cut there is another fault. */
function cutInPause({ socket, inData }: Session): void {
  if (!inData) socket.destroy();
}

function say({ socket }: Session, reply: string): void {
  socket.write(`${reply}\r\n`);
}

/** Does what the sender's address asks for at this stage; true where it asks for nothing. */
function passes(session: Session, stage: string): boolean {
  const [where, what = ''] = session.from.split('@')[0]!.split('-');
  if (where !== stage) return true;
  if (what === 'drop') session.socket.destroy();
  else say(session, `${what} ${what[0]}.0.0 as asked`);
  return false;
}
