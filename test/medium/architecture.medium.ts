import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { afterEach, describe, expect, test } from 'vitest';
import { ERRORS } from '../../src/domain/errors.js';
import { ApiDocument } from '../../src/http/docs.controller.js';
import { POLICY } from '../../src/http/policy.js';
import { migrate } from '../../src/platform/database.js';
import { startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';

const SRC = path.resolve(import.meta.dirname, '../../src');
const app = await startApp();
const source = await openDatabase({ poolSize: 3 });

/** The tables that are found without knowing a publication, each with its reason. All others belong to one publication. */
const DIRECTORY: Record<string, string> = {
  instance_settings: 'facts about the whole instance',
  publications: 'the tenant itself, found by its slug',
  api_keys: 'a request brings nothing but its key',
  accounts: 'a person works on any number of publications, and signs in before one is known',
  staff_sessions: 'a request brings nothing but its cookie',
  staff_links: 'a link is opened before anybody knows whose it is',
  share_codes: 'a redirect knows nothing but the code',
  mail_limits: 'how often strangers may have mail sent to an address, over all publications',
  network_limits: 'how often a network may send forms, whatever publication they are of',
  migrations: "TypeORM's own list of what was run",
};

interface Key {
  table: string;
  name: string;
  kind: 'primary' | 'unique' | 'foreign';
  columns: string[];
  refers: string | null;
}

async function keys(): Promise<Key[]> {
  const constraints = await source.query<Key[]>(
    `select c.conrelid::regclass::text as table, c.conname as name, c.contype as kind, c.confrelid::regclass::text as refers,
       array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i)
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i) as columns
     from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f')`,
  );
  const indexes = await source.query<Key[]>(
    `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, 'u' as kind, null as refers,
       array(select a.attname::text from unnest(i.indkey::int[]) with ordinality k(n, o)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n order by k.o) as columns
     from pg_index i join pg_class t on t.oid = i.indrelid
     where i.indisunique and t.relnamespace = 'public'::regnamespace
       and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`,
  );
  const kinds = { p: 'primary', u: 'unique', f: 'foreign' } as Record<string, Key['kind']>;
  return [...constraints, ...indexes].map((key) => ({ ...key, kind: kinds[key.kind]! }));
}

type Content = Record<string, { schema?: object } | undefined>;

interface Described {
  responses: Record<string, { content?: Content }>;
  requestBody?: { content?: Content };
  summary?: string;
}

/** The statements that would make the database what the entities say. */
async function drift(): Promise<string[]> {
  return (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
}

describe('the schema', () => {
  afterEach(async () => {
    await source.query('alter table referrals drop column if exists surprise');
    await source.query('drop table if exists surprises');
  });

  test('is the same in the entities and in the migrations', async () => {
    expect(await drift()).toEqual([]);
  });

  test('a column that no entity knows is noticed', async () => {
    await source.query('alter table referrals add column surprise integer');
    expect(await drift()).toEqual(['ALTER TABLE "referrals" DROP COLUMN "surprise"']);
  });

  test('a column that no migration makes is noticed, and so is a key, an index or a check', async () => {
    const undo: [change: string, back: string][] = [
      ['alter table mails drop column last_error', 'alter table mails add column last_error text'],
      [
        'alter table grants drop constraint grants_once_key',
        'alter table grants add constraint grants_once_key unique (publication_id, milestone_id, subscriber_id, occurrence)',
      ],
      [
        'drop index clicks_counted_idx',
        `create unique index clicks_counted_idx on clicks (publication_id, visit_key, hour) where class = 'human'`,
      ],
      [
        'alter table stage_counts drop constraint stage_counts_count_check',
        'alter table stage_counts add constraint stage_counts_count_check check (count >= 0)',
      ],
      [
        'alter table coupon_codes drop constraint coupon_codes_publication_id_grant_id_fkey',
        `alter table coupon_codes add constraint coupon_codes_publication_id_grant_id_fkey
           foreign key (publication_id, grant_id) references grants (publication_id, id)`,
      ],
    ];
    for (const [change, back] of undo) {
      await source.query(change);
      expect(await drift(), change).not.toEqual([]);
      await source.query(back);
    }
    expect(await drift()).toEqual([]);
  });

  test('every table of the database has an entity', async () => {
    const tables = await source.query<{ tablename: string }[]>(
      `select relname as tablename from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations' order by 1`,
    );
    expect(tables.map(({ tablename }) => tablename)).toEqual(source.entityMetadatas.map((e) => e.tableName).sort());
  });

  test('every primary and unique key of a tenant table begins with the publication', async () => {
    const found = (await keys()).filter(({ kind }) => kind !== 'foreign');
    expect(found.length).toBeGreaterThan(30);
    expect(found.filter(({ table, columns }) => !(table in DIRECTORY) && columns[0] !== 'publication_id')).toEqual([]);
  });

  test('the directory names no table that could do without, or is gone', async () => {
    const found = (await keys()).filter(({ kind }) => kind === 'primary');
    for (const table of Object.keys(DIRECTORY)) {
      expect(found.find((key) => key.table === table)?.columns[0], table).not.toBe('publication_id');
      expect(found.some((key) => key.table === table)).toBe(true);
    }
  });

  test('every reference from one tenant table to another carries the publication', async () => {
    const references = (await keys()).filter(
      ({ kind, refers }) => kind === 'foreign' && refers !== 'publications' && refers !== 'accounts',
    );
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter(({ columns }) => columns[0] !== 'publication_id' || columns.length < 2)).toEqual([]);
  });

  test('every column that names a row of another table is a foreign key, but for those of clicks', async () => {
    const free = await source.query<{ table: string; column: string }[]>(
      `select a.attrelid::regclass::text as table, a.attname as column from pg_attribute a join pg_class t on t.oid = a.attrelid
       where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and a.attname like '%\\_id' and a.atttypid = 'uuid'::regtype
         and not exists (select 1 from pg_constraint c where c.conrelid = a.attrelid and c.contype = 'f' and a.attnum = any (c.conkey))
       order by 1, 2`,
    );
    expect(free.map(({ table, column }) => `${table}.${column}`)).toEqual([
      'audit_entries.subject_id', // of any kind, and the log outlives what it tells of
      'clicks.content_id', // nothing refers to clicks and they to nothing: old ones can go, and an insert checks no key
      'clicks.participant_id',
      'clicks.publication_id',
      'idempotency_keys.publication_id', // the nil UUID for the operator, who belongs to none; rows live for a day
      'ledger_entries.subscriber_id', // told by the grant, which the entry refers to
      'received_mails.publication_id', // a developer's mailbox outlives what it was about
      'referral_clicks.click_id', // a copy: clicks go
      'referrals.click_id', // as above
      'signup_signals.click_id', // as above
    ]);
  });

  test('every migration can be undone and made again', async () => {
    const before = await source.query(`select table_name, column_name, data_type from information_schema.columns
      where table_schema = 'public' order by 1, 2`);
    while ((await source.query('select 1 from migrations')).length > 0) await source.undoLastMigration();
    const left = await source.query(`select tablename from pg_tables where schemaname = 'public'`);
    expect(left).toEqual([{ tablename: 'migrations' }]);
    expect(await migrate(source)).not.toEqual([]);
    const after = await source.query(`select table_name, column_name, data_type from information_schema.columns
      where table_schema = 'public' order by 1, 2`);
    expect(after).toEqual(before);
    expect(await drift()).toEqual([]);
  });
});

describe('the routes', () => {
  const routes = app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ instance, name }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return app
        .get(MetadataScanner)
        .getAllMethodNames(prototype)
        .filter((method) => Reflect.hasMetadata('path', prototype[method]!))
        .map((method) => ({
          name: `${name}.${method}`,
          policy: Reflect.getMetadata(POLICY, prototype[method]!),
          controller: name,
        }));
    });

  test('every one states who may call it', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter(({ policy }) => policy === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('what is public is a page, a file, or a tool of this machine, and never a part of the API', () => {
    const isPublic = new Set(routes.filter(({ policy }) => policy === 'public').map(({ controller }) => controller));
    expect([...isPublic].sort()).toEqual([
      'CardController',
      'ClaimController',
      'ConfirmController',
      'DevController',
      'DocsController',
      'DownloadController',
      'EmbedController',
      'FooterController',
      'HandInController',
      'HealthController',
      'HubBoardController',
      'HubController',
      'HubFriendsController',
      'HubSettingsController',
      'HubShareController',
      'JoinController',
      'ProgramDoorController',
      'ProgramPageController',
      'QrCodeController',
      'RafflePageController',
      'ShareLinkController',
      'SignInController',
      'StaffLinkController',
      'UnsubscribeController',
    ]);
  });
});

