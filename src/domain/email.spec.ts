import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, registrableDomainOf } from './email.js';
import { isDisposable, isFreeMail } from './mail-providers.js';

function accepted(raw: string) {
  const parsed = parseAddress(raw);
  if (!parsed.ok) throw new Error(`${JSON.stringify(raw)} was refused: ${parsed.message}`);
  return parsed.address;
}

function refusal(raw: string): string {
  const parsed = parseAddress(raw);
  return parsed.ok ? `accepted as ${parsed.address.address}` : parsed.message;
}

const local64 = 'a'.repeat(64);
const label63 = 'b'.repeat(63);
// 64 + 1 + 63 + 1 + 63 + 1 + 57 + 4 = 254
const longest = `${local64}@${label63}.${label63}.${'c'.repeat(57)}.com`;

describe('parseAddress: what is kept', () => {
  it.each([
    ['ana@loaf.example', 'ana@loaf.example', 'ana@loaf.example'],
    ['  Ana.Smith@Loaf.EXAMPLE\r\n', 'Ana.Smith@loaf.example', 'ana.smith@loaf.example'],
    ['!#$%&`*+/=?^{|}~-_@loaf.example', '!#$%&`*+/=?^{|}~-_@loaf.example', '!#$%&`*+/=?^{|}~-_@loaf.example'],
    ["o'brien@loaf.example", "o'brien@loaf.example", "o'brien@loaf.example"],
    ['ana@bücher.de', 'ana@xn--bcher-kva.de', 'ana@xn--bcher-kva.de'],
    ['ana@例え。jp', 'ana@xn--r8jz45g.jp', 'ana@xn--r8jz45g.jp'],
    ['ana@ＥＸＡＭＰＬＥ．ｃｏｍ', 'ana@example.com', 'ana@example.com'],
    ['ana@faß.de', 'ana@xn--fa-hia.de', 'ana@xn--fa-hia.de'],
    ['ana@xn--bcher-kva.de', 'ana@xn--bcher-kva.de', 'ana@xn--bcher-kva.de'],
    ['a@x.co', 'a@x.co', 'a@x.co'],
    ['ana@mail.loaf.xn--jxalpdlp', 'ana@mail.loaf.xn--jxalpdlp', 'ana@mail.loaf.xn--jxalpdlp'],
    ['ana@c--n.com', 'ana@c--n.com', 'ana@c--n.com'],
    [`${local64}@loaf.example`, `${local64}@loaf.example`, `${local64}@loaf.example`],
    [`a@${label63}.com`, `a@${label63}.com`, `a@${label63}.com`],
    [longest, longest, longest],
  ])('%j is sent to %j and known as %j', (raw, address, emailKey) => {
    expect(accepted(raw)).toMatchObject({ address, emailKey });
  });

  it('keeps what was typed, without the white space around it', () => {
    expect(accepted(' Ana@Bücher.de ')).toEqual({
      typed: 'Ana@Bücher.de',
      address: 'Ana@xn--bcher-kva.de',
      emailKey: 'ana@xn--bcher-kva.de',
      abuseKey: 'ana@xn--bcher-kva.de',
      domain: 'xn--bcher-kva.de',
      registrableDomain: 'xn--bcher-kva.de',
    });
  });

  it.each([
    ['a@mail.example.co.jp', 'example.co.jp'],
    ['a@example.co.jp', 'example.co.jp'],
    ['a@news.loaf.com', 'loaf.com'],
    ['a@deep.ana.github.io', 'ana.github.io'],
    ['a@a.loaf.example', 'loaf.example'],
  ])('%s belongs to %s', (raw, registrableDomain) => {
    expect(accepted(raw).registrableDomain).toBe(registrableDomain);
  });

  it('a public suffix without a name is its own registrable domain', () => {
    expect(registrableDomainOf('co.jp')).toBe('co.jp');
  });
});

