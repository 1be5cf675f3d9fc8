import { describe, expect, it } from 'vitest';
import { sampleFrame, sampleStaffPages } from '../../../test/support/sample-staff.js';
import { Pages } from '../../platform/pages.js';
import { LOCALES } from '../../platform/templates.js';
import { readCatalogues } from '../../platform/words.js';
import type { StaffFrame } from './staff-pages.js';
import type { StaffViews } from './staff-views.js';

type Framed = { [Page in keyof StaffViews]: StaffViews[Page] & StaffFrame };
const pages = new Pages<Framed>();

/** Every page for staff in every variant and language. */
const all = LOCALES.flatMap((locale) =>
  Object.entries(sampleStaffPages(locale)).flatMap(([page, variants]) =>
    Object.entries(variants).map(([variant, view]) => ({
      locale,
      variant,
      page: page as keyof StaffViews,
      view: { ...view, ...sampleFrame(locale) },
    })),
  ),
);

describe('every page for staff', () => {
  it('has a sample view, and every sample a page', () => {
    expect(pages.names('staff')).toEqual(Object.keys(sampleStaffPages('en')).sort());
  });

  it.each(all)(
    '$page ($variant) renders in $locale, and keeps to the content security policy',
    ({ page, locale, view }) => {
      const html = pages.render(page, locale, view);
      expect(html).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${locale}">`));
      expect(html.match(/<h1[ >]/g)).toHaveLength(1);
      expect(html.match(/class="button main/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(html).not.toMatch(/undefined|\[object|NaN|\{\{|\bnull\b/);
      expect(html).not.toMatch(/<style|style="|\son[a-z]+="|javascript:/i);
      for (const [, script] of html.matchAll(/<script([^>]*)>/g)) {
        expect(script).toMatch(/^ src="\/assets\/[^"]+\?v=\w+" defer$/);
      }
      for (const [, action] of html.matchAll(/<form[^>]* action="([^"]*)"/g)) expect(action).toMatch(/^\/admin\//);
    },
  );

  it.each(all)('$page ($variant, $locale) labels what is filled in and has every id once', ({ page, locale, view }) => {
    const html = pages.render(page, locale, view);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, of] of html.matchAll(/ (?:for|aria-labelledby|aria-describedby)="([^"]+)"/g)) {
      expect(ids).toEqual(expect.arrayContaining(of!.split(' ')));
    }
    for (const [, id] of html.matchAll(/<(?:input|textarea|select)[^>]* id="([^"]+)"/g)) {
      expect(html).toContain(` for="${id}">`);
    }
  });
});

describe('the words of the pages for staff', () => {
  it('are the same keys in both languages', () => {
    const { en, ja } = readCatalogues();
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  });
});
