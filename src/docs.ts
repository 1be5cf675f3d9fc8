import 'reflect-metadata';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppModule } from './app.module.js';
import { configMd, envExample, errorsMd, type Route, routesMd } from './cli/docs/pages.js';
import { reasonsMd } from './cli/docs/reasons-md.js';
import { schemaSql } from './cli/docs/schema-sql.js';
import { ApiDocument } from './http/docs.controller.js';
import { createServer } from './http/server.js';
import { readConfig } from './platform/config.js';
import { Database } from './platform/database.js';
import { createLog } from './platform/log.js';
import { PROJECT_ROOT } from './platform/templates.js';
import { startDatabase } from './start-database.js';

/**
 * `npm run docs` writes the documents that the code itself can tell; with `--check` it only compares, and exits with 1 when
 * one of them differs. They are committed, so that a review sees when the API, the schema or a setting changes.
 */
const files = await generate();
const differing = [...files].filter(([file, text]) => textOf(file) !== text).map(([file]) => file);

if (!process.argv.includes('--check')) {
  for (const file of differing) write(file, files.get(file) ?? '');
  say(differing.length === 0 ? 'All generated documents were up to date.' : `Written: ${differing.join(', ')}`);
} else if (differing.length > 0) {
  say(`Not what the code says: ${differing.join(', ')}\nWrite them anew: npm run docs`);
  process.exitCode = 1;
}

/** The documents by their path. Boots the whole application on an empty database of its own, without listening. */
async function generate(): Promise<Map<string, string>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-docs-'));
  // Settings of our own, so that nothing of this machine gets into the documents.
  const config = { ...readConfig({ DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: 'error' }), role: 'web' as const };
  const log = createLog(config.logLevel);
  const database = await startDatabase(config, log);
  try {
    const secrets = { secretKeys: ['documents'], operatorKey: 'documents', operatorKeyFile: null };
    const foundation = { config, secrets, dataSource: database.dataSource, log };
    const app = await createServer(AppModule.on(foundation), foundation);
    const routes: Route[] = [];
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', (route) => {
        routes.push({ methods: [route.method].flat(), path: route.url, policy: route.config?.policy });
      });
    await app.init();
    const schema = await schemaSql(app.get(Database).reader);
    const openapi = `${JSON.stringify(app.get(ApiDocument).current, null, 2)}\n`;
    await app.close();
    return new Map([
      ['docs/generated/openapi.json', openapi],
      ['docs/generated/schema.sql', schema],
      ['docs/generated/config.md', configMd()],
      ['docs/generated/errors.md', errorsMd()],
      ['docs/generated/routes.md', routesMd(routes)],
      ['docs/reasons.md', reasonsMd()],
      ['.env.example', envExample()],
    ]);
  } finally {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
  } catch {
    return null;
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(PROJECT_ROOT, file)), { recursive: true });
  writeFileSync(path.join(PROJECT_ROOT, file), text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
