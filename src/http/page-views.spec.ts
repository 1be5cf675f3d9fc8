import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePages } from '../../test/support/sample-views.js';
import { CHANNELS } from '../domain/visit.js';
import { Pages } from '../platform/pages.js';
import { LOCALES, PROJECT_ROOT } from '../platform/templates.js';
import { readCatalogues } from '../platform/words.js';
import type { PageViews } from './page-views.js';

const pages = new Pages<PageViews>();
type Page = keyof PageViews;

/** Every page in every variant and language. */
const all = LOCALES.flatMap((locale) =>
  Object.entries(samplePages(locale)).flatMap(([page, variants]) =>
    Object.entries(variants).map(([variant, view]) => ({
      locale,
      page: page as Page,
      variant,
      view: view as PageViews[Page],
    })),
  ),
);
const BAD = `"><script>alert(1)</script>' onx='\r\n{{7}}`;

describe('every page', () => {
  it('has a sample view, and every sample a page', () => {
    expect(pages.names('others')).toEqual(Object.keys(samplePages('en')).sort());
  });

  it.each(all)('$page ($variant) renders in $locale', ({ page, locale, view }) => {
    const html = pages.render(page, locale, view);
    expect(html).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${locale}">`));
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html.match(/class="button main/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(html).not.toMatch(/undefined|\[object|NaN|\{\{|\bnull\b/);
  });

  it.each(all)('$page ($variant, $locale) keeps to the content security policy', ({ page, locale, view }) => {
    const html = pages.render(page, locale, view);
    expect(html).not.toMatch(/<style|style="|\son[a-z]+="|javascript:/i);
    expect(html.match(/<script[^>]*>[^<]*/g)).toEqual(['<script src="/assets/reader.js" defer>']);
    for (const [, action] of html.matchAll(/<form[^>]* action="([^"]*)"/g)) expect(action).toMatch(/^\//);
  });

  it.each(all)('$page ($variant, $locale) labels what is filled in and has every id once', ({ page, locale, view }) => {
    const html = pages.render(page, locale, view);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, of] of html.matchAll(/ (?:for|aria-labelledby|aria-describedby|data-copy)="([^"]+)"/g)) {
      expect(ids).toEqual(expect.arrayContaining(of!.split(' ')));
    }
    for (const [, id] of html.matchAll(/<(?:input|textarea) class="input" id="([^"]+)"/g)) {
      expect(html).toContain(`<label for="${id}">`);
    }
  });

  it.each(all.filter(({ locale }) => locale === 'en'))(
    '$page ($variant) shows text from outside as text',
    ({ page, locale, view }) => {
      const html = pages.render(page, locale, poison(view));
      expect(html.match(/<script/g)).toHaveLength(1);
      expect(html).not.toMatch(/ onx='/);
      expect(html).not.toContain('"><script>');
    },
  );

  it('may not be told less than it asks for', () => {
    const { publication, ...less } = samplePages('en').confirm.button!;
    expect(() => pages.render('confirm', 'en', less as PageViews['confirm'])).toThrow(/page confirm: .*missing/);
    expect(() =>
      pages.render('confirm', 'en', {
        publication,
        token: 'T',
        validDays: 14,
        email: 'a@b.example',
      } as PageViews['confirm']),
    ).toThrow(/argument is missing/);
    expect(() =>
      pages.render('confirm', 'en', {
        publication,
        token: 'T',
        validDays: 14,
        autoSubmit: false,
      } as PageViews['confirm']),
    ).toThrow(/email is missing/);
  });
});

describe('a friend', () => {
  const { en } = readCatalogues();

  it('has words for every channel', () => {
    for (const channel of CHANNELS.filter((one) => one !== 'other')) expect(en).toHaveProperty([`channel.${channel}`]);
  });
});

describe('the assets', () => {
  it('are all there', () => {
    const html = pages.render('confirm', 'ja', samplePages('ja').confirm.button!);
    const asked = [...html.matchAll(/(?:href|src)="\/assets\/([^"]+)"/g)].map(([, file]) => file!);
    expect(asked).toHaveLength(4);
    for (const file of asked) {
      expect(readFileSync(path.join(PROJECT_ROOT, `public/${file}`), 'utf8')).not.toBe('');
    }
  });
});

/** The view with every string replaced, but for those that the service itself makes and templates decide by. */
function poison<T>(view: T, key = ''): T {
  const ours = [
    'emailProblem',
    'heardFrom',
    'kind',
    'state',
    'status',
    'reason',
    'channel',
    'timezone',
    'outcome',
    'known',
    'problem',
    'currency',
  ];
  if (typeof view === 'string') return (ours.includes(key) ? view : BAD) as T;
  if (view instanceof Date || view === null || typeof view !== 'object') return view;
  if (Array.isArray(view)) return view.map((one: unknown, i) => poison(one, `${key}${i}`)) as T;
  const nested = key === 'hidden' ? '!' : '';
  return Object.fromEntries(
    Object.entries(view).map(([name, inner]) => [name, poison(inner as unknown, nested + name)]),
  ) as T;
}