describe('parseAddress: what is refused, and the reason given', () => {
  it.each([
    ['', /looks like name@example\.com/],
    ['   ', /looks like name@example\.com/],
    ['ana', /looks like name@example\.com/],
    ['@loaf.example', /before the @ is missing/],
    ['ana@', /after the @ is missing/],
    ['ana@loaf', /no dot/],
    ['ana@localhost', /no dot/],
    ['ana@loaf.example.', /dot too many/],
    ['ana@loaf..example', /dot too many/],
    ['ana@.loaf.example', /dot too many/],
    ['.ana@loaf.example', /starts or ends with a dot/],
    ['ana.@loaf.example', /starts or ends with a dot/],
    ['a..na@loaf.example', /two dots/],
    ['ana@bob@loaf.example', /more than one @/],
    ['ana,bob@loaf.example', /not allowed/],
    ['ana@loaf.example,bob@loaf.example', /more than one @/],
    ['Ana <ana@loaf.example>', /space/],
    ['<ana@loaf.example>', /not allowed/],
    ['ana;@loaf.example', /not allowed/],
    ['ana(x)@loaf.example', /not allowed/],
    ['"ana"@loaf.example', /quoted/],
    ['"a\r\nBcc: x"@loaf.example', /invisible/],
    ['ana\r\nBcc:bob@loaf.example', /invisible/],
    ['ana\u0000@loaf.example', /invisible/],
    ['a\u200bna@loaf.example', /invisible/],
    ['ana@lo\u200baf.example', /invisible/],
    ['ana@lo\u00adaf.example', /invisible/],
    ['ana@lo\u200daf.example', /invisible/],
    ['ana\u202e@loaf.example', /invisible/],
    ['ana@loaf\u2066.example', /invisible/],
    ['ana\ud800@loaf.example', /invisible/],
    ['ana@\udc00loaf.example', /invisible/],
    ['\ufeffana@loaf.example', /invisible/],
    ['ana @loaf.example', /space/],
    ['ana@loaf .example', /not allowed/],
    ['ana@loaf%2eexample', /not allowed/],
    ['ana@loaf.example/x', /not allowed/],
    ['ana@loaf.example:25', /not allowed/],
    ['ana@lo_af.example', /not allowed/],
    ['ana@[192.0.2.1]', /IP address/],
    ['ana@[IPv6:2001:db8::1]', /IP address/],
    ['ana@192.0.2.1', /IP address/],
    ['ana@１９２.0.2.1', /IP address/],
    ['ana@0x7f.1', /does not end like one/],
    ['ana@loaf.123', /does not end like one/],
    ['ana@loaf.e', /does not end like one/],
    ['ana@loaf.co-uk', /does not end like one/],
    ['ana@-loaf.example', /hyphen/],
    ['ana@loaf-.example', /hyphen/],
    ['ana@xn--a.com', /not a valid domain/],
    ['用户@loaf.example', /ASCII/],
    ['josé@loaf.example', /ASCII/],
    ['ａｎａ@loaf.example', /full-width/],
    ['ana＠loaf.example', /full-width/],
    [`${local64}a@loaf.example`, /longer than 64/],
    [`a@${label63}b.com`, /longer than 63/],
    [`a${longest.slice(0, 63)}${longest.slice(64)}`.replace('.com', 'c.com'), /longer than 254/],
    [`${'a'.repeat(2000)}@loaf.example`, /longer than 254/],
  ])('%j', (raw, message) => {
    expect(refusal(raw)).toMatch(message);
  });

  it('never repeats the input, so that a message can be logged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 12 }), (raw) => {
        const parsed = parseAddress(raw);
        return parsed.ok || !parsed.message.includes(raw);
      }),
    );
  });
});

describe('parseAddress: properties', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })).map(([a, b]) => `${a}@${b}.com`),
    fc
      .tuple(
        fc.constantFrom('ana', 'a+b', 'A.B'),
        fc.string({ unit: 'binary', maxLength: 5 }),
        fc.constantFrom('loaf.com', 'Gmail.com', '例え.jp'),
      )
      .map(([a, x, d]) => `${a}${x}@${x}${d}`),
  );

  it('never throws, and what it accepts is one plain SMTP path', () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const parsed = parseAddress(raw);
        if (!parsed.ok) return;
        expect(parsed.address.address).toMatch(/^[\x21-\x7e]+$/);
        expect(parsed.address.address).not.toMatch(/[\s",;:<>()[\]\\]/);
        expect(parsed.address.address.split('@')).toHaveLength(2);
        expect(parsed.address.address.length).toBeLessThanOrEqual(254);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads its own result as itself', () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const parsed = parseAddress(raw);
        if (!parsed.ok) return;
        expect(accepted(parsed.address.address)).toEqual({ ...parsed.address, typed: parsed.address.address });
      }),
      { numRuns: 2000 },
    );
  });

  it('one mailbox of one spelling has one identity: letter case never matters to the keys', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (raw) => {
        const parsed = parseAddress(raw);
        if (!parsed.ok) return;
        const shouted = accepted(raw.toUpperCase());
        expect([shouted.emailKey, shouted.abuseKey]).toEqual([parsed.address.emailKey, parsed.address.abuseKey]);
      }),
    );
  });
});

