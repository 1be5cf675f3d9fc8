import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/*
 * A receiver of webhooks on loopback that keeps what it got, and answers as badly as it is told.
 */

export interface Received {
  headers: IncomingHttpHeaders;
  /** As it came. */
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any shape: the expectation checks it
  body: { type: string; timestamp: string; data: any };
  id: string;
  path: string;
}

/** Answers one request; `n` is 1 for the first. */
export type Behaviour = (response: ServerResponse, n: number, got: Received) => void;

const endless = (response: ServerResponse, chunk: Buffer, everyMs: number): void => {
  const timer = setInterval(() => response.write(chunk), everyMs);
  response.on('close', () => clearInterval(timer));
};

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const wellAfter =
  (failures: number): Behaviour =>
  (response, n) =>
    void response.writeHead(n > failures ? 200 : 500).end();

/** Everything that a receiver can do wrong, and one thing right. */
const behaviours = {
  well: (response) => void response.writeHead(204).end(),
  /** Takes the request and says nothing. */
  hang: () => undefined,
  reset: (response) => void response.socket?.resetAndDestroy(),
  /** Says yes, then talks without an end, as fast as it can. */
  endlessBody: (response) => {
    response.writeHead(200);
    endless(response, Buffer.alloc(16_384, 'x'), 1);
  },
  /** Says yes, then a letter now and then. */
  slowBody: (response) => {
    response.writeHead(200).flushHeaders();
    endless(response, Buffer.from('x'), 20);
  },
  /** Gets never done with saying what it says. */
  slowHeaders: (response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => response.socket?.write('x-drip: 1\r\n'), 20);
    response.on('close', () => clearInterval(timer));
  },
  garbage: (response) => void response.socket?.end('this is no HTTP\r\n\r\n'),
} satisfies Record<string, Behaviour>;

export const BEHAVE = { ...behaviours, answer, wellAfter };

export class Receiver {
  readonly got: Received[] = [];
  behaviour: Behaviour = BEHAVE.well;

  private constructor(private readonly server: Server) {}

  static async start(behaviour: Behaviour = BEHAVE.well): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    receiver.behaviour = behaviour;
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { headers, url } = request;
        const got = { headers, text, body: JSON.parse(text), id: String(headers['webhook-id']), path: url ?? '' };
        receiver.got.push(got);
        receiver.behaviour(response, receiver.got.length, got);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Types in the order of their coming. */
  get types(): string[] {
    return this.got.map(({ body }) => body.type);
  }

  /** What came, checked by the library that receivers use; throws for a wrong signature. */
  verified(secret: string): Received[] {
    const webhook = new Webhook(secret);
    for (const { text, headers } of this.got) webhook.verify(text, headers as Record<string, string>);
    return this.got;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((closed) => this.server.close(closed));
  }
}
