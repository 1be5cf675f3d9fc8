import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { type Look, newVisitor, noBrowser, type Visitor } from '../support/browser.js';
import { newPublication, type TestPublication } from '../support/make.js';
import { newStaff, STAFF_COOKIE } from '../support/staff.js';

/*
 * Marketing at work, in a real browser: last week's leads of one article, three of them qualified, and exported; with scripts and without.
 */

const LOOKS: Look[] = [
  { locale: 'en', width: 360, colorScheme: 'dark' },
  { locale: 'en', width: 1280, colorScheme: 'light' },
];

/** An article of last week with four leads, and one lead of long ago and one of another article. */
async function newLetter(app: Awaited<ReturnType<typeof startApp>>) {
  const publication = await newPublication(app, { name: 'The Weekly Loaf' });
  await publication.admin.put('/contents/margins', {
    title: 'Where a bakery’s margin goes', url: 'https://letter.example/margins', kind: 'article',
  }); // prettier-ignore
  await publication.content('rye');
  const reader = await publication.reader('sofia@mail.example');
  const lead = (email: string, firstName: string, company: string | null, content: string, channel: string) =>
    publication.signUp(email, {
      confirmed: true, firstName, heardFrom: 'friend', attributes: { role: 'Head of operations', ...(company === null ? {} : { company }) },
      presented: { ref: reader.code, clicks: [], content, channel },
    }); // prettier-ignore
  await lead('old@rye.example', 'Olga', 'Rye', 'margins', 'linkedin');
  app.advance(30 * DAY);
  await lead('dana@rye-and-sons.example', 'Dana', 'Rye & Sons Bakeries', 'margins', 'linkedin');
  await lead('marek@pekarna.example', 'Marek', 'Pekárna Brno', 'margins', 'linkedin');
  await lead('yui@mugi.example', 'Yui', '麦フーズ', 'margins', 'line');
  await lead('noor@gmail.com', 'Noor', null, 'margins', 'copy');
  await lead('else@mill.example', 'Elsewhere', 'Mill', 'rye', 'copy');
  return publication;
}

async function signedIn(visitor: Visitor, app: Awaited<ReturnType<typeof startApp>>, publication: TestPublication) {
  const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
  await visitor.page.context().addCookies([{ name: STAFF_COOKIE, value: marketing.token, url: app.url }]);
}

describe.skipIf(noBrowser !== null)('marketing', () => {
  test.each([true, false])(
    'finds the leads of one article, qualifies three and exports them (scripts: %s)',
    async (javaScript) => {
      const app = await startApp();
      const publication = await newLetter(app);
      const visitor = await newVisitor(app.url, 'en', { javaScript });
      const { page } = visitor;
      await signedIn(visitor, app, publication);
      await visitor.open(`/admin/p/${publication.slug}`);
      await page.locator('nav').getByRole('link', { name: 'Leads' }).click();
      await page.getByLabel('Content').selectOption({ label: 'Where a bakery’s margin goes' });
      await page.getByLabel('Since').fill(new Date(app.clock.now().getTime() - 7 * DAY).toISOString().slice(0, 10));
      await page.getByRole('button', { name: 'Show' }).click();
      await visitor.settle();
      expect(await page.locator('tbody th a').allTextContents()).toEqual(['Noor', 'Yui', 'Marek', 'Dana']);
      if (javaScript) expect(await visitor.faults(LOOKS)).toEqual([]);

      for (const name of ['Dana', 'Marek', 'Yui']) {
        const row = page.getByRole('row', { name });
        for (const question of ['Decides?', 'Fits?', 'Can we?']) {
          const saved = page.waitForResponse((answer) => answer.request().method() === 'POST');
          await row.getByLabel(question).selectOption('yes');
          await row.getByRole('button', { name: 'Save' }).click();
          await saved;
          await visitor.settle();
          await expect.poll(() => row.getByLabel(question).inputValue()).toBe('yes');
        }
        await expect.poll(() => row.getByText('qualified').count()).toBe(1);
      }
      await page.getByLabel('Qualified').selectOption('true');
      await page.getByRole('button', { name: 'Show' }).click();
      await visitor.settle();
      expect(await page.locator('tbody th a').allTextContents()).toEqual(['Yui', 'Marek', 'Dana']);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Export 3' }).click(),
      ]);
      const rows = parse<Record<string, string>>(readFileSync(await download.path()), { columns: true });
      expect(
        rows.map(({ email, qualified, content, companyDomain }) => [email, qualified, content, companyDomain]),
      ).toEqual([
        ['dana@rye-and-sons.example', 'true', 'margins', 'rye-and-sons.example'],
        ['marek@pekarna.example', 'true', 'margins', 'pekarna.example'],
        ['yui@mugi.example', 'true', 'margins', 'mugi.example'],
      ]);
      expect(await app.rows(`select 1 from stage_counts where publication_id = $1 and stage = 'qualified' and count = 3`, [publication.id])).toHaveLength(1); // prettier-ignore

      await page.getByRole('link', { name: 'Dana' }).click();
      await visitor.settle();
      await page.getByLabel('Owner').fill('Ana');
      await page.getByLabel('Note').fill('Wants wholesale prices.');
      await page.getByRole('group', { name: 'Does the company fit?' }).getByLabel('no', { exact: true }).check();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved.').waitFor();
      expect(await page.locator('.head .state').textContent()).toBe('verified');
      expect(await page.getByLabel('Note').inputValue()).toBe('Wants wholesale prices.');
      if (javaScript) expect(await visitor.faults(LOOKS)).toEqual([]);
      await visitor.hasNoTroubles();
    },
  );
});
