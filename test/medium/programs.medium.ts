import { afterEach, describe, expect, test } from 'vitest';
import { EnrolExisting } from '../../src/flows/enrol-existing.js';
import { EnterProgram } from '../../src/flows/enter-program.js';
import { Erase } from '../../src/flows/erase.js';
import { DAY, startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';

const app = await startApp();
afterEach(() => app.clock.set(null));

const SETTINGS = {
  name: 'Mill Partners',
  access: 'application',
  landingUrl: 'https://letter.example/partners',
  joinFields: ['company', { name: 'seats', label: 'How many seats?', options: ['1-10', '11-100'] }],
  askHeardFrom: true,
  description: 'Bring bakeries, share in the bread.',
  termsUrl: 'https://letter.example/terms',
  faq: [{ question: 'Who counts?', answer: 'Whoever never read us.\nNobody else.' }],
  steps: ['Apply', { title: 'We read it', text: 'Within five days.' }],
  shareMessage: 'They are good: {url}',
  requirements: ['fee', 'certified'],
  handIn: true,
};

describe('a further program', () => {
  test('keeps what it is told, and has the defaults for the rest', async () => {
    const publication = await newPublication(app);
    const made = await publication.admin.post('/programs', {
      slug: 'mill',
      ...SETTINGS,
      verification: { holdDays: 3 },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...SETTINGS,
      slug: 'mill',
      segment: null,
      attribution: { model: 'first', windowDays: 30 },
      verification: { holdDays: 3 },
      delivery: { when: 'immediate' },
      pageUrl: `${app.url}/p/${publication.slug}/mill`,
    });
    expect((await publication.admin.get('/programs/mill')).body).toEqual(made.body);
    const list = await publication.admin.get('/programs');
    expect(list.body.data.map(({ slug }: { slug: string }) => slug)).toEqual(['default', 'mill']);
  });

  test('changes what a PATCH names and nothing else', async () => {
    const publication = await newPublication(app);
    const { body: before } = await publication.admin.post('/programs', { slug: 'mill', ...SETTINGS });
    const { body: after } = await publication.admin.patch('/programs/mill', { faq: [], shareMessage: null });
    expect(after).toEqual({ ...before, faq: [], shareMessage: null });
  });

  test('has a slug of its own in the publication, also of 50 made at once', async () => {
    const publication = await newPublication(app);
    const other = await newPublication(app);
    const answers = await inFlight(50, range(50), () => publication.admin.post('/programs', { slug: 'x', name: 'X' }));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...range(49).map(() => 409)]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('program/slug-taken');
    expect((await other.admin.post('/programs', { slug: 'x', name: 'X' })).status).toBe(201);
  });

  test.each([
    [{ access: 'segment' }, 'segment'],
    [{ requirements: ['fee'], access: 'open' }, 'requirements'],
    [{ requirements: ['a fee'], access: 'invite' }, 'requirements[0]'],
    [{ requirements: ['fee', 'fee'], access: 'invite' }, 'requirements'],
    [{ joinFields: ['email'] }, 'joinFields[0]'],
    [{ joinFields: [{ name: 'heardFrom', label: 'x' }] }, 'joinFields[0]'],
    [{ joinFields: ['company', { name: 'company', label: 'Firm' }] }, 'joinFields'],
    [{ faq: [{ question: 'x\u0000', answer: 'y' }] }, 'faq[0].question'],
    [{ faq: [{ question: 'x', answer: 'a\u202Eb' }] }, 'faq[0].answer'],
    [{ faq: [{ question: 'x', answer: 'y'.repeat(2_001) }] }, 'faq[0].answer'],
    [{ steps: range(9).map(String) }, 'steps'],
    [{ shareMessage: 'x'.repeat(501) }, 'shareMessage'],
    [{ shareMessage: '{url} and {url}' }, 'shareMessage'],
    [{ termsUrl: 'javascript:alert(1)' }, 'termsUrl'],
    [{ access: 'everybody' }, 'access'],
  ])('refuses %j, naming the field', async (settings, path) => {
    const publication = await newPublication(app);
    const answer = await publication.admin.post('/programs', { slug: 'x', name: 'X', ...settings });
    expect([answer.status, answer.body.errors?.[0]?.path.replace(/\.(name|label)$/, '')]).toEqual([422, path]);
    expect((await publication.admin.get('/programs')).body.data).toHaveLength(1);
  });
});

