import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { newStaff, type StaffMember } from '../support/staff.js';

/* The ladder and its rewards, as an editor makes them on their pages. */

const app = await startApp();

async function atHome(role: 'editor' | 'marketing' = 'editor') {
  const publication = await newPublication(app);
  const editor = await newStaff(app, { publicationId: publication.id, role });
  return { publication, editor, base: `/admin/p/${publication.slug}` };
}

const FORM = {
  program: 'default',
  name: 'Three friends',
  threshold: '3',
  every: '',
  stage: 'verified',
  recipient: 'referrer',
  approval: 'automated',
  holdDays: '0',
  capCount: '',
  capPer: 'year',
};

const ladderOf = async (publication: TestPublication) =>
  (await publication.admin.get('/programs/default/milestones')).body.data as {
    id: string;
    version: number;
    rewardId: string;
    threshold: number;
    [field: string]: unknown;
  }[];

async function withRung() {
  const home = await atHome();
  const { id: rewardId } = await home.publication.reward({ kind: 'custom', url: null });
  const { id } = await home.publication.milestone({ threshold: 3, rewardId });
  return { ...home, rewardId, id, path: `${home.base}/milestones/${id}` };
}

describe('a milestone', () => {
  test('is typed, looked at, and only then made', async () => {
    const { publication, editor, base } = await atHome();
    const { id: rewardId } = await publication.reward({ kind: 'custom', url: null, name: 'A loaf' });
    const form = { ...FORM, rewardId, capCount: '12', attribute0: 'plan', asks0: 'in', value0: 'pro, team', attribute1: 'nps', asks1: 'atLeast', value1: '9' }; // prettier-ignore
    const preview = await editor.post(`${base}/milestones/new`, { ...form, act: 'preview' });
    expect(preview.status).toBe(200);
    expect(preview.text).toContain('What this would do');
    expect(await ladderOf(publication)).toEqual([]);
    const saved = await editor.post(`${base}/milestones/new`, { ...form, act: 'save', past: 'ignore' });
    expect(saved.headers.location).toBe(`${base}/milestones?program=default`);
    expect(await ladderOf(publication)).toMatchObject([
      {
        ...{ name: 'Three friends', threshold: 3, every: null, rewardId, past: 'ignore' },
        cap: { count: 12, per: 'year' },
        audience: {
          all: [
            { attribute: 'plan', in: ['pro', 'team'] },
            { attribute: 'nps', atLeast: 9 },
          ],
        },
      },
    ]);
    const page = await editor.get(`${base}/milestones`);
    expect(page.text).toContain('at most 12 a year');
    expect(page.text).toContain('is one of pro, team');
  });

  test('tells before it is saved whom it would reward and what it costs, and grants it to them when asked to', async () => {
    const { publication, editor, base } = await atHome();
    const value = { amount: 500, currency: 'EUR' };
    const { id: rewardId } = await publication.reward({ kind: 'custom', url: null, name: 'A loaf', terms: { value } });
    const { code, email } = await publication.reader();
    for (let n = 0; n < 2; n += 1) await publication.verifiedFriend(code);
    const form = { ...FORM, threshold: '2', rewardId };
    const preview = await editor.post(`${base}/milestones/new`, { ...form, act: 'preview' });
    expect(preview.text).toContain('1 person is past it already');
    expect(preview.text).toContain('<b>€5</b>');
    expect(preview.text).toContain(email);
    expect(await publication.grants()).toEqual([]);
    await editor.post(`${base}/milestones/new`, { ...form, act: 'save', past: 'grant' });
    await app.tick();
    expect(await publication.grants()).toHaveLength(1);
    expect((await editor.get(`${base}/milestones`)).text).toContain('Granted to those who were past it: 1.');
  });

  test.each([
    ['name', ''],
    ['threshold', '0'],
    ['threshold', 'three'],
    ['every', '0'],
    ['stage', 'nonsense'],
    ['recipient', 'both'],
    ['rewardId', ''],
    ['rewardId', '0193515c-7a2e-7000-8000-000000000001'],
    ['approval', 'maybe'],
    ['holdDays', '366'],
    ['capCount', '0'],
    ['audience', 'x'],
  ])('with a wrong %s (%s) is refused beside the field, before the preview and when saved', async (field, value) => {
    const { publication, editor, base } = await atHome();
    const { id: rewardId } = await publication.reward({ kind: 'custom', url: null });
    const wrong: Record<string, string> =
      field === 'audience' ? { attribute0: 'nps', asks0: 'atLeast', value0: value } : { [field]: value };
    for (const act of ['preview', 'save']) {
      const answer = await editor.post(`${base}/milestones/new`, { ...FORM, rewardId, ...wrong, act });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(`id="${field}-error"`);
      expect(answer.text.match(/class="error"/g)).toHaveLength(1);
    }
    expect(await ladderOf(publication)).toEqual([]);
  });

  test('that somebody else changed meanwhile is not overwritten: of fifty at once one is saved', async () => {
    const { publication, editor, rewardId, path } = await withRung();
    const answers = await inFlight(50, range(50), (n) =>
      editor.post(path, { ...FORM, rewardId, threshold: String(n + 10), version: '1', act: 'save', past: 'ignore' }),
    );
    const toLadder = answers.filter(({ headers }) => headers.location!.includes('/milestones?'));
    expect(toLadder).toHaveLength(1);
    expect((await ladderOf(publication))[0]!.version).toBe(2);
  });

  test('keeps its versions, and an older one can be started from', async () => {
    const { editor, rewardId, path } = await withRung();
    await editor.post(path, { ...FORM, rewardId, threshold: '5', version: '1', act: 'save', past: 'ignore' });
    const page = await editor.get(path);
    expect(page.text.match(/from=1/g)).toHaveLength(1);
    expect(page.text).toContain('name="threshold" type="number" value="5"');
    const old = await editor.get(`${path}?from=1`);
    expect(old.text).toContain('name="threshold" type="number" value="3"');
    expect(old.text).toContain('name="version" value="2"');
  });

  test('changes places with its neighbour by its reward; a second press from the same page changes nothing', async () => {
    const { publication, editor, base, rewardId, id } = await withRung();
    const { id: better } = await publication.reward({ kind: 'custom', url: null, name: 'Better' });
    const { id: other } = await publication.milestone({ threshold: 10, rewardId: better });
    const form = { program: 'default', one: id, oneSeen: '1', other, otherSeen: '1' };
    await inFlight(50, range(50), () => editor.post(`${base}/milestones/exchange`, form));
    const rungs = (await ladderOf(publication)).map(({ threshold, rewardId: of, version }) => [threshold, of, version]);
    expect(rungs).toEqual([
      [3, better, 2],
      [10, rewardId, 2],
    ]);
  });

  test('goes off the ladder', async () => {
    const { publication, editor, path } = await withRung();
    await editor.post(`${path}/remove`, { program: 'default' });
    expect(await ladderOf(publication)).toEqual([]);
    expect((await editor.get(path)).status).toBe(404);
  });

  test('is not changed by who may not, nor from another publication', async () => {
    const { publication, path, rewardId } = await withRung();
    const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
    expect((await marketing.get(`/admin/p/${publication.slug}/milestones`)).status).toBe(200);
    expect((await marketing.post(path, { ...FORM, rewardId, act: 'save' })).status).toBe(403);
    const elsewhere = await atHome();
    const strange = path.replace(publication.slug, elsewhere.publication.slug);
    expect((await elsewhere.editor.post(strange, { ...FORM, rewardId, act: 'save' })).status).toBe(404);
    expect((await ladderOf(publication))[0]!.version).toBe(1);
  });
});

