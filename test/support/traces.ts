import type { TestApp } from './app.js';

/** Where in the database a text stands: `table.column`, once for each row. */
export async function tracesOf(app: TestApp, ...texts: string[]): Promise<string[]> {
  const columns = await app.rows<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' order by table_name, ordinal_position`,
  );
  const needles = texts.flatMap(writtenAs);
  const found = columns.map(async ({ table, column }) => {
    const rows = await app.rows(
      `select 1 from ${table} where ${column} is not null
         and exists (select 1 from unnest($1::text[]) needle where position(needle in lower(${column}::text)) > 0)`,
      [needles],
    );
    return rows.map(() => `${table}.${column}`);
  });
  return (await Promise.all(found)).flat();
}

/** As it is, as bytes are shown (`\x…`), and in base64 at each of the three places where it may begin; in lower case. */
function writtenAs(text: string): string[] {
  const spellings = [text, text.toLowerCase(), text.toUpperCase(), text[0]!.toUpperCase() + text.slice(1)];
  return spellings.flatMap((spelling) => {
    const bytes = Buffer.from(spelling);
    const encoded = [0, 1, 2].map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        // The first and last letters also hold bits of the neighbours.
        .slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6)),
    );
    return [spelling, bytes.toString('hex'), ...encoded].map((needle) => needle.toLowerCase());
  });
}
