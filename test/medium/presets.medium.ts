import { beforeAll, expect, test } from 'vitest';
import { PRESETS } from '../../src/domain/presets.js';
import type { PresetProgram } from '../../src/domain/presets/preset.js';
import { type Api, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
let letter: TestPublication;
let api: Api;

beforeAll(async () => {
  letter = await newPublication(app);
  api = letter.admin;
});

const apply = (preset: string, slug = 'default', to: Api = api) => to.post(`/programs/${slug}/preset`, { preset });
const MADE = ['programs', 'rewards', 'milestones', 'contests', 'raffles', 'raffle_prizes', 'audit_entries'];

/** How much there is of everything that a preset makes, over all publications. */
async function amounts(): Promise<Record<string, unknown>> {
  const counts = MADE.map((table) => `(select count(*)::int from ${table}) as "${table}"`);
  return (await app.rows(`select ${counts.join(', ')}`))[0]!;
}

/** Settings and texts as the API answers them: a step of one line is a text. */
function answered({ settings, texts }: PresetProgram) {
  const steps = texts?.steps?.map((step) => (step.text === null ? step.title : step));
  return { ...settings, ...texts, ...(steps && { steps }) };
}

test('lists what there is with what it does', async () => {
  const { body } = await api.get('/presets').expect(200);
  expect(body).toEqual({
    data: PRESETS.map(({ name, explanation }) => ({ name, explanation })),
    nextCursor: null,
  });
});

test.each(PRESETS.map(({ name }) => name))('makes all that %s says, and once', async (name) => {
  const preset = PRESETS.find((one) => one.name === name)!;
  const programs = [preset.program, ...(preset.beside ?? [])];
  const { admin } = await newPublication(app);
  const { body } = await apply(name, 'default', admin).expect(201);
  expect(body).toMatchObject({
    preset: name,
    programs: [{ slug: 'default' }, ...(preset.beside ?? []).map(({ slug }) => ({ slug }))],
  });
  expect(body.rewards.map((one: { name: string }) => one.name)).toEqual(
    Object.values(preset.rewards).map((one) => one.name),
  );
  for (const [index, { slug }] of (body.programs as { slug: string }[]).entries()) {
    const told = programs[index]!;
    expect((await admin.get(`/programs/${slug}`)).body).toMatchObject(answered(told));
    const named = async (what: string) =>
      (await admin.get(`/programs/${slug}/${what}`)).body.data.map((one: { name: string }) => one.name).sort();
    expect(await named('milestones')).toEqual((told.milestones ?? []).map((one) => one.name).sort());
    expect(await named('contests')).toEqual((told.contests ?? []).map((one) => one.name));
    expect(await named('raffles')).toEqual((told.raffles ?? []).map((one) => one.name));
  }
  const before = await amounts();
  const again = await apply(name, 'default', admin).expect(409);
  expect(again.body.code).toBe('program/has-milestones');
  expect(await amounts()).toEqual(before);
});

test('refuses a program that has a milestone, and names it', async () => {
  await letter.newProgram('own');
  const rewardId = (await letter.reward()).id;
  const rule = {
    name: 'Our own rung',
    stage: 'verified',
    threshold: 3,
    recipient: 'referrer',
    rewardId,
    past: 'ignore',
  };
  await api.post('/programs/own/milestones', { ...rule, approval: 'automated' }).expect(201);
  const before = await amounts();
  const { body } = await apply('trello', 'own').expect(409);
  expect(body).toMatchObject({ code: 'program/has-milestones', detail: expect.stringContaining('"Our own rung"') });
  expect(await amounts()).toEqual(before);
});

test('makes nothing where a program of the other name exists', async () => {
  const { admin, ...other } = await newPublication(app).then((one) => ({
    admin: one.admin,
    make: one.newProgram.bind(one),
  }));
  await other.make('certified-partners');
  const before = await amounts();
  const { body } = await apply('monday', 'default', admin).expect(409);
  expect(body.code).toBe('program/slug-taken');
  expect(await amounts()).toEqual(before);
  expect((await admin.get('/programs/default')).body).toMatchObject({ steps: [], description: null });
});

test('leaves the words that an editor wrote', async () => {
  await letter.newProgram('worded', {
    shareMessage: 'In our own words: {url}',
    faq: [{ question: 'Why?', answer: 'So.' }],
  });
  await apply('trello', 'worded').expect(201);
  const { body } = await api.get('/programs/worded');
  expect(body).toMatchObject({
    name: 'worded',
    shareMessage: 'In our own words: {url}',
    faq: [{ question: 'Why?', answer: 'So.' }],
    description: 'A free month for each friend, up to 12 a year.',
  });
});

test.each([
  [{}, 'preset'],
  [{ preset: 'Trello' }, 'preset'],
  [{ preset: 'trello', slug: 'x' }, 'slug'],
])('%j is refused by the field', async (body, field) => {
  const answer = await api.post('/programs/default/preset', body).expect(422);
  expect(JSON.stringify(answer.body.errors)).toContain(field);
});

test('404 for a program that is not there', async () => {
  const { body } = await apply('trello', 'nowhere').expect(404);
  expect(body.code).toBe('request/not-found');
});

test('fifty at once make it once', async () => {
  await letter.newProgram('rush');
  const answers = await inFlight(50, range(50), async () => (await apply('getresponse', 'rush')).status);
  expect(answers.sort()).toEqual([201, ...range(49).map(() => 409)]);
  expect((await api.get('/programs/rush/milestones')).body.data).toHaveLength(3);
});