describe('the description of the API', () => {
  const document = app.get(ApiDocument).current!;
  const operations = Object.entries(document.paths).flatMap(([route, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${route}`,
      ...(operation as Described),
    })),
  );

  test('holds every route of the API and no other', () => {
    expect(operations.length).toBeGreaterThan(35);
    expect(Object.keys(document.paths).filter((route) => !route.startsWith('/api/v1/'))).toEqual([]);
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s says what it answers, and what can go wrong',
    (_, { responses, summary }) => {
      expect(summary).toBeTruthy();
      const good = Object.entries(responses).filter(([status]) => Number(status) < 300);
      expect(good.length).toBeGreaterThan(0);
      for (const [status, response] of good) {
        if (status === '204' || status === '202') continue;
        const schema = response.content?.['application/json']?.schema ?? response.content?.['text/csv']?.schema;
        expect(schema, status).toBeDefined();
        expect(Object.keys(schema as object)).not.toEqual([]);
      }
      for (const status of ['400', '401', '403', '404', '422', '503']) {
        expect(responses[status]?.content?.['application/problem+json']?.schema, status).toEqual({
          $ref: '#/components/schemas/Problem',
        });
      }
    },
  );

  test.each(
    operations
      .filter(
        ({ name }) =>
          /^(POST|PUT|PATCH)/.test(name) &&
          !/\/(confirm|unsubscribe|hub-link|approve|reject|fulfil|rotate-secret|replay)$/.test(name),
      )
      .map((operation) => [operation.name, operation] as const),
  )('%s says what it takes', (_, { requestBody }) => {
    const schema = requestBody?.content?.['application/json']?.schema ?? requestBody?.content?.['text/csv']?.schema;
    expect(schema).toBeDefined();
    expect(Object.keys(schema as object)).not.toEqual([]);
  });

  test('every schema that is referred to is there', () => {
    const schemas = document.components?.schemas ?? {};
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name!);
    expect(named).toContain('#/components/schemas/Problem');
    const there = Object.entries(schemas).filter(([, schema]) => !('$ref' in schema));
    const names = there.map(([name]) => `#/components/schemas/${name}`);
    expect([...new Set(named)].filter((name) => !names.includes(name))).toEqual([]);
  });
});

test('every code of the catalogue of errors is thrown or answered somewhere', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && file !== path.join('domain', 'errors.ts'),
  );
  const text = files.map((file) => readFileSync(path.join(SRC, file), 'utf8')).join('\n');
  expect(Object.keys(ERRORS).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  expect(files.length).toBeGreaterThan(100);
});
