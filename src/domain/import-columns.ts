/** What a column of an imported file can mean. */
export const IMPORT_FIELDS = [
  'email',
  'firstName',
  'locale',
  'shareCode',
  'referralCount',
  'referredBy',
  'confirmedAt',
  'createdAt',
  'externalId',
  'status',
  'company',
  'role',
  'companySize',
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Fields that are kept as attributes of the reader, where marketing's lead list finds them. */
export const ATTRIBUTE_FIELDS = ['company', 'role', 'companySize'] as const satisfies readonly ImportField[];

interface Source {
  /** Whose files. */
  of: string;
  /** Where the names were read. */
  seenAt: string;
  /** Names as the source spells them; case, blanks and punctuation make no difference. */
  columns: Record<string, ImportField>;
}

/**
 * Names of columns that are recognised by themselves. Adding a platform is adding one entry.
 *
 * SparkLoop and Viral Loops document the files that they *import*; no public page of theirs lists the columns of their
 * exports, and beehiiv's help says of its export neither the names nor that it has referral data. What is under "not
 * confirmed" are the names of the same facts in those vendors' APIs and screens. A file that says it otherwise takes a
 * mapping by its owner; columns that nobody recognises are ignored, and the answer names them.
 */
export const IMPORT_SOURCES: readonly Source[] = [
  {
    of: 'Kuchikomi: its own contract, and what its own export calls the same things',
    seenAt: 'docs/generated/openapi.json',
    columns: {
      ...(Object.fromEntries(IMPORT_FIELDS.map((field) => [field, field])) as Record<ImportField, ImportField>),
      'E-mail': 'email',
      'E-mail address': 'email',
      'Email address': 'email',
      メールアドレス: 'email',
      名前: 'firstName',
    },
  },
  {
    of: 'SparkLoop, the file it imports (dates there are DD/MM/YYYY; IP Address and Source have no place here)',
    seenAt: 'https://help.sparkloop.app/en/articles/5871255-import-subscribers-using-a-csv-file',
    columns: { Email: 'email', Name: 'firstName', 'Registration Date': 'createdAt', Referrer: 'referredBy' },
  },
  {
    of: 'Viral Loops, the file it imports (referrerId is the id of the referrer, not a share code)',
    seenAt: 'https://intercom.help/viral-loops/en/articles/3124645-import-participants-from-a-csv-file',
    columns: {
      email: 'email',
      firstname: 'firstName',
      id: 'externalId',
      referrerId: 'referredBy',
      referralCount: 'referralCount',
    },
  },
  {
    of: 'beehiiv, names of a subscription in its API; whether its export uses them is not confirmed',
    seenAt: 'https://developers.beehiiv.com/api-reference/subscriptions',
    columns: { email: 'email', status: 'status', created: 'createdAt', referral_code: 'shareCode' },
  },
  {
    of: 'Not confirmed: what exports of referral tools are commonly seen to say',
    seenAt: 'no public page',
    columns: {
      'First name': 'firstName',
      'Referral code': 'shareCode',
      Referrals: 'referralCount',
      'Referral count': 'referralCount',
      'Total referrals': 'referralCount',
      'Referred by': 'referredBy',
      'Created at': 'createdAt',
      'Confirmed at': 'confirmedAt',
      Language: 'locale',
    },
  },
];

/** Only letters and digits, in lower case: `E-Mail Address`, `email_address` and `EmailAddress` are one name. */
export function columnKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const RECOGNISED: ReadonlyMap<string, ImportField> = new Map(
  IMPORT_SOURCES.flatMap(({ columns }) =>
    Object.entries(columns).map(([name, field]): [string, ImportField] => [columnKey(name), field]),
  ).reverse(), // of two sources that use one name the first keeps it
);

/** Where in a row each field stands. */
export interface Columns {
  /** Number of columns of the file. */
  width: number;
  /** Index in a row by field. */
  at: Partial<Record<ImportField, number>>;
  /** For people: our field by the file's name of the column. */
  told: Record<string, ImportField>;
  ignored: string[];
}

/** What a user says about columns: our field by the file's name; null has the column ignored. */
export type ColumnMapping = Readonly<Record<string, ImportField | null>>;

/**
 * Finds the fields in a header. What the user says wins; of two columns for one field the first counts, the other is ignored.
 * The problem is one English sentence without a full stop.
 */
export function findColumns(
  header: readonly string[],
  mapping: ColumnMapping,
): { ok: true; columns: Columns } | { ok: false; problem: string } {
  const said = new Map(Object.entries(mapping).map(([name, field]) => [columnKey(name), field]));
  const keys = header.map(columnKey);
  const missing = Object.keys(mapping).find((name) => !keys.includes(columnKey(name)));
  if (missing !== undefined) return { ok: false, problem: `The mapping names a column that is not there: ${missing}` };

  const columns: Columns = { width: header.length, at: {}, told: {}, ignored: [] };
  const take = (index: number, field: ImportField | null | undefined): void => {
    const name = header[index] ?? '';
    if (field == null || columns.at[field] !== undefined) {
      if (name !== '') columns.ignored.push(name);
      return;
    }
    columns.at[field] = index;
    columns.told[name] = field;
  };
  const isSaid = (index: number) => said.has(keys[index] ?? '');
  const all = header.map((_, index) => index);
  for (const index of all.filter(isSaid)) take(index, said.get(keys[index] ?? ''));
  for (const index of all.filter((i) => !isSaid(i))) take(index, RECOGNISED.get(keys[index] ?? ''));
  if (columns.at.email === undefined) return { ok: false, problem: noEmail(header) };
  return { ok: true, columns };
}

/** Never repeats a row of readers: a log or a screen is no place for their addresses. */
function noEmail(header: readonly string[]): string {
  if (header.some((cell) => cell.includes('@'))) {
    return 'The first line is already a reader: the file needs a first line that names its columns, one of them email';
  }
  const names = header.slice(0, 20).map((name) => name.slice(0, 40));
  return `None of the columns is email; there are: ${names.join(', ')}. A mapping can say which one it is`;
}
