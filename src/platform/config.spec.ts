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

describe('readConfig', () => {
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
