import { afterEach, describe, expect, test } from 'vitest';
import { HAND_IN_LIMIT } from '../../src/domain/hand-in.js';
import { Erase } from '../../src/flows/erase.js';
import { EnterProgram } from '../../src/flows/enter-program.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
afterEach(() => app.clock.set(null));

let networks = 0;
/** An address in a network of its own. */
const freshIp = () => `10.9.${++networks}.7`;
const get = (path: string) => app.http.get(path).set('accept', 'text/html');
const post = (path: string, form: object = {}) =>
  app.http.post(path).set('accept', 'text/html').set('x-forwarded-for', freshIp()).type('form').send(form);
const hubOf = (publication: TestPublication, id: string) =>
  `/hub/${app.token('hub', publication.id, id, new Date(app.clock.now().getTime() + HOUR))}`;
const told = ({ status, headers, text }: { status: number; headers: Record<string, string>; text: string }) => {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { status, headers: rest, text };
};

describe('the page of a program', () => {
  test('tells what it is, and of one by invitation nothing in any byte', async () => {
    const publication = await newPublication(app);
    await publication.newProgram('open', {
      access: 'open',
      name: 'Open <Circle>',
      description: 'For friends.',
      steps: ['Press', { title: 'Share', text: 'Anywhere.' }],
      faq: [{ question: 'Who & why?', answer: 'You.' }],
      termsUrl: 'https://letter.example/terms',
    });
    const secret = await publication.newProgram('secret', { access: 'invite' });
    await secret.add({ subscriberId: (await publication.reader()).id });
    const { status, text } = await get(`/p/${publication.slug}/open`);
    expect(status).toBe(200);
    for (const part of ['Open &lt;Circle&gt;', 'For friends.', 'Anywhere.', 'Who &amp; why?', 'letter.example/terms']) {
      expect(text).toContain(part);
    }
    for (const accept of ['text/html', 'application/json', '*/*']) {
      for (const method of ['get', 'post'] as const) {
        const answers = await Promise.all(
          [
            `/p/${publication.slug}/secret`,
            `/p/${publication.slug}/no-such`,
            '/p/nobody/no-such',
            `/p/${publication.slug}/No_Slug`,
          ].map((path) => app.http[method](path).set('accept', accept)),
        );
        expect(answers[0]!.status).toBe(404);
        for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
      }
    }
  });

  test('opens later at the same address', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('circle', { access: 'invite' });
    expect((await get(`/p/${publication.slug}/circle`)).status).toBe(404);
    await program.patch({ access: 'open' });
    expect((await get(`/p/${publication.slug}/circle`)).status).toBe(200);
  });

  test('answers every address the same, and mails the way in to readers alone, within limits', async () => {
    const publication = await newPublication(app);
    await publication.newProgram('mill', { access: 'application' });
    const path = `/p/${publication.slug}/mill`;
    const reader = await publication.reader('reader@mail.example');
    await publication.signUp('pending@mail.example');
    const left = await publication.reader('left@mail.example');
    await publication.admin.post(`/subscribers/${left.id}/unsubscribe`);
    const erased = await publication.reader('erased@mail.example');
    await app.get(Erase).run(publication.id, erased.id);
    await app.tick();
    const before = (await app.mails()).length;
    const answers = [];
    for (const name of ['reader', 'pending', 'left', 'erased', 'nobody']) {
      answers.push(told(await post(path, { email: `${name}@mail.example` })));
    }
    answers.push(told(await post(path, { email: 'reader@mail.example', website: 'x' })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await app.tick();
    const mails = (await app.mails()).slice(before);
    expect(mails.map(({ recipient }) => recipient)).toEqual([reader.email]);
    expect(mails[0]!.text).toMatch(/\/hub\/[\w-]+\/programs\/mill/);
    await inFlight(50, range(50), () => post(path, { email: reader.email }));
    await app.tick();
    expect((await app.mails()).slice(before)).toHaveLength(1);
    expect((await post(path, { email: 'mika@mail' })).status).toBe(422);
  });
});

describe('the door of a program', () => {
  test('is opened by the link from the mail: look, press, how it stands', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('mill', {
      access: 'application',
      requirements: ['fee'],
      joinFields: ['company', { name: 'seats', label: 'Seats', options: ['1', '2'] }],
    });
    const reader = await publication.reader();
    const door = `${hubOf(publication, reader.id)}/programs/mill`;
    const before = await app.snapshot();
    const looked = await get(door);
    expect([looked.status, await app.snapshot()]).toEqual([200, before]);
    expect(looked.text).toContain('Seats');
    const pressed = await post(door, { company: 'Mill', seats: '3', why: 'Line\r\nbreak', plan: 'gold' });
    expect([pressed.status, pressed.headers['location']]).toEqual([303, door]);
    const [participant] = await program.list();
    expect(participant).toMatchObject({ status: 'applied', answers: { company: 'Mill', why: 'Line\nbreak' } });
    expect((await get(door)).text).toContain('We are reading it');
    await program.add({ subscriberId: reader.id, requirements: { fee: true } });
    await program.approve(participant.id);
    expect((await get(door)).text).toContain('You are in');
    const { shareCode } = (await program.list())[0];
    expect((await get(`${hubOf(publication, reader.id)}?program=mill`)).text).toContain(`/r/${shareCode}`);
  });

  test('of one by invitation is only there for who is invited', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('circle', { access: 'invite', name: 'The Circle' });
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    await program.add({ subscriberId: ana.id, ask: true });
    const missing = told(await get(`${hubOf(publication, ben.id)}/programs/no-such`));
    expect(told(await get(`${hubOf(publication, ben.id)}/programs/circle`))).toEqual(missing);
    await post(`${hubOf(publication, ben.id)}/programs/circle`);
    expect(await program.list()).toHaveLength(1);
    expect((await get(hubOf(publication, ben.id))).text).not.toContain('Circle');
    expect((await get(hubOf(publication, ana.id))).text).toContain('The Circle');
    expect((await get(`${hubOf(publication, ana.id)}/programs/circle`)).text).toContain('Come and join: The Circle');
  });

  test('opens to nobody with a token that is too old, or is none', async () => {
    const publication = await newPublication(app);
    await publication.newProgram('circle', { access: 'open' });
    const reader = await publication.reader();
    const old = app.token('hub', publication.id, reader.id, new Date(app.clock.now().getTime() - 1_000));
    for (const [token, status] of [
      [old, 410],
      ['nothing', 404],
      [app.token('confirm', publication.id, reader.id), 404],
    ] as const) {
      expect((await get(`/hub/${token}/programs/circle`)).status).toBe(status);
      expect((await post(`/hub/${token}/programs/circle`)).status).toBe(status);
      expect((await post(`/hub/${token}/leads`, { email: 'a@firm.example', agreed: 'yes' })).status).toBe(status);
    }
    expect(await publication.participationsOf(reader.id)).not.toHaveProperty('circle');
  });
});