const EMPTY = { description: '', url: '', code: '', amount: '', currency: '' };

async function made(editor: StaffMember, base: string, form: Record<string, string>) {
  const answer = await editor.post(`${base}/rewards/new`, { name: 'A loaf', ...form });
  expect([answer.status, answer.text.match(/id="\w+-error">[^<]*/g)]).toEqual([303, null]);
}

describe('a reward', () => {
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  test.each([
    [
      { kind: 'link', url: 'https://loaf.example/guide.pdf', protected: 'on', amount: '3.88', currency: 'usd' },
      { url: 'https://loaf.example/guide.pdf', protected: true, value: usd(388) },
    ],
    [
      { kind: 'coupon', code: 'LOAF' },
      { code: 'LOAF', value: null },
    ],
    [
      {
        kind: 'gift_card',
        worth: 'by',
        attribute: 'plan',
        table: 'starter 25\nteam plan 50.5',
        currency: 'USD',
        fulfilment: 'webhook',
      },
      {
        valueBy: { attribute: 'plan', table: { starter: usd(2_500), 'team plan': usd(5_050) } },
        fulfilment: 'webhook',
      },
    ],
    [
      {
        kind: 'credit',
        worth: 'seats',
        amount: '20',
        currency: 'USD',
        ceilingPercent: '100',
        ceilingOf: 'bill',
        ceilingPer: 'year',
        account: 'company',
      },
      {
        perUnit: { unit: 'seats', value: usd(2_000) },
        ceilingPercent: 100,
        ceilingOf: 'bill',
        ceilingPer: 'year',
        account: 'company',
      },
    ],
    [
      { kind: 'discount', percent: '10', ceilingPercent: '100', ceilingPer: 'month' },
      { percent: 10, ceilingPercent: 100, ceilingPer: 'month' },
    ],
    [{ kind: 'physical', variants: 'S\r\nM\r\n' }, { variants: ['S', 'M'] }],
    [{ kind: 'access', months: '3' }, { months: 3 }],
    [{ kind: 'entry' }, {}],
    [{ kind: 'custom', description: 'By hand' }, { description: 'By hand' }],
  ])('%j is made, shown as it is, and saved again without a change', async (form, expected) => {
    const { publication, editor, base } = await atHome();
    await made(editor, base, { ...EMPTY, ...form });
    const [reward] = (await publication.admin.get('/rewards')).body.data as { id: string }[];
    expect(reward).toMatchObject({ name: 'A loaf', kind: form.kind, ...expected });
    const page = (await editor.get(`${base}/rewards/${reward!.id}`)).text;
    const fields = Object.fromEntries(
      [...page.matchAll(/<input id="(\w+)"[^>]* value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
    const lines = Object.fromEntries(
      [...page.matchAll(/<textarea id="(\w+)"[^>]*>([^<]*)</g)].map(([, name, value]) => [name!, value!]),
    );
    const picked = [...page.matchAll(/name="(worth|protected)"(?: value="(\w+)")? checked/g)].map(([, name, value]) => [
      name!,
      value ?? 'on',
    ]);
    const chosen = [...page.matchAll(/<select id="(\w+)".*?<option value="(\w+)" selected/gs)].map(
      ([, name, value]) => [name!, value!],
    );
    const again = { ...fields, ...lines, ...Object.fromEntries([...picked, ...chosen]) } as Record<string, string>;
    expect((await editor.post(`${base}/rewards/${reward!.id}`, again)).status).toBe(303);
    expect((await publication.admin.get('/rewards')).body.data).toEqual([reward]);
  });

  test.each([
    ['name', { kind: 'entry', name: '' }],
    ['url', { kind: 'link', url: 'javascript:alert(1)' }],
    ['amount', { kind: 'gift_card', worth: 'fixed', amount: '25', currency: 'XXL' }],
    ['amount', { kind: 'credit', worth: 'fixed', amount: '', currency: 'USD' }],
    ['table', { kind: 'gift_card', worth: 'by', attribute: 'plan', table: 'starter', currency: 'USD' }],
    ['percent', { kind: 'discount', percent: '0' }],
    ['ceilingOf', { kind: 'credit', worth: 'fixed', amount: '1', currency: 'USD', ceilingPercent: '100' }],
    ['months', { kind: 'access', months: '0' }],
    ['variants', { kind: 'physical', variants: 'S\nS' }],
  ])('with a wrong %s is refused beside the field: %j', async (field, form) => {
    const { publication, editor, base } = await atHome();
    const answer = await editor.post(`${base}/rewards/new`, { name: 'A loaf', ...EMPTY, ...form });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`id="${field}-error"`);
    expect((await publication.admin.get('/rewards')).body.data).toEqual([]);
  });

  test('takes codes alone or as a file, all or none of them, and keeps to its pool', async () => {
    const { publication, editor, base } = await atHome();
    await made(editor, base, { ...EMPTY, kind: 'coupon' });
    const [{ id }] = (await publication.admin.get('/rewards')).body.data as [{ id: string }];
    const path = `${base}/rewards/${id}`;
    await editor.post(`${path}/codes`, { codes: 'RYE-1\r\nRYE-2\r\n' });
    await editor.post(`${path}/codes`, { codes: 'Code\nRYE-2\nRYE-3' });
    expect((await editor.get(path)).text).toContain('3 of 3 codes left');
    const wrong = await editor.post(`${path}/codes`, { codes: `RYE-4\n${'x'.repeat(101)}` });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('rows[1].Code');
    expect(wrong.text).toContain('RYE-4');
    const shared = await editor.post(path, { ...EMPTY, name: 'A loaf', code: 'ALL' });
    expect(shared.text).toContain('id="code-error"');
    expect((await publication.admin.get(`/rewards/${id}`)).body).toMatchObject({
      code: null,
      stock: { total: 3, free: 3 },
    });
  });
});

describe('a well-known program', () => {
  test('is made by one press, however often it is pressed', async () => {
    const { publication, editor, base } = await atHome();
    expect((await editor.get(`${base}/presets`)).text).toContain('A month for free');
    const presses = await inFlight(50, range(50), () =>
      editor.post(`${base}/presets`, { program: 'default', preset: 'trello' }),
    );
    expect(presses.filter(({ headers }) => headers.location!.includes('/milestones?'))).toHaveLength(1);
    expect(await ladderOf(publication)).toHaveLength(1);
    expect((await editor.get(`${base}/presets`)).text).toContain('has milestones already');
  });
});
