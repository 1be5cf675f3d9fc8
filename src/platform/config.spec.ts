import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ConfigError, isLoopbackHost, readConfig } from './config.js';

const SECRET = 'x'.repeat(32);
const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

const DKIM = { DKIM_DOMAIN: 'loaf.example', DKIM_SELECTOR: 'k1' };
const pemOf = ({ privateKey }: { privateKey: KeyObject }) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ed25519 = generateKeyPairSync('ed25519');

describe('readConfig', () => {
  it('takes a DKIM key with \\n for its line breaks', () => {
    const pem = pemOf(rsa);
    const { dkim } = readConfig({ ...DKIM, DKIM_PRIVATE_KEY: pem.replaceAll('\n', '\\n') });
    expect(dkim).toEqual({ domain: 'loaf.example', selector: 'k1', privateKey: pem });
    expect(readConfig({}).dkim).toBeNull();
  });

  it.each([
    [{}, 0],
    [{ DATABASE_URL: 'postgres://localhost/x', SECRET_KEY: SECRET }, 100],
    [{ DATABASE_URL: 'postgres://localhost/x', SECRET_KEY: SECRET, KEY_RATE: '0' }, 0],
    [{ KEY_RATE: '7' }, 7],
  ])('with %j a key may send %d requests a second', (env, rate) => {
    expect(readConfig(env).keyRate).toBe(rate);
  });

  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      databaseUrl: null,
      demo: true,
      devTools: true,
    });
  });

  it('counts an empty variable as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null });
  });

  it('lists every problem at once', () => {
    const problems = problemsOf({
      PORT: 'http',
      DATABASE_URL: 'mysql://x',
      ROLE: 'boss',
      TRUST_PROXY: 'true',
      DEMO: 'yes',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'ROLE',
      'TRUST_PROXY',
      'DEMO',
    ]);
  });

  it.each([
    ['DATABASE_URL without SECRET_KEY', { DATABASE_URL: 'postgres://localhost/x' }, /SECRET_KEY is required/],
    ['a short SECRET_KEY', { SECRET_KEY: 'short' }, /32 bytes/],
    ['a short OPERATOR_KEY', { OPERATOR_KEY: 'short' }, /24 characters/],
    ['DEV_TOOLS in production', { DEV_TOOLS: 'on', NODE_ENV: 'production' }, /DEV_TOOLS must be off/],
    ['a port out of range', { PORT: '65536' }, /0 to 65535/],
    ['an SMTP_URL of another protocol', { SMTP_URL: 'http://mail' }, /smtp:\/\//],
    ['an SMTP_URL with an unknown option', { SMTP_URL: 'smtp://mail?tls.rejectUnauthorized=false' }, /takes only/],
    ['an SMTP_URL with a wrong value', { SMTP_URL: 'smtp://mail?requireTLS=yes' }, /takes only/],
    ['a KEY_RATE that is no number', { KEY_RATE: 'many' }, /KEY_RATE must be a number/],
    ['a worker on the embedded database', { ROLE: 'worker' }, /ROLE=worker needs DATABASE_URL/],
    [
      'DKIM_DOMAIN alone',
      { DKIM_DOMAIN: 'loaf.example' },
      /DKIM_PRIVATE_KEY_FILE is missing[^]*DKIM_SELECTOR is missing/,
    ],
    ['a DKIM key that is none', { ...DKIM, DKIM_PRIVATE_KEY: 'secret' }, /no private key in PEM/],
    ['a DKIM key of another kind', { ...DKIM, DKIM_PRIVATE_KEY: pemOf(ed25519) }, /must be an RSA key/],
    ['a DKIM key file that is not there', { ...DKIM, DKIM_PRIVATE_KEY_FILE: '/nowhere' }, /cannot be read \(ENOENT\)/],
    ['two DKIM keys', { ...DKIM, DKIM_PRIVATE_KEY: 'x', DKIM_PRIVATE_KEY_FILE: 'y' }, /both set/],
  ])('refuses %s', (_, env, message) => {
    expect(problemsOf(env).join('\n')).toMatch(message);
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'production' }, false],
    [{ PUBLIC_URL: 'https://share.loaf.example' }, false],
    [{ SMTP_URL: 'smtp://127.0.0.1:25' }, false],
    [{ DATABASE_URL: 'postgres://localhost/x', SECRET_KEY: SECRET }, false],
    [{ DATABASE_URL: 'postgres://localhost/x', SECRET_KEY: SECRET, DEV_TOOLS: 'on' }, true],
  ])('with %j the developer tools are on: %s', (env, on) => {
    expect(readConfig(env).devTools).toBe(on);
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['localhost.evil.example', false],
  ['128.0.0.1', false],
  ['127.0.0.1.evil.example', false],
])('%s is this machine: %s', (host, here) => {
  expect(isLoopbackHost(host)).toBe(here);
});
