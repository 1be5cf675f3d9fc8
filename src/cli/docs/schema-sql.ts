import { rows, type Tx } from '../../platform/database.js';

interface Table {
  oid: number;
  name: string;
  /** Null of a table without partitions, which are left out: there is one for each month. */
  partitionedBy: string | null;
}

/**
 * The schema as SQL, read from the catalog of a migrated database: tables in the order of their making, so that each refers
 * only to those above it. TypeORM's own table of migrations is left out.
 */
export async function schemaSql(tx: Tx): Promise<string> {
  const tables = await rows<Table>(
    tx,
    `select oid::int, relname as name, pg_get_partkeydef(oid) as partitioned_by from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations' order by oid`,
  );
  const parts: string[] = [];
  for (const table of tables) parts.push(await tableSql(tx, table));
  return `-- Written by npm run docs out of the migrations. Do not edit.\n\n${parts.join('\n')}`;
}

async function tableSql(tx: Tx, table: Table): Promise<string> {
  const columns = await definitions(
    tx,
    table,
    `select format('%I %s', attname, format_type(atttypid, atttypmod))
       || case when attnotnull then ' not null' else '' end
       || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as definition
     from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`,
  );
  // Not-null constraints, which PostgreSQL 18 names too, stand with their columns.
  const constraints = await definitions(
    tx,
    table,
    `select format('constraint %I %s', conname, pg_get_constraintdef(oid, true)) as definition
     from pg_constraint where conrelid = $1 and contype in ('p', 'u', 'c', 'f', 'x')
     order by position(contype::text in 'pucxf'), conname`,
  );
  const indexes = await definitions(
    tx,
    table,
    `select regexp_replace(pg_get_indexdef(indexrelid), ' ON (ONLY )?public\\.', ' ON ') || ';' as definition
     from pg_index join pg_class on pg_class.oid = indexrelid
     where indrelid = $1 and not exists (select 1 from pg_constraint where conindid = indexrelid) order by relname`,
  );
  const lines = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  const partitions = table.partitionedBy === null ? '' : ` partition by ${table.partitionedBy}`;
  return `create table ${table.name} (\n${lines}\n)${partitions};\n${indexes.map((index) => `${index}\n`).join('')}`;
}

async function definitions(tx: Tx, table: Table, sql: string): Promise<string[]> {
  return (await rows<{ definition: string }>(tx, sql, [table.oid])).map(({ definition }) => readable(definition));
}

/** The catalog spells out what was written shorter. */
function readable(definition: string): string {
  return definition
    .replaceAll('::text', '')
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replace(/= ANY \(ARRAY\[(.*?)\]\)/g, 'in ($1)');
}