describe('two programs side by side', () => {
  test('have codes, counts and ladders of their own', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', { access: 'invite' });
    const reward = await publication.reward();
    const rung = {
      name: 'One',
      stage: 'verified',
      threshold: 1,
      recipient: 'referrer',
      rewardId: reward.id,
      past: 'ignore',
    };
    expect((await publication.admin.post('/programs/partners/milestones', rung)).status).toBe(201);
    const ana = await publication.reader();
    const { body: participant } = await program.add({ subscriberId: ana.id });
    expect(participant).toMatchObject({ status: 'active', shareCode: expect.any(String) });
    expect(participant.shareCode).not.toBe(ana.code);

    await publication.verifiedFriend(ana.code);
    expect(await publication.grants({ subscriberId: ana.id })).toEqual([]);
    const { referral } = await publication.verifiedFriend(participant.shareCode);
    expect(referral.programId).toBe(program.id);
    expect(await publication.grants({ subscriberId: ana.id })).toHaveLength(1);
    await publication.verifiedFriend(participant.shareCode);
    const standing = await publication.participationsOf(ana.id);
    expect(standing['default']).toMatchObject({ status: 'active', referralCount: 1 });
    expect(standing['partners']).toMatchObject({ status: 'active', referralCount: 2 });
    expect((await program.list())[0]).toMatchObject({ referralCount: 2, subscriber: { id: ana.id, email: ana.email } });
  });
});

describe('an applicant', () => {
  test('has no link before all is ticked off and a person said yes, and has one afterwards', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', {
      access: 'application',
      requirements: ['fee', 'certified'],
    });
    const ana = await publication.reader();
    const applied = await program.add({ email: ana.email.toUpperCase() });
    expect([applied.status, applied.body]).toMatchObject([
      201,
      { status: 'applied', shareCode: null, requirements: { fee: false, certified: false } },
    ]);
    expect((await program.approve(applied.body.id)).body.code).toBe('participant/requirements-open');
    expect((await program.add({ subscriberId: ana.id, requirements: { fee: true } })).status).toBe(200);
    const refused = await program.approve(applied.body.id);
    expect([refused.status, refused.body.detail]).toEqual([409, 'Not ticked off yet: certified']);
    await program.add({ email: ana.email, requirements: { certified: true } });
    expect((await publication.participationsOf(ana.id))['partners']).toMatchObject({
      status: 'applied',
      shareCode: null,
    });
    expect(await app.rows(`select code from share_codes where participant_id = $1`, [applied.body.id])).toEqual([]);

    const approved = await program.approve(applied.body.id);
    expect(approved.body).toMatchObject({ status: 'active', requirements: { fee: true, certified: true } });
    expect((await publication.verifiedFriend(approved.body.shareCode)).referral.state).toBe('verified');
    expect((await program.approve(applied.body.id)).body.code).toBe('participant/wrong-status');
    expect((await program.reject(applied.body.id)).body.code).toBe('participant/wrong-status');
    await app.tick();
    const subjects = (await app.mails(ana.email)).map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining(['We are reading your application for partners', 'You are in: partners']),
    );
  });

  test('who was turned down may be let in after all', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', { access: 'application' });
    const ana = await publication.reader();
    const { body } = await program.add({ subscriberId: ana.id });
    expect((await program.reject(body.id)).body).toMatchObject({ status: 'rejected', shareCode: null });
    expect((await program.approve(body.id)).body.status).toBe('active');
  });

  test('is let in once by 50 who approve at once', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', { access: 'application' });
    const ana = await publication.reader();
    const { body } = await program.add({ subscriberId: ana.id });
    const answers = await inFlight(50, range(50), () => program.approve(body.id));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...range(49).map(() => 409)]);
    const codes = await app.rows(`select code from share_codes where participant_id = $1`, [body.id]);
    expect(codes).toHaveLength(1);
  });

  test('who presses 50 times at once has applied once, is told once, and so is the publication', async () => {
    const publication = await newPublication(app);
    await publication.admin.post('/webhooks', { url: 'https://hooks.invalid/', events: ['participant.applied'] });
    const program = await publication.newProgram('partners', { access: 'application', joinFields: ['company'] });
    const ana = await publication.reader();
    const form = { company: 'Mill', why: 'I know bakers.', plan: 'gold' };
    await inFlight(50, range(50), () => app.get(EnterProgram).press(publication.id, ana.id, 'partners', form));
    expect(await program.list()).toMatchObject([
      { status: 'applied', answers: { company: 'Mill', why: 'I know bakers.' } },
    ]);
    const told = await app.rows(`select data from webhook_deliveries where publication_id = $1`, [publication.id]);
    expect(told).toMatchObject([{ data: { program: 'partners', subscriber: { id: ana.id, email: ana.email } } }]);
    await app.tick();
    const mails = (await app.mails(ana.email)).filter(({ subject }) => subject.includes('application'));
    expect(mails).toHaveLength(1);
  });

  test('who is erased leaves nothing of what they wrote', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', { access: 'application' });
    const ana = await publication.reader();
    await app.get(EnterProgram).press(publication.id, ana.id, 'partners', { why: 'MARKER' });
    await app.get(Erase).run(publication.id, ana.id);
    expect(await program.list()).toMatchObject([{ answers: {}, subscriber: { email: null, firstName: null } }]);
  });
});

