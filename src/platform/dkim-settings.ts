import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What outgoing mails are signed with. */
export interface Dkim {
  domain: string;
  selector: string;
  /** PEM of an RSA key; its public half is in DNS under `{selector}._domainkey.{domain}`. */
  privateKey: string;
}

/** What the environment says, unread: null where it says nothing. */
interface Given {
  domain: string | null;
  selector: string | null;
  privateKey: string | null;
  privateKeyFile: string | null;
}

/** Puts the DKIM settings together. Mails are signed with all of them or not at all: half of them is a mistake, told in `problems`. */
export function readDkim(given: Given, problems: string[]): Dkim | null {
  const { domain, selector, privateKeyFile } = given;
  if (domain === null && selector === null && given.privateKey === null && privateKeyFile === null) return null;
  if (given.privateKey !== null && privateKeyFile !== null) {
    problems.push('DKIM_PRIVATE_KEY and DKIM_PRIVATE_KEY_FILE are both set; keep one');
    return null;
  }
  const privateKey = readKey(given, problems);
  if (domain === null) problems.push('DKIM_DOMAIN is missing: the other DKIM settings need it');
  if (selector === null) problems.push('DKIM_SELECTOR is missing: the other DKIM settings need it');
  return domain === null || selector === null || privateKey === null ? null : { domain, selector, privateKey };
}

function readKey({ privateKey, privateKeyFile }: Given, problems: string[]): string | null {
  const name = privateKeyFile === null ? 'DKIM_PRIVATE_KEY' : 'DKIM_PRIVATE_KEY_FILE';
  try {
    // Many ways of setting a variable cannot hold a line break, so that keys are written with \n for one.
    const pem = privateKeyFile === null ? privateKey?.replaceAll('\\n', '\n') : readFileSync(privateKeyFile, 'utf8');
    if (pem === undefined) {
      problems.push('DKIM_PRIVATE_KEY or DKIM_PRIVATE_KEY_FILE is missing: the other DKIM settings need it');
      return null;
    }
    const key = createPrivateKey(pem);
    // RFC 8301: receivers need not believe RSA keys under 1024 bits; nodemailer signs with RSA alone.
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 1_024) return pem;
    problems.push(`${name} must be an RSA key of at least 1024 bits`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    problems.push(`${name} ${/^E[A-Z]+$/.test(code) ? `cannot be read (${code})` : 'is no private key in PEM'}`);
  }
  return null;
}
