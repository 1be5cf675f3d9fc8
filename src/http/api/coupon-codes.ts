import { parse } from 'csv-parse/sync';
import { DomainError, type FieldProblem } from '../../domain/errors.js';
import { unguardCell } from '../../domain/csv.js';

const MOST_CODES = 100_000;
const LONGEST = 100;

/** The codes of a CSV file with a column `Code`. Throws `request/invalid` that names the rows, so that nothing is taken in by half. */
export function readCouponCodes(csv: string): string[] {
  const codes = rowsOf(csv).map((row) => unguardCell(row.Code ?? '').trim());
  if (codes.length > MOST_CODES) throw new DomainError('request/invalid', `at most ${MOST_CODES} codes at once`);
  const problems = codes.flatMap<FieldProblem>((code, index) => {
    const message = problemOf(code);
    return message === null ? [] : [{ path: `rows[${index}].Code`, message }];
  });
  if (problems.length > 0) {
    throw new DomainError(
      'request/invalid',
      `${problems.length} of ${codes.length} rows are not good`,
      problems.slice(0, 100),
    );
  }
  return codes;
}

function rowsOf(csv: string): Record<string, string>[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(csv, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      columns: (header: string[]) => header.map((name) => (name.toLowerCase() === 'code' ? 'Code' : name)),
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
