import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { isLoopbackAddress, isPublicAddress } from '../domain/public-address.js';
import { CONFIG, type Config } from '../platform/config.js';

/** What a receiver answered: enough of it to judge and to show. */
export interface Answer {
  status: number;
  retryAfter: string | null;
  /** The first 1,000 bytes as text. */
  body: string;
}

/** Why nothing was answered: refused by us before anything was sent, or lost on the way. */
export class NoAnswer extends Error {}

const READ_AT_MOST = 65_536;
const KEEP = 1_000;

/**
 * POSTs to addresses that strangers to this machine chose. The name is resolved once, every address it has must be one of the
 * public internet, and the connection is made to what was checked: a second answer of the DNS is never asked for. Redirects are
 * not followed, and no proxy of the environment is used: it would resolve the name again, behind our back.
 */
@Injectable()
export class SafeFetch {
  /** Of the whole exchange: resolving, connecting, sending and reading. */
  readonly timeoutMs: number = 20_000;
  /** All addresses of a name. */
  readonly resolve: (host: string) => Promise<string[]> = async (host) =>
    (await lookup(host, { all: true })).map(({ address }) => address);

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Why nothing would ever be sent to this URL, or null. What its name resolves to is looked at when something is sent. */
  refusal(url: URL): string | null {
    const host = hostOf(url);
    const mayBeHere = this.config.devTools && (host === 'localhost' || isLoopbackAddress(host));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBeHere)) return 'must start with https://';
    if (host === 'localhost' && !mayBeHere) return 'must not be on this machine';
    return isIP(host) === 0 ? null : this.addressRefusal(url, host);
  }

  /** Throws NoAnswer; any status that was answered is an answer. */
  async post(url: URL, headers: Record<string, string>, body: string, stop: AbortSignal): Promise<Answer> {
    const refusal = this.refusal(url);
    if (refusal !== null) throw new NoAnswer(`refused: the address ${refusal}`);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(this.timeoutMs)]);
    try {
      const addresses = await this.checkedAddresses(url, signal);
      return await send(url, headers, body, addresses, signal);
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      if (signal.aborted) throw new NoAnswer(stop.aborted ? 'stopped' : `no answer within ${this.timeoutMs / 1000} s`);
      const { code, message } = error as NodeJS.ErrnoException;
      throw new NoAnswer(code ?? message, { cause: error });
    }
  }

  private async checkedAddresses(url: URL, signal: AbortSignal): Promise<string[]> {
    const host = hostOf(url);
    const addresses = isIP(host) === 0 ? await unlessAborted(this.resolve(host), signal) : [host];
    if (addresses.length === 0) throw new NoAnswer('ENOTFOUND');
    // Every one of them: of a name with a good and a bad address the connection might take either.
    for (const address of addresses) {
      const refusal = this.addressRefusal(url, address);
      if (refusal !== null) throw new NoAnswer(`refused: the address ${refusal}`);
    }
    return addresses;
  }

  private addressRefusal(url: URL, address: string): string | null {
    if (isPublicAddress(address)) return null;
    if (!this.config.devTools || !isLoopbackAddress(address)) return 'must be on the public internet';
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    return this.ownPorts().includes(port) ? 'must not be one of our own ports' : null;
  }

  /** Where this service and what it uses listen on this machine. Read each time: a port may be known only after listening. */
  private ownPorts(): number[] {
    const { port, publicUrl, databaseUrl, smtpUrl } = this.config;
    const defaults: Record<string, number> = { 'http:': 80, 'https:': 443, 'smtp:': 25, 'smtps:': 465 };
    const ports = [publicUrl, databaseUrl, smtpUrl]
      .filter((text) => text !== null)
      .map((text) => new URL(text))
      .map((url) => Number(url.port) || (defaults[url.protocol] ?? 5432));
    return [port, ...ports];
  }
}

/** Without the brackets of IPv6 and the final dot of a full name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** One exchange over a connection of its own, to one of these addresses. */
function send(
  url: URL,
  headers: Record<string, string>,
  body: string,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const toChecked: LookupFunction = (_, options, done) =>
    options.all === true ? done(null, checked) : done(null, checked[0]!.address, checked[0]!.family);
  return new Promise((answered, failed) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // `agent: false` is a new agent without keep-alive and, on Node 24, without the environment's proxies.
    const exchange: ClientRequest = start(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent: false,
      lookup: toChecked,
      signal,
    });
    exchange.on('error', failed);
    exchange.on('response', (response) => {
      // The status is the receiver's word. Whatever becomes of the body, what was accepted must not be sent again.
      exchange.off('error', failed).on('error', () => undefined);
      void readStart(response).then((start) => {
        exchange.destroy();
        answered({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'] ?? null,
          body: start,
        });
      });
    });
    exchange.end(body);
  });
}

/** The beginning of a body as text that the database can hold. Reads no more than 64 kB, so that a receiver's connection can be closed in order. */
async function readStart(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (read < KEEP) kept.push(chunk.subarray(0, KEEP - read));
      read += chunk.length;
      if (read >= READ_AT_MOST) break;
    }
  } catch {
    // Cut off or too slow: what came is kept.
  }
  return Buffer.concat(kept).toString('utf8').replaceAll('\0', '');
}

/** The DNS cannot be told to stop; it is only no longer waited for. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