describe('the hub of a reader in several programs', () => {
  test('shows the one that is asked for with its own link, and leads to the others', async () => {
    const publication = await newPublication(app);
    await publication.newProgram('circle', {
      access: 'open',
      name: 'The Circle',
      steps: ['Circle step'],
      faq: [{ question: 'Circle question', answer: 'Yes.' }],
      shareMessage: 'Read {url} now',
    });
    const reader = await publication.reader();
    const hub = hubOf(publication, reader.id);
    expect((await get(hub)).text).toContain(`${hub}/programs/circle`);
    await app.get(EnterProgram).press(publication.id, reader.id, 'circle', {});
    const { circle } = await publication.participationsOf(reader.id);
    const [first, second] = [await get(hub), await get(`${hub}?program=circle`)];
    expect(first.text).toContain(`/r/${reader.code}`);
    expect(first.text).not.toContain(`/r/${circle!.shareCode}`);
    expect(first.text).not.toContain('Circle step');
    expect(second.text).toContain(`/r/${circle!.shareCode}`);
    for (const part of [
      'Circle step',
      'Circle question',
      encodeURIComponent(`Read ${app.url}/r/${circle!.shareCode}?via=x now`),
    ]) {
      expect(second.text).toContain(part);
    }
    expect((await get(`${hub}?program=no-such`)).text).toContain(`/r/${reader.code}`);
  });

  test('who takes part in nothing is offered what there is', async () => {
    const publication = await newPublication(app);
    await publication.admin.patch('/programs/default', { access: 'open' });
    const reader = await publication.signUp(undefined, { confirmed: true, source: 'api' });
    const hub = hubOf(publication, reader.id);
    const page = await get(hub);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(`${hub}/programs/default`)]);
    await post(`${hub}/programs/default`);
    expect((await get(hub)).text).toContain(`/r/${await publication.codeOf(reader.id)}`);
  });
});

