import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { csvLine } from '../domain/csv.js';
import { StartError } from '../platform/start-error.js';
import { type Name, personName, pick } from './demo-names.js';
import { numbersFrom } from './demo/seed.js';

/** Nobody's: RFC 2606 keeps these domains, so that no mail can ever reach a stranger. */
const DOMAINS = ['mail.example', 'post.example', 'bakery.example', 'example.com', 'example.org', 'example.net'];
const COMPANIES = ['Ovenworks', 'Crumb & Co', 'パン工房', 'Rye Ltd', 'Mill 42'];
const HEADER = [
  'email', 'firstName', 'locale', 'shareCode', 'referralCount', 'referredBy', 'confirmedAt', 'externalId', 'company',
]; // prettier-ignore
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);

export function demoReadersCommand(resolve: (file: string) => string): Command {
  return new Command('demo-readers')
    .description(
      'Write a believable file of readers to import: names, duplicates, aliases, broken rows, a byte order mark.',
    )
    .argument('[count]', 'rows', '10000')
    .option('--out <file>', 'where to; - is stdout', 'readers.csv')
    .action(async (count: string, { out }: { out: string }) => {
      if (!/^\d{1,8}$/.test(count)) throw new StartError(`${count} is not a number of rows.`);
      const lines = Readable.from(inPieces(demoReaders(Number(count))));
      if (out === '-') return pipeline(lines, process.stdout, { end: false });
      const file = resolve(out);
      await pipeline(lines, createWriteStream(file));
      process.stdout.write(
        `${count} readers in ${file}\nNow: npx kuchikomi import ${out} --publication <slug> --consent "demo"\n`,
      );
    });
}

/** The lines of the file, always the same for the same count. */
function* demoReaders(count: number): Generator<string> {
  yield `\uFEFF${HEADER.join(',')}\r\n`;
  const random = numbersFrom(20_261_121);
  const people: Person[] = [];
  for (let n = 0; n < count; n++) yield row(n, random, people);
}

interface Person {
  local: string;
  domain: string;
  code: string;
}

/** How many earlier people duplicates, aliases and referrers are drawn from: the file is as long as is asked for, memory is not. */
const REMEMBERED = 5_000;

function row(n: number, random: () => number, people: Person[]): string {
  const dice = random();
  const known = people[Math.floor(random() * people.length)];
  if (known !== undefined && dice < 0.02) return line(`${known.local}@${known.domain}`, n, random, people, null);
  if (known !== undefined && dice < 0.03) return line(`${known.local}+news@${known.domain}`, n, random, people, null);
  if (dice < 0.04) return broken(n, random);
  const name = personName(random);
  const domain = pick(DOMAINS, random);
  const local = `${name.latin}${n}`;
  people[n % REMEMBERED] = { local, domain, code: codeOf(n) };
  const typed = dice < 0.1 ? `${local}@${domain}`.toUpperCase() : `${local}@${domain}`;
  return line(dice > 0.96 ? `  ${typed} ` : typed, n, random, people, name);
}

function line(email: string, n: number, random: () => number, people: readonly Person[], name: Name | null): string {
  const referrer = random() < 0.2 ? people[Math.floor(random() * people.length)] : undefined;
  const isByCode = random() < 0.7;
  return csvLine([
    email,
    name?.shown ?? null,
    name?.locale ?? null,
    name === null ? null : codeOf(n),
    random() < 0.15 ? Math.floor(random() ** 3 * 30) : null,
    referrer === undefined ? null : isByCode ? referrer.code : `${referrer.local}@${referrer.domain}`,
    new Date(FIRST_DAY + Math.floor(random() * 600) * DAY_MS).toISOString().slice(0, 10),
    name === null ? null : `crm-${n}`,
    random() < 0.1 ? pick(COMPANIES, random) : null,
  ]);
}

/** What files of people who type look like. */
function broken(n: number, random: () => number): string {
  const bad = [
    ['no address at all', '', '', '', '', '', '', '', ''],
    [`two@@signs${n}.example`, 'Ana', 'en', '', '', '', '', '', ''],
    [`name${n}@localhost`, 'Ben', 'en', '', '', '', '', '', ''],
    [`short${n}@mail.example`, 'Cem'],
    [`count${n}@mail.example`, 'Dee', 'en', '', 'many', '', '', '', ''],
    [`date${n}@mail.example`, 'Eli', 'en', '', '', '', '31.12.2025', '', ''],
    [`code${n}@mail.example`, 'Fay', 'en', 'a code with blanks', '', '', '', '', ''],
  ];
  return csvLine(pick(bad, random));
}

const codeOf = (n: number) => `demo-${n.toString(36)}`;

function* inPieces(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 64_000) continue;
    yield text;
    text = '';
  }
  yield text;
}
