import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from './config.js';

export interface Secrets {
  /** The current secret first, then the previous one while it is being replaced. */
  secretKeys: string[];
  operatorKey: string;
  /** Where the operator key was stored, or null when the environment gave it. */
  operatorKeyFile: string | null;
}

/** Takes the secrets from the settings, or from DATA_DIR, where they are made (mode 600) at the first start. */
export function loadSecrets(config: Config): Secrets {
  const operatorKeyFile = config.operatorKey === null ? path.join(config.dataDir, 'operator-key') : null;
  const secretKey = config.secretKey ?? keptIn(path.join(config.dataDir, 'secret-key'), '');
  return {
    secretKeys: config.previousSecretKey === null ? [secretKey] : [secretKey, config.previousSecretKey],
    operatorKey: config.operatorKey ?? keptIn(operatorKeyFile ?? '', 'kuchikomi_operator_'),
    operatorKeyFile,
  };
}

function keptIn(file: string, prefix: string): string {
  if (!existsSync(file)) makeSecret(file, prefix);
  return readFileSync(file, 'utf8').trim();
}

/** Written whole and then linked: of two processes that start together the second takes what the first made, never half of it. */
function makeSecret(file: string, prefix: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${prefix}${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** What the database remembers of a secret key: enough to know it again, nothing to derive from. */
export function fingerprint(secretKey: string): string {
  return createHash('sha256').update(`kuchikomi/fingerprint/${secretKey}`).digest('base64url').slice(0, 22);
}

/** API keys are 256 random bits, so a plain SHA-256 is enough: there is nothing to guess. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
