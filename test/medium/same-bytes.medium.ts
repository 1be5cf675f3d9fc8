import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { addressOf, type KindOfAddress, KINDS_OF_ADDRESSES } from '../support/kinds-of-addresses.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();
let publication: TestPublication;
let code: string;

beforeAll(async () => {
  publication = await newPublication(app);
  code = (await publication.reader()).code;
});

/** An answer as it came over the wire, without a client that puts headers in order or joins what was sent in parts. */
function onTheWire(head: string[], body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(
      [...head, 'host: letter.example', 'connection: close', `content-length: ${body.length}`, '', body].join('\r\n'),
    );
  });
}

/** What differs between any two answers has to have the same length: date, request id, the cookie's value and its end. */
function masked(answer: string): string {
  const hide = (text: string): string => '#'.repeat(text.length);
  return answer
    .replace(/^((?:date|x-request-id): )(.*)$/gim, (_, name: string, value: string) => name + hide(value))
    .replace(/^(set-cookie: [^=]*=)([^;\r]*)/gim, (_, name: string, value: string) => name + hide(value))
    .replace(/(Expires=)([^;\r]*)/gi, (_, name: string, value: string) => name + hide(value));
}

interface Way {
  accept: string;
  /** Content type of the body. */
  sends: 'application/x-www-form-urlencoded' | 'application/json';
  extra: Record<string, string>;
}

function join(fields: Record<string, string>, { accept, sends, extra }: Way, ip: string): Promise<string> {
  const all = { ...fields, ...extra };
  const body = sends === 'application/json' ? JSON.stringify(all) : new URLSearchParams(all).toString();
  const head = [
    `POST /join/${publication.slug} HTTP/1.1`,
    `accept: ${accept}`,
    `content-type: ${sends}`,
    `x-forwarded-for: ${ip}`,
    'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    `origin: ${publication.row.siteUrl}`,
  ];
  return onTheWire(head, body);
}

describe('POST /join answers the same bytes for an address of every kind', () => {
  test.each<[what: string, way: Way]>([
    ['a form that wants a page', { accept: 'text/html', sends: 'application/x-www-form-urlencoded', extra: {} }],
    ['a form that wants JSON', { accept: 'application/json', sends: 'application/x-www-form-urlencoded', extra: {} }],
    ['JSON that wants a page', { accept: 'text/html', sends: 'application/json', extra: {} }],
    ['JSON that wants JSON', { accept: 'application/json', sends: 'application/json', extra: {} }],
    [
      'a form behind a share link',
      { accept: '*/*', sends: 'application/x-www-form-urlencoded', extra: { ref: 'CODE' } },
    ],
    ['JSON behind a share link', { accept: 'application/json', sends: 'application/json', extra: { ref: 'CODE' } }],
  ])('%s', async (_, way) => {
    const extra: Record<string, string> = 'ref' in way.extra ? { ref: code } : {};
    const answers = new Map<KindOfAddress, string>();
    for (const kind of KINDS_OF_ADDRESSES) {
      const ip = kind === 'of a network that is blocked' ? '203.0.113.7' : '198.51.100.7';
      answers.set(kind, masked(await join(await addressOf(kind, publication), { ...way, extra }, ip)));
    }
    const expected = answers.get('new')!;
    expect(expected).toMatch(way.accept === 'application/json' ? /^HTTP\/1.1 202 / : /^HTTP\/1.1 303 /);
    for (const [kind, answer] of answers) expect(answer, kind).toBe(expected);
  });

  test('and what becomes of them differs', async () => {
    const way: Way = { accept: '*/*', sends: 'application/x-www-form-urlencoded', extra: {} };
    const became: Partial<Record<KindOfAddress, string>> = {};
    for (const kind of KINDS_OF_ADDRESSES) {
      const fields = await addressOf(kind, publication);
      await join(fields, way, kind === 'of a network that is blocked' ? '203.0.113.7' : '198.51.100.7');
      const [subscriber] = await app.rows<{ status: string }>(
        'select status from subscribers where publication_id = $1 and email = $2',
        [publication.id, fields['email']],
      );
      became[kind] = subscriber?.status ?? 'nobody';
    }
    const { active, honeypot, ...others } = became;
    expect([active, honeypot, new Set(Object.values(others))]).toEqual(['active', 'nobody', new Set(['pending'])]);
  });
});
