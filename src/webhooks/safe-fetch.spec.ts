import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BEHAVE, Receiver } from '../../test/support/receiver.js';
import type { Config } from '../platform/config.js';
import { NoAnswer, SafeFetch } from './safe-fetch.js';

const receivers: Receiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

async function receiving(behaviour = BEHAVE.well as Parameters<typeof Receiver.start>[0]): Promise<Receiver> {
  const receiver = await Receiver.start(behaviour);
  receivers.push(receiver);
  return receiver;
}

interface Setup {
  devTools?: boolean;
  publicUrl?: string;
  timeoutMs?: number;
  /** What each look-up of a name answers, the last one for ever. */
  dns?: string[][];
}

function safeFetch({ devTools = true, publicUrl = 'http://localhost:3000', timeoutMs = 1_000, dns }: Setup = {}) {
  const config = { devTools, publicUrl, port: 3000, databaseUrl: 'postgres://localhost/x', smtpUrl: null } as Config;
  const lookups: string[] = [];
  const resolve = (host: string) => {
    lookups.push(host);
    return Promise.resolve(dns![Math.min(lookups.length, dns!.length) - 1]!);
  };
  const made = Object.assign(new SafeFetch(config), { timeoutMs, ...(dns ? { resolve } : {}) });
  const post = (url: string, body = '{}', stop = new AbortController().signal) =>
    made.post(new URL(url), { 'content-type': 'application/json' }, body, stop);
  const failure = (url: string) =>
    post(url).then(
      (answer) => `answered ${answer.status}`,
      (error: unknown) => {
        expect(error).toBeInstanceOf(NoAnswer);
        return (error as Error).message;
      },
    );
  return { made, post, failure, lookups };
}

describe('an address that nothing is ever sent to', () => {
  it.each([
    ['http://receiver.example/'],
    ['ftp://receiver.example/'],
    ['http://1.1.1.1/'],
    ['https://10.0.0.1/'],
    ['https://169.254.169.254/latest/meta-data/'],
    ['https://2130706433/'], // 127.0.0.1, as URL reads it
    ['https://0x7f.1/'],
    ['https://017700000001/'],
    ['https://127.1/'],
    ['https://[::1]/'],
    ['https://[::ffff:127.0.0.1]/'],
    ['https://[fd00::1]/'],
    ['https://localhost/'],
    ['https://localhost./'],
    ['https://127.0.0.1/'],
    ['http://127.0.0.1/'],
  ])('%s', (url) => {
    expect(safeFetch({ devTools: false }).made.refusal(new URL(url))).not.toBeNull();
  });

  it.each([['https://receiver.example/'], ['https://1.1.1.1/'], ['https://[2606:4700:4700::1111]:8443/x?y=z']])(
    'is not %s',
    (url) => {
      expect(safeFetch({ devTools: false }).made.refusal(new URL(url))).toBeNull();
    },
  );

  it('with DEV_TOOLS loopback is open, but for our own ports, and nothing else is', () => {
    const { made } = safeFetch({ publicUrl: 'http://127.0.0.1:4000' });
    const refused = (url: string) => made.refusal(new URL(url)) !== null;
    const [open, closed] = [
      ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'http://[::1]:9000/', 'https://127.0.0.2:9000/'],
      [
        'http://127.0.0.1:3000/', 'http://[::1]:4000/', 'http://127.0.0.1:5432/', 'http://10.0.0.1:9000/', 'http://0.0.0.0:9000/',
        'http://receiver.example/', 'http://localhost.receiver.example/',
      ],
    ]; // prettier-ignore
    expect(open.filter(refused)).toEqual([]);
    expect(closed.filter((url) => !refused(url))).toEqual([]);
  });
});

