import { domainToASCII, domainToUnicode } from 'node:url';
import { getDomain } from 'tldts';
import { abuseKey } from './abuse-key.js';

/** One address, taken apart once at the edge; everything behind it uses these parts and never the typed text. */
export type Address = {
  /** Where mail is sent: the local part as typed, the domain in ASCII lower case. Printable ASCII, at most 254 octets. */
  address: string;
  /** As typed, without the white space around it. For showing it back to its owner only. */
  typed: string;
  /** Identity (`email_key`): one reader of a publication has one. */
  emailKey: string;
  /** Fraud only (`abuse_key`): the same for all aliases of one mailbox that are known to be aliases. Never a place to send to. */
  abuseKey: string;
  /** ASCII, lower case, without a trailing dot. */
  domain: string;
  /** The part of the domain that somebody registered, e.g. `example.co.jp` of `mail.example.co.jp`. */
  registrableDomain: string;
};

export type ParsedAddress = { ok: true; address: Address } | { ok: false; message: string };

const SHAPE = 'An address looks like name@example.com';

// RFC 5321 4.5.3.1: local part 64 octets, path 256 octets with its angle brackets.
const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
// A typed international domain is longer than its punycode never by this much; it only bounds the work below.
const MAX_TYPED = 1000;

// RFC 5322 3.2.3 atext. A quoted local part is legal but refused: no big provider gives one out, and it is where CR, LF and commas hide.
const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
const ASCII_DOMAIN = /^[A-Za-z0-9.-]+$/;
// domainToASCII is the URL parser's: it drops zero-width characters, decodes %2e and stops at `/`, so only what a
// domain can be made of may reach it: letters, marks, digits, hyphens, dots (also full-width), and two middle dots.
const INTERNATIONAL_DOMAIN = /^[\p{L}\p{M}\p{N}.\-\u3002\uFF0E\uFF61\u00B7\u30FB]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Every top-level domain is two or more letters, or punycode (RFC 3696 2). An unknown one passes: new ones appear monthly.
const TOP_LEVEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
// What a reader cannot see; said apart, since "not allowed" about an invisible character helps nobody.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const FULL_WIDTH = /[\uFF01-\uFF5E\u3000]/;

/**
 * Reads an address as a person or a site typed it.
 *
 * Stricter than RFC 5322 on purpose: no quoted local part, comment, address literal, single-label or numeric top-level
 * domain, and no local part outside ASCII (it needs SMTPUTF8, RFC 6531, on every server on the way; Amazon SES for one
 * has none, so the confirm mail would never arrive). International domains are kept as punycode (UTS 46).
 * White space around the address (tab, LF, FF, CR, space) is what copying adds, and is cut.
 *
 * `message` is one English sentence for an API user or a reader, without a full stop, and never repeats the input.
 */
export function parseAddress(raw: string): ParsedAddress {
  const typed = trimAscii(raw);
  if (typed === '') return refuse(SHAPE);
  if (typed.length > MAX_TYPED) return refuse(`The address is longer than ${MAX_ADDRESS} octets`);
  if (INVISIBLE.test(typed)) return refuse('The address contains invisible characters');
  if (typed.startsWith('"')) return refuse('An address with a quoted part before the @ is not accepted');

  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, at);
  if (at < 0 && !typed.includes('\uFF20')) return refuse(SHAPE);
  if (at < 0 || FULL_WIDTH.test(local)) {
    return refuse('The address contains full-width characters; an address looks like name@example.com');
  }
  const localProblem = problemOfLocalPart(local);
  if (localProblem) return refuse(localProblem);

  const domain = asciiDomain(typed.slice(at + 1));
  if (!domain.ok) return domain;
  const address = `${local}@${domain.domain}`;
  if (address.length > MAX_ADDRESS) return refuse(`The address is longer than ${MAX_ADDRESS} octets`);
  const lowerLocal = local.toLowerCase();
  const registrableDomain = registrableDomainOf(domain.domain);
  return {
    ok: true,
    address: {
      address,
      typed,
      emailKey: `${lowerLocal}@${domain.domain}`,
      abuseKey: abuseKey(lowerLocal, domain.domain),
      domain: domain.domain,
      registrableDomain,
    },
  };
}

/** The part of an ASCII domain that somebody registered, private suffixes (`github.io`) included; the domain itself where there is none. */
export function registrableDomainOf(domain: string): string {
  // Options off: the domain is already checked, and validating again is most of what tldts costs.
  return getDomain(domain, { allowPrivateDomains: true, extractHostname: false, validateHostname: false }) ?? domain;
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

function trimAscii(text: string): string {
  return text.replace(/^[\t\n\f\r ]+/, '').replace(/(?<![\t\n\f\r ])[\t\n\f\r ]+$/, '');
}

function problemOfLocalPart(local: string): string | null {
  if (local === '') return `${SHAPE}; the part before the @ is missing`;
  if (local.length > MAX_LOCAL) return `The part before the @ is longer than ${MAX_LOCAL} octets`;
  if (local.includes('@')) return 'The address contains more than one @';
  if (local.startsWith('.') || local.endsWith('.')) return 'The part before the @ starts or ends with a dot';
  if (local.includes('..')) return 'The part before the @ contains two dots in a row';
  if (/\s/.test(local)) return 'The address contains a space';
  if (/[^\x20-\x7e]/.test(local)) {
    return 'The part before the @ may hold ASCII characters only; many mail servers cannot deliver to others';
  }
  for (const atom of local.split('.')) {
    if (!ATOM.test(atom)) return 'The part before the @ contains a character that is not allowed';
  }
  return null;
}

function asciiDomain(typed: string): { ok: true; domain: string } | { ok: false; message: string } {
  if (typed === '') return refuse(`${SHAPE}; the part after the @ is missing`);
  if (typed.startsWith('[')) return refuse('An IP address after the @ is not accepted');
  let domain: string;
  if (ASCII_DOMAIN.test(typed)) domain = typed.toLowerCase();
  else if (INTERNATIONAL_DOMAIN.test(typed)) domain = domainToASCII(typed);
  else return refuse('The part after the @ contains a character that is not allowed');

  if (domain === '') return refuse('The part after the @ is not a valid domain');
  const labels = domain.split('.');
  const top = labels[labels.length - 1] ?? '';
  if (labels.some((label) => label === '')) return refuse('The part after the @ has a dot too many');
  if (labels.some((label) => label.length > 63)) return refuse('A part of the domain is longer than 63 octets');
  if (!labels.every((label) => LABEL.test(label))) return refuse('A part of the domain starts or ends with a hyphen');
  if (labels.every((label) => /^\d+$/.test(label))) return refuse('An IP address after the @ is not accepted');
  if (labels.length < 2) return refuse(`${SHAPE}; the domain has no dot`);
  if (!TOP_LEVEL.test(top)) return refuse('The domain does not end like one, for example with .com');
  if (domain.includes('xn--') && !isWholePunycode(domain)) return refuse('The part after the @ is not a valid domain');
  return { ok: true, domain };
}

/**
 * Punycode that decodes to nothing, or to what should have been typed otherwise, would be a second spelling of a domain.
 * Node 20 answers '' for what decodes to nothing, Node 24 the label as it was.
 */
function isWholePunycode(domain: string): boolean {
  const isDecoded = !domainToUnicode(domain)
    .split('.')
    .some((label) => label.startsWith('xn--'));
  return isDecoded && domainToASCII(domain) === domain;
}
