import path from 'node:path';
import type { z } from 'zod';
import { type Dkim, readDkim } from './dkim-settings.js';
import type { Failpoint } from './failpoints.js';
import { SETTINGS } from './settings.js';

export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  /** null = the embedded database under dataDir. */
  databaseUrl: string | null;
  dataDir: string;
  smtpUrl: string | null;
  /** null = mails are not signed here. */
  dkim: Dkim | null;
  operatorKey: string | null;
  secretKey: string | null;
  previousSecretKey: string | null;
  role: 'all' | 'web' | 'worker';
  /** API requests a second for each key, 0 = no limit. */
  keyRate: number;
  trustProxy: string[];
  demo: boolean;
  devTools: boolean;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the process dies, for tests; null = nowhere. */
  failpoint: Failpoint | null;
}

/** API requests a second for each key where a database is shared; the embedded one serves its owner alone. */
const SHARED_KEY_RATE = 100;

/** Nest's injection token of the one Config. */
export const CONFIG = Symbol('Config');

/** Says everything that is wrong with the environment at once, so that it is mended in one go. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The settings have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  ${p}`).join('\n')}\nAll settings: docs/generated/config.md`,
    );
  }
}

/** Reads the whole environment. Throws ConfigError that lists every problem. An empty variable counts as unset. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const take = <T>(name: keyof typeof SETTINGS, read: z.ZodType<T>): T | null => {
    const raw = env[name];
    if (raw === undefined || raw === '') return null;
    const result = read.safeParse(raw);
    if (result.success) return result.data;
    problems.push(`${name} ${result.error.issues[0]?.message ?? 'is wrong'}`);
    return null;
  };
  const port = take('PORT', SETTINGS.PORT.read) ?? 3000;
  const databaseUrl = take('DATABASE_URL', SETTINGS.DATABASE_URL.read);
  const smtpUrl = take('SMTP_URL', SETTINGS.SMTP_URL.read);
  const publicUrl = (take('PUBLIC_URL', SETTINGS.PUBLIC_URL.read) ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const config: Config = {
    port,
    host: take('HOST', SETTINGS.HOST.read) ?? '127.0.0.1',
    publicUrl,
    databaseUrl,
    dataDir: path.resolve(take('DATA_DIR', SETTINGS.DATA_DIR.read) ?? 'data'),
    smtpUrl,
    dkim: readDkim(
      {
        domain: take('DKIM_DOMAIN', SETTINGS.DKIM_DOMAIN.read),
        selector: take('DKIM_SELECTOR', SETTINGS.DKIM_SELECTOR.read),
        privateKey: take('DKIM_PRIVATE_KEY', SETTINGS.DKIM_PRIVATE_KEY.read),
        privateKeyFile: take('DKIM_PRIVATE_KEY_FILE', SETTINGS.DKIM_PRIVATE_KEY_FILE.read),
      },
      problems,
    ),
    operatorKey: take('OPERATOR_KEY', SETTINGS.OPERATOR_KEY.read),
    secretKey: take('SECRET_KEY', SETTINGS.SECRET_KEY.read),
    previousSecretKey: take('SECRET_KEY_PREVIOUS', SETTINGS.SECRET_KEY_PREVIOUS.read),
    role: take('ROLE', SETTINGS.ROLE.read) ?? 'all',
    failpoint: take('FAILPOINT', SETTINGS.FAILPOINT.read),
    keyRate: take('KEY_RATE', SETTINGS.KEY_RATE.read) ?? Number(databaseUrl !== null) * SHARED_KEY_RATE,
    trustProxy: (take('TRUST_PROXY', SETTINGS.TRUST_PROXY.read) ?? 'loopback').split(',').map((part) => part.trim()),
    demo: take('DEMO', SETTINGS.DEMO.read) ?? databaseUrl === null,
    devTools:
      take('DEV_TOOLS', SETTINGS.DEV_TOOLS.read) ??
      (databaseUrl === null && smtpUrl === null && isLoopbackUrl(publicUrl) && env.NODE_ENV !== 'production'),
    logLevel: take('LOG_LEVEL', SETTINGS.LOG_LEVEL.read) ?? 'info',
  };
  problems.push(...contradictions(config, env));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function contradictions(config: Config, env: NodeJS.ProcessEnv): string[] {
  const found: string[] = [];
  if (config.databaseUrl !== null && !env.SECRET_KEY) {
    found.push('SECRET_KEY is required with DATABASE_URL. Make one: openssl rand -base64 48');
  }
  if (config.databaseUrl === null && config.role !== 'all') {
    found.push(`ROLE=${config.role} needs DATABASE_URL: the embedded database belongs to one process`);
  }
  if (config.failpoint !== null && env.NODE_ENV === 'production') {
    found.push('FAILPOINT must be unset when NODE_ENV=production');
  }
  if (config.devTools && env.NODE_ENV === 'production') found.push('DEV_TOOLS must be off when NODE_ENV=production');
  return found;
}

/** True where only this machine can follow the link. */
function isLoopbackUrl(value: string): boolean {
  return URL.canParse(value) && isLoopbackHost(new URL(value).hostname);
}

/** True for localhost and the loopback addresses; `host` comes without a port. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
