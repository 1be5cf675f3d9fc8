import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DEMO_SLUG, demoHubUrl, demoKeyFile } from './cli/demo.js';
import { FirstAccount } from './flows/first-account.js';
import type { Config } from './platform/config.js';
import type { Secrets } from './platform/secrets.js';

/** Tells other programs of this machine where the service of a DATA_DIR is. */
export function rememberService(config: Config, url: string): void {
  if (config.databaseUrl !== null) return;
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(path.join(config.dataDir, 'service.json'), JSON.stringify({ pid: process.pid, url }));
}

export function forgetService(config: Config): void {
  if (config.databaseUrl === null) rmSync(path.join(config.dataDir, 'service.json'), { force: true });
}

/**
 * Prints where to look. The operator key itself is shown on a terminal only: elsewhere it would end up in a log. The first
 * account's link may, since it is good for one press.
 */
export async function announce(app: NestFastifyApplication, config: Config, secrets: Secrets): Promise<void> {
  if (config.role === 'worker') {
    process.stdout.write(`\n  Kuchikomi works; it answers only ${await app.getUrl()}/health/ready and /metrics\n\n`);
    return;
  }
  const hub = config.demo ? await demoHubUrl(app) : null;
  const lines: [what: string, where: string | null][] = [
    ['Kuchikomi runs at', config.publicUrl],
    ['Pages for staff', `${config.publicUrl}/admin`],
    ['First account', await app.get(FirstAccount, { strict: false }).url()],
    ['Join page', hub === null ? null : `${config.publicUrl}/join/${DEMO_SLUG}`],
    ["A reader's page", hub],
    ['Mails', config.devTools ? `${config.publicUrl}/dev/mail` : null],
    ['API', `${config.publicUrl}/docs`],
    ['Key of the demo', hub !== null && existsSync(demoKeyFile(config)) ? `in ${demoKeyFile(config)}` : null],
    ['Operator key', operatorKeyLine(secrets)],
  ];
  const text = lines.filter(([, where]) => where !== null).map(([what, where]) => `  ${what.padEnd(18)}${where}`);
  process.stdout.write(`\n${text.join('\n')}\n\n`);
}

function operatorKeyLine({ operatorKey, operatorKeyFile }: Secrets): string {
  if (operatorKeyFile === null) return 'the one in OPERATOR_KEY';
  return process.stdout.isTTY ? `${operatorKey}  (kept in ${operatorKeyFile})` : `in ${operatorKeyFile}`;
}
