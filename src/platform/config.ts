import path from 'node:path';
import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';

/** One environment variable: what `.env.example` and `docs/generated/config.md` say of it, and how it is read. */
interface Setting {
  meaning: string;
  whenUnset: string;
  read: z.ZodType;
}

const onOff = z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on');
const url = (protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

/** Every variable of the environment that the service reads. The order is that of the generated documents. */
export const SETTINGS = {
  PORT: {
    meaning: 'Port to listen on; 0 takes a free one.',
    whenUnset: '3000',
    read: z.coerce
      .number('must be a number')
      .int('must be a whole number')
      .min(0, 'must be 0 to 65535')
      .max(65535, 'must be 0 to 65535'),
  },
  HOST: { meaning: 'Address to listen on.', whenUnset: '127.0.0.1', read: z.string() },
  PUBLIC_URL: {
    meaning: 'Base of every link in mails and pages.',
    whenUnset: 'http://localhost:{PORT}',
    read: url(['http:', 'https:']),
  },
  DATABASE_URL: {
    meaning: 'PostgreSQL 15 or newer.',
    whenUnset: 'an embedded PostgreSQL under DATA_DIR, started and stopped with the service',
    read: url(['postgres:', 'postgresql:']),
  },
  DATA_DIR: {
    meaning: 'Everything that an embedded installation keeps on disk.',
    whenUnset: './data',
    read: z.string(),
  },
  SMTP_URL: {
    meaning: 'Where mails are handed over, smtp://user:pass@host:port.',
    whenUnset:
      'with DEV_TOOLS=on a built-in mailbox at /dev/mail; otherwise mails wait in the outbox and /health/ready says so',
    read: url(['smtp:', 'smtps:']),
  },
  OPERATOR_KEY: {
    meaning: 'Bearer key of the operator. At least 24 characters.',
    whenUnset: 'made at first start and kept in DATA_DIR/operator-key',
    read: z.string().min(24, 'must have at least 24 characters'),
  },
  SECRET_KEY: {
    meaning: 'Keys for tokens and hashes are derived from it. At least 32 bytes.',
    whenUnset: 'made at first start and kept in DATA_DIR/secret-key; required with DATABASE_URL',
    read: z.string().refine((value) => Buffer.byteLength(value) >= 32, 'must have at least 32 bytes'),
  },
  SECRET_KEY_PREVIOUS: {
    meaning: 'The former SECRET_KEY while it is being replaced: tokens made with it still open.',
    whenUnset: 'none',
    read: z.string().refine((value) => Buffer.byteLength(value) >= 32, 'must have at least 32 bytes'),
  },
  ROLE: {
    meaning: 'Which part of the work this process does: all, web or worker.',
    whenUnset: 'all',
    read: z.enum(['all', 'web', 'worker'], 'must be all, web or worker'),
  },
  TRUST_PROXY: {
    meaning: 'Proxies whose X-Forwarded-For is believed: addresses, networks or names of ranges, separated by commas.',
    whenUnset: 'loopback',
    read: z
      .string()
      .refine(
        isProxyList,
        'must be addresses, networks or the names loopback, linklocal, uniquelocal, separated by commas',
      ),
  },
  DEMO: {
    meaning: 'Fill an empty database with the demo publication: on or off.',
    whenUnset: 'on only with the embedded database',
    read: onOff,
  },
  DEV_TOOLS: {
    meaning: 'The /dev/* routes: on or off.',
    whenUnset: 'on only when neither DATABASE_URL nor SMTP_URL is set and PUBLIC_URL is loopback',
    read: onOff,
  },
  LOG_LEVEL: {
    meaning: 'Least severe log lines written: debug, info, warn, error or silent.',
    whenUnset: 'info',
    read: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent'),
  },
  NODE_ENV: { meaning: 'With production, DEV_TOOLS=on is refused.', whenUnset: 'not production', read: z.string() },
} satisfies Record<string, Setting>;

export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  /** null = the embedded database under dataDir. */
  databaseUrl: string | null;
  dataDir: string;
  smtpUrl: string | null;
  operatorKey: string | null;
  secretKey: string | null;
  previousSecretKey: string | null;
  role: 'all' | 'web' | 'worker';
  trustProxy: string[];
  demo: boolean;
  devTools: boolean;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

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
    operatorKey: take('OPERATOR_KEY', SETTINGS.OPERATOR_KEY.read),
    secretKey: take('SECRET_KEY', SETTINGS.SECRET_KEY.read),
    previousSecretKey: take('SECRET_KEY_PREVIOUS', SETTINGS.SECRET_KEY_PREVIOUS.read),
    role: take('ROLE', SETTINGS.ROLE.read) ?? 'all',
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
  if (config.databaseUrl !== null && !env.OPERATOR_KEY && config.role !== 'all') {
    found.push('OPERATOR_KEY is required with DATABASE_URL when several processes share the work (ROLE)');
  }
  if (config.devTools && env.NODE_ENV === 'production') found.push('DEV_TOOLS must be off when NODE_ENV=production');
  return found;
}

/** True where only this machine can follow the link. */
export function isLoopbackUrl(value: string): boolean {
  return URL.canParse(value) && isLoopbackHost(new URL(value).hostname);
}

/** True for localhost and the loopback addresses; `host` comes without a port. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isProxyList(value: string): boolean {
  try {
    proxyAddr.compile(value.split(',').map((part) => part.trim()));
    return true;
  } catch {
    return false;
  }
}
