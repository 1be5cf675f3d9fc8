type AliasRule = { domain?: string; removed?: RegExp; separator?: string };

/** How big providers map many addresses to one mailbox. `+tag` is cut everywhere before these. Each from the provider's help pages. */
export const ALIAS_RULES: ReadonlyMap<string, AliasRule> = new Map<string, AliasRule>([
  ...of(['gmail.com', 'googlemail.com'], { domain: 'gmail.com', removed: /\./g }),
  // Yandex gives each mailbox all its domains, and reads `-` and `.` alike.
  ...of(
    [
      'yandex.ru',
      'yandex.com',
      'yandex.by',
      'yandex.kz',
      'yandex.ua',
      'yandex.uz',
      'yandex.com.tr',
      'ya.ru',
      'narod.ru',
    ],
    { domain: 'yandex.ru', removed: /[.-]/g },
  ),
  ...of(['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'], { domain: 'proton.me', removed: /[._-]/g }),
  ...of(['icloud.com', 'me.com', 'mac.com'], { domain: 'icloud.com' }),
  // base-keyword@ (Yahoo JAPAN: safety addresses). Countries keep separate mailboxes, so the domain stays.
  ...of(
    [
      'yahoo.co.jp',
      'yahoo.com',
      'yahoo.co.uk',
      'yahoo.fr',
      'yahoo.de',
      'yahoo.it',
      'yahoo.es',
      'yahoo.ca',
      'yahoo.in',
      'yahoo.co.in',
      'yahoo.co.id',
      'yahoo.com.au',
      'yahoo.com.br',
      'yahoo.com.mx',
      'yahoo.com.ar',
      'yahoo.com.hk',
      'yahoo.com.tw',
      'yahoo.com.sg',
      'yahoo.com.ph',
      'yahoo.com.vn',
      'yahoo.ie',
      'yahoo.gr',
      'ymail.com',
      'ymail.ne.jp',
      'rocketmail.com',
      'myyahoo.com',
    ],
    { separator: '-' },
  ),
]);

function of(domains: readonly string[], rule: AliasRule): [string, AliasRule][] {
  return domains.map((domain) => [domain, rule]);
}

/**
 * The key under which addresses of one mailbox meet, for fraud checks only: two of them are one person's, but not one reader.
 * @param lowerLocal local part in ASCII lower case
 * @param domain ASCII, lower case
 */
export function abuseKey(lowerLocal: string, domain: string): string {
  const rule = ALIAS_RULES.get(domain);
  let local = before(lowerLocal, '+');
  if (rule?.separator) local = before(local, rule.separator);
  // A local part of nothing but what is removed would make one key for strangers; it keeps itself.
  if (rule?.removed) local = local.replace(rule.removed, '') || local;
  return `${local}@${rule?.domain ?? domain}`;
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at > 0 ? text.slice(0, at) : text;
}
