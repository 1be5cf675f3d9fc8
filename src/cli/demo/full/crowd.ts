import { csvLine } from '../../../domain/csv.js';
import { GIVEN, personName, pick } from '../../demo-names.js';
import { type DemoReader, READERS } from '../cast.js';

/** A reader beside the cast. Addresses are on `.example`, where nobody lives (RFC 2606). */
export interface Person {
  /** By which the story knows them. */
  who: string;
  reader: DemoReader;
}

/** Everybody, by how they come. */
export interface Crowd {
  /** From the list that the publisher brings along. */
  imported: Person[];
  /** By themselves. */
  organic: Person[];
  /** Through a reader's link. */
  friends: Person[];
}

const SHARE_OF_JAPANESE = 1 / 3;
const SHARE_OF_FRIENDS = 0.23;
const SHARE_OF_ORGANIC = 0.13;
const SHARE_AT_WORK = 0.3;

const MAILBOXES = ['mail.example', 'post.example', 'inbox.example', 'letters.example', 'yubin.example'];
const COMPANIES = {
  en: [
    'Ovenworks/ovenworks',
    'Crumb & Co/crumb-co',
    'Rye Ltd/rye-ltd',
    'Mill 42/mill42',
    'Saltcellar/saltcellar',
    'Hearth Supply/hearth',
  ],
  ja: [
    'パン工房みなと/minato-pan',
    '麦のいえ/mugi-no-ie',
    '株式会社コムギ/komugi',
    'ベーカリー青空/aozora',
    '製パン機材センター/seipan',
  ],
};
const ROLES = {
  en: ['Owner', 'Head baker', 'Head of marketing', 'Buyer', 'Operations manager', 'Sales lead'],
  ja: ['店主', '製造責任者', 'マーケティング担当', '仕入れ担当', '代表取締役'],
};
const SIZES = ['1–10', '11–50', '51–200', '201–500'];

/** So many readers, the cast included. */
export function crowdOf(readers: number, random: () => number): Crowd {
  const cast = Object.keys(READERS).length;
  const friends = Math.round(readers * SHARE_OF_FRIENDS);
  const organic = Math.round(readers * SHARE_OF_ORGANIC);
  const people = Array.from({ length: readers - cast }, (_, n) => person(n + 1, random));
  return {
    friends: people.slice(0, friends),
    organic: people.slice(friends, friends + organic),
    imported: people.slice(friends + organic),
  };
}

function person(n: number, random: () => number): Person {
  const locale = random() < SHARE_OF_JAPANESE ? 'ja' : 'en';
  const name = personName(
    random,
    GIVEN.filter((given) => given.locale === locale),
  );
  const isAtWork = random() < SHARE_AT_WORK;
  const [company = '', domain = ''] = pick(COMPANIES[locale], random).split('/');
  const work = { company, role: pick(ROLES[locale], random), companySize: pick(SIZES, random) };
  const email = `${name.latin}${n}@${isAtWork ? `${domain}.example` : pick(MAILBOXES, random)}`;
  return {
    who: `reader ${n}`,
    reader: { firstName: name.shown, email, ...(locale === 'ja' ? { locale } : {}), ...(isAtWork ? { work } : {}) },
  };
}

const DAY_MS = 86_400_000;
const HEADER = ['email', 'firstName', 'locale', 'externalId', 'confirmedAt', 'company', 'role', 'companySize'];

/** The list that the publisher brings along, as a file: with the odd duplicate, alias and broken row that such files have. */
export function* fileOf(imported: readonly Person[], day: Date, random: () => number): Generator<string> {
  yield csvLine(HEADER);
  for (const [n, { reader }] of imported.entries()) {
    const { email, firstName, locale = 'en', work } = reader;
    const confirmedAt = new Date(day.getTime() - Math.floor(30 + random() * 700) * DAY_MS).toISOString().slice(0, 10);
    const row = [
      email,
      firstName,
      locale,
      `crm-${n + 1}`,
      confirmedAt,
      work?.company ?? null,
      work?.role ?? null,
      work?.companySize ?? null,
    ];
    yield csvLine(row);
    if (n % 60 === 30) yield csvLine(row);
    if (n % 200 === 77) yield csvLine([`${firstName} (no address)`, ...row.slice(1)]);
    if (n % 200 === 177) yield csvLine([`cut-off${n}@mail.example`, firstName]);
  }
}
