import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* Programs and who takes part in them, as an editor sets them on their pages. */

const app = await startApp();

async function atHome(role: 'editor' | 'marketing' = 'editor') {
  const publication = await newPublication(app);
  const editor = await newStaff(app, { publicationId: publication.id, role });
  const base = `/admin/p/${publication.slug}/programs`;
  const program = async (slug: string) => (await publication.admin.get(`/programs/${slug}`)).body;
  return { publication, editor, base, program };
}

/** What a form of a page holds, as a browser would send it back. */
function fieldsOn(html: string): Record<string, string> {
  const decode = (text: string) =>
    text.replaceAll('&#x3D;', '=').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#x27;', "'").replaceAll('&amp;', '&'); // prettier-ignore
  const form = /<form class="form flow"[\s\S]*?<\/form>/.exec(html)![0];
  const texts = [...form.matchAll(/<input id="(\w+)"[^>]* value="([^"]*)"/g), ...form.matchAll(/<textarea id="(\w+)"[^>]*>([^<]*)</g)]; // prettier-ignore
  const ticked = [...form.matchAll(/type="checkbox" name="(\w+)" checked/g)].map(([, name]) => [name!, 'on']);
  const chosen = [...form.matchAll(/<select id="(\w+)"[\s\S]*?<\/select>/g)].map(([select, name]) => {
    const [, value, text] = /<option(?: value="([^"]*)")? selected>([^<]*)/.exec(select) ?? [];
    return [name!, value ?? text ?? ''];
  });
  const filled = texts.map(([, name, value]) => [name!, decode(value!)]);
  return Object.fromEntries([...filled, ...ticked, ...chosen]) as Record<string, string>;
}

describe('a program', () => {
  test('is made by invitation, once, and set on its page', async () => {
    const { editor, base, program } = await atHome();
    const made = await inFlight(50, range(50), () => editor.post(base, { slug: 'partners', name: 'Partners' }));
    expect(made.filter(({ status }) => status === 303)).toHaveLength(1);
    expect((await program('partners')).access).toBe('invite');
    const fields = fieldsOn((await editor.get(`${base}/partners`)).text);
    const settings = {
      ...fields,
      access: 'application',
      requirements: 'fee\r\ncertified',
      model: 'last',
      windowDays: '60',
      holdDays: '7',
      stages: 'demo',
      when: 'scheduled',
      cron: '0 9 * * 1',
      timezone: 'Europe/Berlin',
      steps: 'Share\r\n\r\nA friend buys\r\nWithin a year.',
      faq: 'When am I paid?\r\nOn Mondays.\r\nAlways.',
      shareMessage: 'Look at this: {url}',
      showsBoard: 'on',
    };
    expect((await editor.post(`${base}/partners`, settings)).status).toBe(303);
    const saved = await program('partners');
    expect(saved).toMatchObject({
      access: 'application',
      requirements: ['fee', 'certified'],
      attribution: { model: 'last', windowDays: 60 },
      verification: { doubleOptIn: true, holdDays: 7, requireEngagement: false },
      delivery: { when: 'scheduled', cron: '0 9 * * 1', timezone: 'Europe/Berlin' },
      stages: ['demo'],
      steps: ['Share', { title: 'A friend buys', text: 'Within a year.' }],
      faq: [{ question: 'When am I paid?', answer: 'On Mondays.\nAlways.' }],
      shareMessage: 'Look at this: {url}',
      showsBoard: true,
    });
    await editor.post(`${base}/partners`, fieldsOn((await editor.get(`${base}/partners`)).text));
    expect(await program('partners')).toEqual(saved);
  });

  test.each([
    ['name', ''],
    ['access', 'everybody'],
    ['requirements', 'fee'],
    ['landingUrl', 'javascript:alert(1)'],
    ['model', 'middle'],
    ['windowDays', '0'],
    ['holdDays', '31'],
    ['stages', 'Demo'],
    ['cron', 'every monday'],
    ['faq', 'A question alone'],
    ['steps', 'x'.repeat(201)],
    ['termsUrl', 'terms'],
    ['shareMessage', '{url} {url}'],
    ['description', 'x'.repeat(501)],
  ])('with a wrong %s (%s) is not changed, and the field says so', async (field, value) => {
    const { editor, base, program } = await atHome();
    const before = await program('default');
    const fields = fieldsOn((await editor.get(`${base}/default`)).text);
    const wrong = field === 'cron' ? { when: 'scheduled', cron: value } : { [field]: value };
    const answer = await editor.post(`${base}/default`, { ...fields, ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.text.match(/id="(\w+)-error"/g)).toEqual([`id="${field}-error"`]);
    expect(await program('default')).toEqual(before);
  });

  test('keeps a stage that a milestone counts', async () => {
    const { publication, editor, base } = await atHome();
    await publication.changeProgram({ stages: ['demo'] });
    await publication.milestone({ stage: 'demo', threshold: 1 });
    const fields = fieldsOn((await editor.get(`${base}/default`)).text);
    const answer = await editor.post(`${base}/default`, { ...fields, stages: '' });
    expect(answer.text).toContain('A milestone counts a stage');
  });

  test('is seen and not changed by marketing, and not at all from another publication', async () => {
    const { publication, base } = await atHome();
    const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
    const page = await marketing.get(`${base}/default`);
    expect(page.status).toBe(200);
    expect((await marketing.post(`${base}/default`, fieldsOn(page.text))).status).toBe(403);
    const stranger = await atHome();
    expect((await stranger.editor.get(`${base}/default`)).status).toBe(404);
  });
});

describe('who applied', () => {
  async function applied() {
    const home = await atHome();
    await home.publication.admin.post('/programs', { slug: 'partners', name: 'Partners', access: 'application', requirements: ['fee'] }); // prettier-ignore
    const { email } = await home.publication.reader();
    const path = `${home.base}/partners/participants`;
    await home.editor.post(path, { email });
    const { data } = (await home.publication.admin.get('/programs/partners/participants')).body;
    const of = async () => (await home.publication.admin.get('/programs/partners/participants')).body.data[0];
    return { ...home, email, path, id: data[0].id as string, of };
  }

  test('is let in once all is ticked off, however often it is pressed', async () => {
    const { editor, path, id, email, of } = await applied();
    expect((await editor.get(path)).text).toContain(email);
    await editor.post(`${path}/${id}`, { act: 'approve' });
    expect(await of()).toMatchObject({ status: 'applied', requirements: { fee: false } });
    const presses = await inFlight(50, range(50), () => editor.post(`${path}/${id}`, { act: 'approve', met: 'fee' }));
    expect(presses.every(({ status }) => status === 303)).toBe(true);
    expect(await of()).toMatchObject({ status: 'active', requirements: { fee: true } });
  });

  test('is ticked off alone, or declined', async () => {
    const { editor, path, id, of } = await applied();
    await editor.post(`${path}/${id}`, { act: 'tick', met: 'fee' });
    expect(await of()).toMatchObject({ status: 'applied', requirements: { fee: true } });
    await editor.post(`${path}/${id}`, { act: 'reject' });
    expect((await of()).status).toBe('rejected');
  });

  test('must be a reader', async () => {
    const { editor, path } = await applied();
    for (const [email, says] of [
      ['nobody@mail.example', 'No reader has this address'],
      ['a@@b', 'slip'],
    ] as const) {
      const answer = await editor.post(path, { email });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(says);
    }
  });
});
