import type { Verdict } from '../domain/import-verdicts.js';
import { rows, type Tx } from '../platform/database.js';

/** How many rows have which verdict. */
export async function countVerdicts(
  tx: Tx,
  publicationId: string,
  importId: string,
): Promise<Partial<Record<Verdict, number>>> {
  const counted = await rows<{ verdict: Verdict; count: number }>(
    tx,
    `select coalesce(verdict, 'imported') as verdict, count(*)::int as count from import_rows
     where publication_id = $1 and import_id = $2 group by 1 order by 1`,
    [publicationId, importId],
  );
  return Object.fromEntries(counted.map(({ verdict, count }) => [verdict, count]));
}

/** A row with what became of it. `verdict` is `waiting` while nobody has come to it. */
export interface RowVerdict {
  rowNo: number;
  email: string;
  verdict: Verdict | 'waiting';
  message: string | null;
  /** The code of the reader's share link now; null where there is no reader. */
  shareCode: string | null;
}

/** All rows of an import in their order, as SQL for a streamed read. `decided`: the last row that has its verdict. */
export function allRows(
  publicationId: string,
  importId: string,
  programId: string,
  decided: number,
): { sql: string; parameters: unknown[] } {
  const sql = `
    select r.row_no, r.email, coalesce(r.verdict, case when r.row_no <= $4 then 'imported' else 'waiting' end) as verdict, r.message,
      case when r.verdict is null or r.verdict not like 'invalid%' then c.code end as share_code
    from import_rows r
    left join lateral (
      select c.code from subscribers s
      join participants p on p.publication_id = s.publication_id and p.subscriber_id = s.id and p.program_id = $3
      join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
      where s.publication_id = r.publication_id and s.email_key = r.email_key limit 1) c on true
    where r.publication_id = $1 and r.import_id = $2 order by r.row_no`;
  return { sql, parameters: [publicationId, importId, programId, decided] };
}
