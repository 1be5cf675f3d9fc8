import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';
import { type Failpoint, FAILPOINTS } from './failpoints.js';

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
    meaning:
      'Where mails are handed over: smtp://user:pass@host:port, or smtps:// for TLS from the start. With smtp:// TLS is used where the server offers it; ?requireTLS=true hands nothing over without, ?ignoreTLS=true does not ask for it (a relay on this machine). Certificates are checked.',
    whenUnset:
      'with DEV_TOOLS=on a built-in mailbox at /dev/mail; otherwise mails wait in the outbox and /health/ready says so',
    read: url(['smtp:', 'smtps:']).refine(
      hasKnownParameters,
      'takes only ?requireTLS=, ?ignoreTLS= (true or false) and ?name=',
    ),
  },
  DKIM_DOMAIN: {
    meaning: 'Domain that mails are signed for (DKIM). Mails are signed when DKIM_SELECTOR and a key are set too.',
    whenUnset: 'mails are not signed here',
    read: z.string().regex(/^([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/i, 'must be a domain'),
  },
  DKIM_SELECTOR: {
    meaning: 'The public key is the TXT record {DKIM_SELECTOR}._domainkey.{DKIM_DOMAIN}.',
    whenUnset: 'mails are not signed here',
    read: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a selector such as k1'),
  },
  DKIM_PRIVATE_KEY: {
    meaning: 'The RSA private key in PEM; \\n stands for a line break. Or DKIM_PRIVATE_KEY_FILE.',
    whenUnset: 'mails are not signed here',
    read: z.string(),
  },
  DKIM_PRIVATE_KEY_FILE: {
    meaning: 'File with the RSA private key in PEM, read once at the start.',
    whenUnset: 'mails are not signed here',
    read: z.string(),
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
  KEY_RATE: {
    meaning: 'API requests a second for each key and process, 0 = no limit.',
    whenUnset: '0 with the embedded database, else 100',
    read: z.coerce.number('must be a number').int('must be a whole number').min(0, 'must be 0 or more'),
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
  FAILPOINT: {
    meaning: `For tests: the process dies as by kill -9 when it comes to this point, {name}:kill. Names: ${FAILPOINTS.join(', ')}.`,
    whenUnset: 'it does not',
    read: z
      .enum(
        FAILPOINTS.map((name) => `${name}:kill` as const),
        `must be {name}:kill with one of ${FAILPOINTS.join(', ')}`,
      )
      .transform((value) => value.slice(0, -':kill'.length) as Failpoint),
  },
  NODE_ENV: {
    meaning: 'With production, DEV_TOOLS=on and FAILPOINT are refused.',
    whenUnset: 'not production',
    read: z.string(),
  },
} satisfies Record<string, Setting>;

/** nodemailer would take any option from the URL, `tls.rejectUnauthorized=false` among them; a typing error would be ignored. */
function hasKnownParameters(value: string): boolean {
  if (!URL.canParse(value)) return true; // said by the check before
  return [...new URL(value).searchParams].every(
    ([name, text]) => name === 'name' || (/^(requireTLS|ignoreTLS)$/.test(name) && /^(true|false)$/.test(text)),
  );
}

function isProxyList(value: string): boolean {
  try {
    proxyAddr.compile(value.split(',').map((part) => part.trim()));
    return true;
  } catch {
    return false;
  }
}