describe('an invitation', () => {
  test('lets in at once, or waits for the press of whom it asks', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('circle', { access: 'invite' });
    const [ana, ben, eve] = [await publication.reader(), await publication.reader(), await publication.reader()];
    expect((await program.add({ email: ana.email })).body.status).toBe('active');
    expect((await program.add({ email: ben.email, ask: true })).body).toMatchObject({
      status: 'invited',
      shareCode: null,
    });
    const enter = app.get(EnterProgram);
    await enter.press(publication.id, ben.id, 'circle', {});
    await enter.press(publication.id, eve.id, 'circle', {});
    expect((await publication.participationsOf(ben.id))['circle']).toMatchObject({ status: 'active' });
    expect(await publication.participationsOf(eve.id)).not.toHaveProperty('circle');
    expect(await enter.look(publication.id, eve.id, 'circle')).toBeNull();
    await app.tick();
    expect((await app.mails(ana.email)).map(({ subject }) => subject)).toContain('Welcome to circle');
    expect((await app.mails(ben.email)).map(({ subject }) => subject)).toContain('An invitation to circle');
  });

  test('with something required lets in with the last tick', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('certified', { access: 'invite', requirements: ['certified'] });
    const ana = await publication.reader();
    expect((await program.add({ email: ana.email })).body).toMatchObject({ status: 'invited', shareCode: null });
    const certified = await program.add({ email: ana.email, requirements: { certified: true } });
    expect(certified.body).toMatchObject({ status: 'active', shareCode: expect.any(String) });
  });

  test.each([
    [{ email: 'nobody@mail.example' }, 'email'],
    [{ subscriberId: '0193515c-7a2e-7000-8000-000000000001' }, 'subscriberId'],
    [{}, 'subscriberId'],
    [{ email: 'nobody' }, 'email'],
    [{ email: 'KNOWN', requirements: { fee: true } }, 'requirements.fee'],
  ])('of %j is 422', async (body, path) => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('circle', { access: 'invite' });
    const reader = await publication.reader();
    const answer = await program.add(
      'email' in body && body.email === 'KNOWN' ? { ...body, email: reader.email } : body,
    );
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    expect(await program.list()).toEqual([]);
  });

  test('of a reader of another publication is 422', async () => {
    const [publication, other] = [await newPublication(app), await newPublication(app)];
    const program = await publication.newProgram('circle', { access: 'invite' });
    const stranger = await other.reader();
    expect((await program.add({ subscriberId: stranger.id })).status).toBe(422);
  });
});