describe('the join form', () => {
  test('asks what the program asks, of new readers, and how they heard of it', async () => {
    const publication = await newPublication(app);
    await publication.admin.patch('/programs/default', {
      askHeardFrom: true,
      joinFields: ['company', { name: 'oven', label: 'What <oven>?', options: ['gas', 'wood'] }],
    });
    const page = await get(`/join/${publication.slug}`);
    for (const part of ['How did you hear about us?', 'What &lt;oven&gt;?', 'name="company"']) {
      expect(page.text).toContain(part);
    }
    const form = { email: 'new@mail.example', company: 'Mill', oven: 'wood', plan: 'gold', heardFrom: 'friend' };
    await post(`/join/${publication.slug}`, form);
    const read = async () => (await publication.admin.get('/subscribers').query({ email: form.email })).body.data[0];
    expect(await read()).toMatchObject({ attributes: { company: 'Mill', oven: 'wood' }, heardFrom: 'friend' });
    // Anybody can type any address: of a known one the form writes nothing.
    await post(`/join/${publication.slug}`, { ...form, company: 'Other' });
    expect((await read()).attributes).toEqual({ company: 'Mill', oven: 'wood' });
    const wrong = await post(`/join/${publication.slug}`, { ...form, email: 'x', company: 'Kept "so"' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Kept &quot;so&quot;')]);
  });

  test('is that of the program whose link led there', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('b2b', { access: 'open', joinFields: ['companySize'] });
    const { shareCode } = (await program.add({ subscriberId: (await publication.reader()).id })).body;
    expect((await get(`/join/${publication.slug}`)).text).not.toContain('companySize');
    expect((await get(`/join/${publication.slug}?ref=${shareCode}`)).text).toContain('companySize');
    const form = { email: 'sized@mail.example', companySize: '11-50', ref: shareCode };
    const answer = await app.http.post(`/join/${publication.slug}`).set('accept', 'application/json').send(form);
    expect([answer.status, answer.body]).toEqual([202, {}]);
    const { body } = await publication.admin.get('/subscribers').query({ email: form.email });
    expect(body.data[0].attributes).toEqual({ companySize: '11-50' });
  });
});

describe('a contact on the hub', () => {
  async function newB2b() {
    const publication = await newPublication(app);
    await publication.admin.patch('/programs/default', { handIn: true });
    const reader = await publication.reader(undefined, { firstName: 'Ana' });
    return { publication, reader, hub: hubOf(publication, reader.id) };
  }

  test('is handed in, agrees by the button of its mail, and sees its own page', async () => {
    const { publication, reader, hub } = await newB2b();
    expect((await get(hub)).text).toContain(`${hub}/leads`);
    const form = { program: 'default', email: 'mika@firm.example', agreed: 'yes', firstName: 'TYPED', note: 'TYPED' };
    const sent = await post(`${hub}/leads`, form);
    expect([sent.status, sent.headers['location']]).toEqual([303, `${hub}?program=default&handed=1`]);
    expect((await get(sent.headers['location']!)).text).toContain('one mail is on its way');
    await app.tick();
    const [mail] = await app.mails('mika@firm.example');
    expect(mail!.text + mail!.html + mail!.subject).not.toContain('TYPED');
    const link = new URL(/http\S+\/handed-in\/\S+/.exec(mail!.text)![0]).pathname;
    const before = await app.snapshot();
    const page = await get(link);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ana recommends this to you')]);
    expect((await get(`${link}/stop`)).status).toBe(200);
    expect(await app.snapshot()).toEqual(before);
    const pressed = await post(link);
    expect([pressed.status, pressed.headers['location']]).toEqual([303, expect.stringMatching(/^\/hub\//)]);
    expect((await get(pressed.headers['location']!)).text).toContain('/r/');
    expect(await publication.countOf(reader.id)).toBe(1);
    app.advance(14 * DAY);
    expect((await post(link)).status).toBe(410);
  });

  test.each([
    [{ email: 'mika@firm.example' }, 'Please ask them first'],
    [{ email: 'mika@gmail.com', agreed: 'yes' }, 'This is an address for private mail'],
    [{ email: 'mika@firm', agreed: 'yes' }, 'The end of the address is missing'],
    [{ agreed: 'yes' }, 'Please write your address'],
  ])('with %j is asked for again', async (form, words) => {
    const { hub, publication } = await newB2b();
    const answer = await post(`${hub}/leads`, form);
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(words)]);
    expect(await app.rows(`select 1 from hand_ins where publication_id = $1`, [publication.id])).toEqual([]);
  });

  test('gets the same answer whether it is known or not, also at the limit', async () => {
    const { publication, hub } = await newB2b();
    await publication.reader('known@firm.example');
    const [known, unknown] = [
      await post(`${hub}/leads`, { email: 'known@firm.example', agreed: 'yes' }),
      await post(`${hub}/leads`, { email: 'unknown@firm.example', agreed: 'yes' }),
    ];
    expect(told(known)).toEqual(told(unknown));
    for (const n of range(HAND_IN_LIMIT.most - 2)) {
      await post(`${hub}/leads`, { email: `x${n}@firm.example`, agreed: 'yes' });
    }
    const statuses = await Promise.all(
      ['known', 'new'].map(
        async (name) => (await post(`${hub}/leads`, { email: `${name}@firm.example`, agreed: 'yes' })).status,
      ),
    );
    expect(statuses).toEqual([429, 429]);
  });

  test('is not handed in where the program does not ask for it', async () => {
    const { publication, hub } = await newB2b();
    await publication.admin.patch('/programs/default', { handIn: false });
    expect((await get(hub)).text).not.toContain('/leads');
    expect((await post(`${hub}/leads`, { email: 'mika@firm.example', agreed: 'yes' })).status).toBe(404);
  });

  test('stops it for good by the mail program, 20 times at once, and not with another body', async () => {
    const { publication, hub } = await newB2b();
    await post(`${hub}/leads`, { email: 'no@firm.example', agreed: 'yes' });
    await app.tick();
    const [mail] = await app.mails('no@firm.example');
    const stop = new URL(/http\S+\/stop/.exec(mail!.text)![0]).pathname;
    expect((await post(stop, { x: 'y' })).status).toBe(400);
    const answers = await Promise.all(range(20).map(() => post(stop, { 'List-Unsubscribe': 'One-Click' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await app.rows(`select 1 from hand_ins where publication_id = $1`, [publication.id])).toEqual([]);
    await post(`${hub}/leads`, { email: 'no@firm.example', agreed: 'yes' });
    await app.tick();
    expect(await app.rows(`select 1 from mails where recipient = 'no@firm.example'`)).toEqual([]);
  });
});
