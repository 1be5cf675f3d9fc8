import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { ringArcs } from './ring.js';
import { compileTemplate, createEnvironment, PROJECT_ROOT, readTemplates } from './templates.js';
import { readCatalogues, sayDay, Words } from './words.js';

describe('the templates', () => {
  it('never put anything on a page unescaped', () => {
    for (const folder of ['pages', 'partials', 'mail', 'blocks']) {
      for (const [name, text] of readTemplates(path.join(PROJECT_ROOT, 'templates', folder))) {
        expect.soft(text, name).not.toMatch(/\{\{~?[{&]/);
      }
    }
  });

  it('stop the start when one is broken', () => {
    expect(() => compileTemplate(createEnvironment({}), 'x', '{{#if a}}')).toThrow(/templates: x: /);
    expect(() => compileTemplate(createEnvironment({}), 'x', '{{nohelper a}}')).toThrow(/unknown helper nohelper/);
  });
});

describe('the words', () => {
  const catalogues = readCatalogues();
  const argumentsOf = (message: string) => [...new Set(names(new IntlMessageFormat(message, 'en').getAst()))].sort();

  it('are the same keys in the same order in every language', () => {
    expect(Object.keys(catalogues.ja)).toEqual(Object.keys(catalogues.en));
  });

  it('take the same arguments in every language', () => {
    for (const [key, message] of Object.entries(catalogues.en)) {
      expect.soft(argumentsOf(catalogues.ja[key]!), key).toEqual(argumentsOf(message));
    }
  });

  it('are all used', () => {
    const templates = ['pages', 'partials']
      .flatMap((folder) => [...readTemplates(path.join(PROJECT_ROOT, 'templates', folder)).values()])
      .join('\n');
    const made =
      /^(appealed\..+|friends\.(waiting|counted|refused)|footer\.(\w+\.(title|line|plain)|number|of|share)$|friend\..+\.(chip|text)|friend\.appeal\.(asked|kept)$|channel\.|grant\.|join\.heardFrom\.|field\.|requirement\.|reason\.|card\.(issue|article|newsletter|recommended)$|share\.wordsProblem\.)/; // keys that are put together, by templates with (key …)
    const staff = path.join(PROJECT_ROOT, 'src/http/staff');
    const sources = readdirSync(staff)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(path.join(staff, file), 'utf8'))
      .join('\n');
    /** Of the pages for staff: put together by a template, or by their code, which names the key or what follows `flash` and the like. */
    const isStaffs = (key: string): boolean => {
      const parts = key.split('.');
      const isPutTogether = parts.some((_, n) => n > 0 && templates.includes(`(key "${parts.slice(0, n).join('.')}" `));
      return (
        isPutTogether ||
        sources.includes(`'${key}'`) ||
        sources.includes(`\`${parts.slice(0, -1).join('.')}.\${`) ||
        sources.includes(`'${parts.slice(1).join('.')}'`)
      );
    };
    for (const key of Object.keys(catalogues.en)) {
      expect.soft(made.test(key) || templates.includes(`"${key}"`) || isStaffs(key), key).toBe(true);
    }
  });

  it('escape arguments inside markup and refuse to be said without them', () => {
    const words = new Words({ en: { a: 'To <mailbox>{who}</mailbox> & <a>there</a>' }, ja: {} });
    expect(String(words.say('en', 'a', { who: '<i>', href: '/"x' }))).toBe(
      'To <b class="mailbox">&lt;i&gt;</b> &amp; <a href="/&quot;x">there</a>',
    );
    expect(() => words.say('en', 'a', { href: '/' })).toThrow(/who/);
    expect(() => words.say('en', 'b', {})).toThrow(/no b/);
  });

  it('tell a day in the zone of the publication, with the year where it is another', () => {
    const now = new Date('2026-11-21T09:00:00Z');
    const late = new Date('2026-11-20T23:30:00Z');
    expect(sayDay('en', late, now, 'Europe/London')).toBe('20 November');
    expect(sayDay('ja', late, now, 'Asia/Tokyo')).toBe('11月21日');
    expect(sayDay('en', new Date('2025-12-31T12:00:00Z'), now, 'UTC')).toBe('31 December 2025');
  });
});

describe('a ring', () => {
  it('has one arc for each friend', () => {
    expect(ringArcs(2, 3, 45, 5)).toEqual({ all: '0.947 0.053', have: '0.947 0.053 0.947 3', turn: -86.817 });
    expect(ringArcs(9, 3, 45, 5).have.split(' ')).toHaveLength(6);
  });

  it('is one unbroken arc where the gaps would eat the arcs', () => {
    expect(ringArcs(12, 40, 25, 3)).toEqual({ all: '40 0', have: '12 40', turn: -90 });
  });
});

interface Element {
  type: number;
  value?: string;
  options?: Record<string, { value: Element[] }>;
  children?: Element[];
}

/** Names of the arguments in a parsed message; type 0 is plain text, 7 is `#`, 8 is a tag. */
function names(elements: Element[]): string[] {
  return elements.flatMap(({ type, value, options, children }) => [
    ...(value === undefined || [0, 7, 8].includes(type) ? [] : [value]),
    ...Object.values(options ?? {}).flatMap((option) => names(option.value)),
    ...names(children ?? []),
  ]);
}