describe('a name', () => {
  it.each([
    [['10.0.0.1']],
    [['1.1.1.1', '10.0.0.1']],
    [['::ffff:169.254.169.254']],
    [['127.0.0.1']],
    [['2606:4700:4700::1111', 'fe80::1']],
  ])('that resolves to %j is refused before anything is sent', async (addresses) => {
    const { failure } = safeFetch({ devTools: false, dns: [addresses] });
    expect(await failure('https://receiver.example/')).toMatch(/^refused: the address must be on the public internet/);
  });

  it('that resolves to nothing answers nothing', async () => {
    expect(await safeFetch({ dns: [[]] }).failure('https://receiver.example/')).toBe('ENOTFOUND');
  });

  it('that changes its mind between the check and the connection is connected to what was checked', async () => {
    const greetings: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (hello) => {
        greetings.push(hello);
        socket.destroy();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    // With DEV_TOOLS the first answer is allowed, and only we know it: any other look-up would lead nowhere, or to another machine.
    const { failure, lookups } = safeFetch({ dns: [['127.0.0.1'], ['10.0.0.1']] });
    await failure(`https://rebinding.example:${port}/`);
    await new Promise((closed) => server.close(closed));
    expect(lookups).toEqual(['rebinding.example']);
    expect(greetings.map((hello) => hello.includes('rebinding.example'))).toEqual([true]); // the name that TLS asks for
  });

  it('that is public first and private at the next try is refused at the next try', async () => {
    const { failure } = safeFetch({ devTools: false, timeoutMs: 100, dns: [['192.0.3.1'], ['127.0.0.1']] });
    expect(await failure('https://rebinding.example/')).not.toMatch(/refused/);
    expect(await failure('https://rebinding.example/')).toMatch(/refused/);
  });

  it('that is never resolved is given up in time', async () => {
    const { made, failure } = safeFetch({ timeoutMs: 50 });
    Object.assign(made, { resolve: () => new Promise(() => undefined) });
    expect(await failure('https://receiver.example/')).toBe('no answer within 0.05 s');
  });
});

describe('an exchange', () => {
  it('sends the body as it is, and tells what was answered', async () => {
    const receiver = await receiving(BEHAVE.answer(503, { 'retry-after': '7' }, 'später\0'));
    const answer = await safeFetch().post(receiver.url, '{"name":"日本"}');
    expect(answer).toEqual({ status: 503, retryAfter: '7', body: 'später' });
    expect(receiver.got[0]!.body).toEqual({ name: '日本' });
  });

  it('follows no redirect, wherever it leads', async () => {
    const elsewhere = await receiving();
    for (const location of [elsewhere.url, 'http://169.254.169.254/']) {
      const receiver = await receiving(BEHAVE.answer(302, { location }));
      expect((await safeFetch().post(receiver.url)).status).toBe(302);
    }
    expect(elsewhere.got).toEqual([]);
  });

  it('uses no proxy of the environment', async () => {
    const proxy = await receiving();
    const receiver = await receiving();
    const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url;
    try {
      expect((await safeFetch().post(receiver.url)).status).toBe(204);
    } finally {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    }
    expect([proxy.got.length, receiver.got.length]).toEqual([0, 1]);
  });

  it.each([
    ['hangs', BEHAVE.hang, /^no answer within 0\.2 s$/],
    ['drips its headers', BEHAVE.slowHeaders, /^no answer within|HPE_/],
    ['resets', BEHAVE.reset, /^ECONNRESET$/],
    ['talks rubbish', BEHAVE.garbage, /^HPE_/],
  ])('with a receiver that %s has no answer', async (_, behaviour, expected) => {
    const receiver = await receiving(behaviour);
    const start = performance.now();
    expect(await safeFetch({ timeoutMs: 200 }).failure(receiver.url)).toMatch(expected);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['without an end', BEHAVE.endlessBody],
    ['that drips', BEHAVE.slowBody],
  ])('with a body %s ends, and the status stands', async (_, behaviour) => {
    const receiver = await receiving(behaviour);
    const answer = await safeFetch({ timeoutMs: 300 }).post(receiver.url);
    expect(answer.status).toBe(200);
    expect(answer.body.length).toBeLessThanOrEqual(1_000);
  });

  it('with nobody there has no answer', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    expect(await safeFetch().failure(`http://127.0.0.1:${port}/`)).toBe('ECONNREFUSED');
  });

  it('can be broken off', async () => {
    const receiver = await receiving(BEHAVE.hang);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(safeFetch().post(receiver.url, '{}', stop.signal)).rejects.toThrow('stopped');
  });
});
