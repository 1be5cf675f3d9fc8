import { parse } from 'csv-parse/sync';
import { unguardCell } from '../../domain/csv.js';
import { DomainError, type FieldProblem } from '../../domain/errors.js';
import type { BroughtCode } from '../../flows/restock.js';
import { RewardValue } from './rewards.schema.js';

const MOST_CODES = 100_000;
const LONGEST = 100;
const COLUMNS = new Map(['Code', 'Value', 'Currency'].map((name) => [name.toLowerCase(), name]));

type Row = Partial<Record<'Code' | 'Value' | 'Currency', string>>;

/**
 * The codes of a CSV file with a column `Code` and, where each has a worth of its own, `Value` in minor units and `Currency`. Throws
 * `request/invalid` that names the rows, so that nothing is taken in by half.
 */
export function readCouponCodes(csv: string): BroughtCode[] {
  const rows = rowsOf(csv);
  if (rows.length > MOST_CODES) throw new DomainError('request/invalid', `at most ${MOST_CODES} codes at once`);
  const problems: FieldProblem[] = [];
  const codes = rows.map((row, index) => {
    const code = cell(row.Code);
    const wrong = problemOf(code);
    if (wrong !== null) problems.push({ path: `rows[${index}].Code`, message: wrong });
    return { code, value: valueOf(row, index, problems) };
  });
  if (problems.length === 0) return codes;
  const bad = new Set(problems.map(({ path }) => path.split('.')[0])).size;
  throw new DomainError('request/invalid', `${bad} of ${codes.length} rows are not good`, problems.slice(0, 100));
}

function cell(text: string | undefined): string {
  return unguardCell(text ?? '').trim();
}

function valueOf(row: Row, index: number, problems: FieldProblem[]): BroughtCode['value'] {
  const [amount, currency] = [cell(row.Value), cell(row.Currency).toUpperCase()];
  if (amount === '' && currency === '') return null;
  if (amount === '' || currency === '') {
    problems.push({
      path: `rows[${index}].${amount === '' ? 'Value' : 'Currency'}`,
      message: `is missing beside ${amount === '' ? 'Currency' : 'Value'}`,
    });
    return null;
  }
  const read = RewardValue.safeParse({ amount: /^\d{1,12}$/.test(amount) ? Number(amount) : NaN, currency });
  if (read.success) return read.data;
  for (const { path } of read.error.issues) {
    const isAmount = path[0] === 'amount';
    const message = isAmount
      ? 'must be a whole number of minor units, 2500 for 25 dollars'
      : 'must be a currency such as USD';
    problems.push({ path: `rows[${index}].${isAmount ? 'Value' : 'Currency'}`, message });
  }
  return null;
}

function rowsOf(csv: string): Row[] {
  let rows: Row[];
  try {
    rows = parse(csv, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      columns: (header: string[]) => header.map((name) => COLUMNS.get(name.toLowerCase()) ?? name),
    });
  } catch (error) {
    throw new DomainError('request/invalid', `The CSV cannot be read: ${(error as Error).message}`);
  }
  if (rows.length === 0) throw new DomainError('request/invalid', 'The file has no rows below its header');
  if (!('Code' in rows[0]!)) throw new DomainError('request/invalid', 'The file has no column called Code');
  return rows;
}

function problemOf(code: string): string | null {
  if (code === '') return 'is empty';
  if (code.length > LONGEST) return `has more than ${LONGEST} characters`;
  return /\p{Cc}/u.test(code) ? 'holds a control character' : null;
}