describe('a program that opens later', () => {
  test('takes in every reader there is and who comes meanwhile, each once, whoever runs it and wherever it stopped', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('circle', { access: 'invite' });
    const readers = await inFlight(10, range(620), () => publication.signUp());
    await program.add({ subscriberId: readers[0]!.id, ask: true });
    const { body: turnedDown } = await program.add({ subscriberId: readers[1]!.id, ask: true });
    await program.reject(turnedDown.id);
    const [, late] = await Promise.all([
      program.patch({ access: 'auto' }),
      inFlight(10, range(30), () => publication.signUp()),
    ]);
    const enrol = app.get(EnrolExisting);
    await Promise.all([enrol.run(), enrol.run(), ...range(20).map(async () => late.push(await publication.signUp()))]);
    await enrol.run();
    const rows = await app.rows<{ subscriberId: string; status: string; codes: number }>(
      `select p.subscriber_id, p.status, count(c.code)::int as codes from participants p
       left join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
       where p.publication_id = $1 and p.program_id = $2 group by p.subscriber_id, p.status`,
      [publication.id, program.id],
    );
    expect(rows).toHaveLength(readers.length + late.length);
    const out = rows.filter(({ status }) => status !== 'active');
    expect(out).toEqual([{ subscriberId: readers[1]!.id, status: 'rejected', codes: 0 }]);
    expect(rows.filter(({ status, codes }) => status === 'active' && codes !== 1)).toEqual([]);
  });

  test('by a press is only for who presses', async () => {
    const publication = await newPublication(app);
    await publication.newProgram('circle', { access: 'open' });
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    await app.get(EnterProgram).press(publication.id, ana.id, 'circle', {});
    await app.get(EnrolExisting).run();
    expect((await publication.participationsOf(ana.id))['circle']).toMatchObject({ status: 'active' });
    expect(await publication.participationsOf(ben.id)).not.toHaveProperty('circle');
  });
});

describe('a program of a segment', () => {
  const segment = { all: [{ attribute: 'plan', is: 'pro' }] };

  test('takes in who signs up with the facts, who gets them, and who had them; and nobody who loses them', async () => {
    const publication = await newPublication(app);
    const before = await publication.reader(undefined, { attributes: { plan: 'pro' } });
    const other = await publication.reader(undefined, { attributes: { plan: 'free' } });
    await publication.newProgram('pro', { access: 'segment', segment });
    await app.get(EnrolExisting).run();
    const after = await publication.reader(undefined, { attributes: { plan: 'pro' } });
    const is = async ({ id }: { id: string }) => (await publication.participationsOf(id))['pro']?.status ?? null;
    expect([await is(before), await is(other), await is(after)]).toEqual(['active', null, 'active']);
    await publication.admin.patch(`/subscribers/${other.id}`, { attributes: { plan: 'Pro' } });
    await publication.admin.patch(`/subscribers/${after.id}`, { attributes: { plan: 'free' } });
    expect([await is(other), await is(after)]).toEqual(['active', 'active']);
  });

  test('finds once a day who got the facts some other way, and at once whom a change of it takes in', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('pro', { access: 'segment', segment });
    const reader = await publication.reader();
    await app.get(EnrolExisting).run();
    await app.rows(`update subscribers set attributes = '{"plan": "pro"}' where id = $1`, [reader.id]);
    await app.get(EnrolExisting).run();
    const is = async () => (await publication.participationsOf(reader.id))['pro']?.status ?? null;
    expect(await is()).toBeNull();
    app.advance(DAY + 1_000);
    await app.get(EnrolExisting).run();
    expect(await is()).toBe('active');

    const free = await publication.reader(undefined, { attributes: { plan: 'free' } });
    await program.patch({ segment: { all: [{ attribute: 'plan', in: ['pro', 'free'] }] } });
    await app.get(EnrolExisting).run();
    expect((await publication.participationsOf(free.id))['pro']).toMatchObject({ status: 'active' });
  });
});

describe('what readers say of how they heard of it', () => {
  test('is counted beside what was tracked, of those who confirmed', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader();
    const say = (heardFrom: string, ref?: string, confirmed = true) =>
      publication.signUp(undefined, { heardFrom, confirmed, source: 'api', ...(ref === undefined ? {} : { ref }) });
    for (const [heardFrom, ref] of [
      ['friend', ana.code],
      ['Friend', ana.code],
      ['friend'],
      ['search'],
      ['search', ana.code],
      ['My aunt'],
    ] as const) {
      await say(heardFrom, ref);
    }
    await say('friend', ana.code, false);
    const gone = await say('podcast');
    await app.get(Erase).run(publication.id, gone.id);
    const { body } = await publication.admin.get('/reports/heard-from');
    expect(body).toEqual({
      data: [
        { answer: 'friend', readers: 3, tracked: 2, agreeing: 2 },
        { answer: 'search', readers: 2, tracked: 1, agreeing: 1 },
        { answer: 'my aunt', readers: 1, tracked: 0, agreeing: null },
      ],
      agreement: 3 / 5,
    });
    const tomorrow = new Date(app.clock.now().getTime() + DAY).toISOString().slice(0, 10);
    expect((await publication.admin.get(`/reports/heard-from?from=${tomorrow}`)).body).toEqual({
      data: [],
      agreement: null,
    });
  });
});