describe('abuse key', () => {
  it.each([
    ['ana+one@loaf.example', 'ana@loaf.example'],
    ['ana+one+two@loaf.example', 'ana@loaf.example'],
    ['+ana@loaf.example', '+ana@loaf.example'],
    ['a.n.a@loaf.example', 'a.n.a@loaf.example'],
    ['a.n.A+x@gmail.com', 'ana@gmail.com'],
    ['ana@googlemail.com', 'ana@gmail.com'],
    ['ana-shop@yahoo.com', 'ana@yahoo.com'],
    ['ana-shop@yahoo.co.jp', 'ana@yahoo.co.jp'],
    ['ana@yahoo.fr', 'ana@yahoo.fr'],
    ['ana-shop@loaf.example', 'ana-shop@loaf.example'],
    ['ana.smith@yandex.com', 'anasmith@yandex.ru'],
    ['ana-smith@ya.ru', 'anasmith@yandex.ru'],
    ['ana_smith@pm.me', 'anasmith@proton.me'],
    ['ana@me.com', 'ana@icloud.com'],
  ])('%s is %s', (raw, abuseKey) => {
    expect(accepted(raw).abuseKey).toBe(abuseKey);
  });

  it('leaves the identity alone: an alias may sign up', () => {
    expect(accepted('a.n.a+x@gmail.com').emailKey).toBe('a.n.a+x@gmail.com');
  });

  it.each(['-@ya.ru', '_@proton.me'])('%s does not become everybody', (raw) => {
    expect(accepted(raw).abuseKey).toMatch(/^.+@/);
  });
});

describe('isDisposable', () => {
  it.each([
    ['mailinator.com', true],
    ['anything.mailinator.com', true],
    ['yopmail.com', true],
    ['kuku.lu', true],
    ['15963.fr.nf', true],
    ['fr.nf', false],
    ['loaf-mailinator.com', false],
    ['mailinator.com.loaf.example', false],
    ['gmail.com', false],
    ['loaf.example', false],
    ['docomo.ne.jp', false],
    ['co.jp', false],
    ['duck.com', false],
    ['mozmail.com', false],
    ['privaterelay.appleid.com', false],
    ['addy.io', false],
    ['ana.anonaddy.me', false],
    ['simplelogin.com', false],
    ['passmail.net', false],
    // on the list, and a relay that people pay for
    ['opayq.com', false],
  ])('%s: %s', (domain, disposable) => {
    expect(isDisposable(domain)).toBe(disposable);
  });
});

describe('isFreeMail', () => {
  it.each([
    ['gmail.com', true],
    ['yahoo.co.jp', true],
    ['docomo.ne.jp', true],
    ['ezweb.ne.jp', true],
    ['i.softbank.jp', true],
    ['t.vodafone.ne.jp', true],
    ['nifty.com', true],
    ['mtj.biglobe.ne.jp', true],
    ['duck.com', true],
    ['privaterelay.appleid.com', true],
    ['hiver.example', false],
    ['toyota.co.jp', false],
    ['apple.com', false],
    ['softbank.co.jp', false],
    ['yahoo-inc.com', false],
  ])('%s: %s', (domain, free) => {
    expect(isFreeMail(domain)).toBe(free);
  });
});

const testData = process.env['TEST_DATA'];
describe.skipIf(!testData)(
  testData ? 'dominicsayers/isemail' : 'dominicsayers/isemail (skipped: TEST_DATA is not set)',
  () => {
    type Case = { id: number; address: string; category: string; diagnosis: string };
    const cases = testData ? (JSON.parse(readFileSync(join(testData, 'isemail', 'tests.json'), 'utf8')) as Case[]) : [];
    // What the standard allows and we refuse: a top-level domain alone, of one letter, or with a hyphen.
    const stricter = (address: string) => /@io$|[.][a-z]$|[.]co-uk$/.test(address);
    const around = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;

    it('has the cases', () => {
      expect(cases).toHaveLength(164);
    });

    it.each(
      cases.filter(
        (c) => (c.category === 'ISEMAIL_VALID_CATEGORY' || c.category === 'ISEMAIL_DNSWARN') && !stricter(c.address),
      ),
    )('$id $diagnosis is accepted', ({ address }) => {
      expect(accepted(address).address).toBe(address);
    });

    it.each(
      cases.filter(
        (c) =>
          (c.category !== 'ISEMAIL_VALID_CATEGORY' &&
            c.category !== 'ISEMAIL_DNSWARN' &&
            c.address.replace(around, '') === c.address) ||
          stricter(c.address),
      ),
    )('$id $diagnosis is refused', ({ address }) => {
      expect(parseAddress(address).ok).toBe(false);
    });

    it.each(cases.filter((c) => c.address.replace(around, '') !== c.address))(
      '$id white space around an address does not decide',
      ({ address }) => {
        expect(parseAddress(address).ok).toBe(parseAddress(address.replace(around, '')).ok);
      },
    );
  },
);
