import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* A publication's own wording of its mails: by API and by page, from the first word to the mail that a reader gets. */

const app = await startApp();
const OURS = {
  subject: 'Hello from {{publication.name}}',
  html: '<h1>Hello</h1>\n<p>Your link: <a href="{{shareUrl}}">{{shareUrl}}</a></p>',
  text: 'Hello.\nYour link: {{shareUrl}}',
};
const at = '/mail-templates/welcome/en';

describe('by API', () => {
  test('a wording is saved, sent, shown with its versions, and taken back', async () => {
    const publication = await newPublication(app, { name: 'The Loaf' });
    const { admin } = publication;
    const before = await admin.get(at);
    expect(before.body).toMatchObject({ isOwn: false, version: 0, samples: ['ladder', 'bare'] });
    expect(before.body.variables).toContain('shareUrl');
    const saved = await admin.put(at, { ...OURS, version: 0 });
    expect([saved.status, saved.body.version, saved.body.texts]).toEqual([200, 1, OURS]);
    await publication.reader('ana@own.example');
    await app.tick();
    expect((await app.mails('ana@own.example')).at(-1)!.subject).toBe('Hello from The Loaf');

    expect((await admin.delete(at)).status).toBe(204);
    await publication.reader('ben@own.example');
    await app.tick();
    expect((await app.mails('ben@own.example')).at(-1)!.subject).not.toContain('Hello');
    const { body } = await admin.get(`${at}/versions`);
    expect(body.data.map(({ version, texts }: { version: number; texts: object | null }) => [version, texts])).toEqual([
      [2, null],
      [1, OURS],
    ]);
    const list = await admin.get('/mail-templates');
    expect(list.body.data).toContainEqual(
      expect.objectContaining({ message: 'welcome', locale: 'en', isOwn: false, version: 2 }),
    );
    expect(list.body.data.map(({ message }: { message: string }) => message)).not.toContain('staff-sign-in');
  });

  test('of fifty who began from the same version one is saved', async () => {
    const { admin } = await newPublication(app);
    const answers = await inFlight(50, range(50), (n) => admin.put(at, { ...OURS, subject: `Hello ${n}`, version: 0 }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect((await admin.get(at)).body.version).toBe(1);
  });

  test.each([
    ['html', { html: '<p>{{shareUrl}}</p>\n<script>alert(1)</script>' }, 2],
    ['html', { html: '<p>{{nobody}}</p>' }, 1],
    ['text', { text: 'no link in here' }, 1],
    ['subject', { subject: '{{#if' }, 1],
  ])('a mistake in %s is named with its line and nothing is saved', async (path, mistake, line) => {
    const { admin } = await newPublication(app);
    const answer = await admin.put(at, { ...OURS, ...mistake });
    expect([answer.status, answer.body.code]).toEqual([422, 'request/invalid']);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ path, line }));
    expect((await admin.get(at)).body.version).toBe(0);
  });

  test('a preview shows a draft with sample data, and saves nothing', async () => {
    const publication = await newPublication(app, { name: 'The Loaf' });
    const { admin } = publication;
    const draft = await admin.post(`${at}/preview`, { draft: OURS, sample: 'bare' });
    expect(draft.body.subject).toBe('Hello from The Loaf');
    expect(draft.body.html).toContain('<h1');
    expect((await admin.post(`${at}/preview`, { draft: { ...OURS, text: '{{' } })).status).toBe(422);
    expect((await admin.post(`${at}/preview`)).status).toBe(200);
    expect((await admin.get(at)).body.version).toBe(0);
  });

  test.each(['/mail-templates/nothing/en', '/mail-templates/staff-sign-in/en', '/mail-templates/welcome/fr'])(
    'there is no %s',
    async (path) => {
      const { admin } = await newPublication(app);
      expect((await admin.get(path)).status).toBe(404);
    },
  );
});

describe('by page', () => {
  const setUp = async () => {
    const publication = await newPublication(app, { name: 'The Loaf' });
    const editor = await newStaff(app, { publicationId: publication.id, role: 'editor' });
    return { publication, editor, base: `/admin/p/${publication.slug}/mail-templates` };
  };

  test('an editor saves with the line breaks of a browser, sees it, restores an earlier version and goes back', async () => {
    const { publication, editor, base } = await setUp();
    const form = { ...OURS, html: OURS.html.replaceAll('\n', '\r\n'), version: '0' };
    expect((await editor.post(`${base}/welcome/en`, form)).status).toBe(303);
    expect((await publication.admin.get(at)).body.texts).toEqual(OURS);
    const preview = await editor.get(`${base}/welcome/en/preview`);
    expect(preview.headers['content-security-policy']).toContain('sandbox');
    expect(preview.text).toContain('Hello');
    await editor.post(`${base}/welcome/en`, { ...OURS, subject: 'Second', version: '1' });
    await editor.post(`${base}/welcome/en/restore`, { version: '1' });
    expect((await publication.admin.get(at)).body).toMatchObject({ version: 3, texts: OURS });
    await editor.post(`${base}/welcome/en/remove`);
    expect((await publication.admin.get(at)).body.isOwn).toBe(false);
    expect((await editor.get(base)).text).toContain('built-in wording');
  });

  test('what cannot be saved comes back as it was typed, with the mistake and with the other’s version', async () => {
    const { editor, base } = await setUp();
    const wrong = await editor.post(`${base}/welcome/en`, { ...OURS, text: 'mine <b>', version: '0' });
    expect([wrong.status, wrong.text.includes('1 mistake')]).toEqual([422, true]);
    expect(wrong.text).toContain('mine &lt;b&gt;');
    await editor.post(`${base}/welcome/en`, { ...OURS, subject: 'Theirs', version: '0' });
    const late = await editor.post(`${base}/welcome/en`, { ...OURS, subject: 'Mine', version: '0' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('value="Mine"');
    expect(late.text).toContain('Somebody else has saved version 1');
  });

  test('a test goes to who asked, once a minute', async () => {
    const { editor, base } = await setUp();
    await inFlight(5, range(5), () => editor.post(`${base}/reward/ja/test`));
    await app.tick();
    expect(await app.mails(editor.email)).toHaveLength(1);
  });
});
