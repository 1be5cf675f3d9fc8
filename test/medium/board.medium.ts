import { describe, expect, test } from 'vitest';
import { HOUR, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

/* The board of a program, as its readers see it. */

const app = await startApp();
app.clock.set(new Date('2026-11-20T12:00:00Z'));

const boardOf = (publication: TestPublication, readerId: string): string =>
  `/hub/${app.token('hub', publication.id, readerId, new Date(app.clock.now().getTime() + HOUR))}/board`;
const showName = (path: string, boardName: unknown) => app.http.post(path).type('form').send({ boardName });

async function withBoard(): Promise<TestPublication> {
  const publication = await newPublication(app, { timezone: 'Asia/Tokyo' });
  await publication.admin.patch('/programs/default', { showsBoard: true });
  return publication;
}

/** What stands in the table, a line for each place. */
const lines = (html: string): string[] =>
  [...html.matchAll(/<tr(?: class="me")?><td[^]*?<\/tr>/g)].map(([row]) =>
    row.replace(/<\/td><td[^>]*>/g, ' | ').replace(/<[^>]+>/g, ''),
  );

async function reader(publication: TestPublication, friends: number) {
  const one = await publication.reader();
  for (let n = 0; n < friends; n += 1) await publication.verifiedFriend(one.code);
  return one;
}

describe('the board', () => {
  test('is not there where the program shows none', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    expect((await app.http.get(boardOf(publication, id))).status).toBe(404);
    expect((await showName(boardOf(publication, id), 'Ana')).status).toBe(404);
  });

  test('names who chose a name, and tells nothing of the others', async () => {
    const publication = await withBoard();
    const first = await publication.reader('first@mail.example', { firstName: 'Giulia' });
    for (let n = 0; n < 3; n += 1) await publication.verifiedFriend(first.code);
    const second = await reader(publication, 2);
    const own = await reader(publication, 1);
    const path = boardOf(publication, own.id);
    const { text } = await app.http.get(path);
    expect(lines(text)).toEqual(['1 | a reader | 3', '2 | a reader | 2', '3 | You | 1']);
    for (const told of ['Giulia', 'first@', first.id, first.code, second.email]) expect(text).not.toContain(told);

    const kept = await showName(boardOf(publication, second.id), '  Tomás B. ');
    expect(kept.status).toBe(303);
    expect(lines((await app.http.get(path)).text)[1]).toBe('2 | Tomás B. | 2');
    await showName(boardOf(publication, second.id), '');
    expect(lines((await app.http.get(path)).text)[1]).toBe('2 | a reader | 2');
  });

  test('shows ten, and the reader’s own place behind them', async () => {
    const publication = await withBoard();
    const first = await reader(publication, 2);
    for (let n = 0; n < 9; n += 1) await reader(publication, 1);
    const last = await reader(publication, 1);
    const none = await publication.reader();
    expect(lines((await app.http.get(boardOf(publication, last.id))).text).at(-1)).toBe('11 | You | 1');
    expect(lines((await app.http.get(boardOf(publication, none.id))).text)).toHaveLength(10);
    expect(lines((await app.http.get(boardOf(publication, first.id))).text)[0]).toBe('1 | You | 2');
  });

  test('is of the present month in the publication’s zone', async () => {
    const publication = await withBoard();
    app.clock.set(new Date('2026-10-31T14:00:00Z'));
    const one = await reader(publication, 1);
    app.clock.set(new Date('2026-10-31T15:30:00Z')); // 1 November in Tokyo
    expect((await app.http.get(boardOf(publication, one.id))).text).toContain('Nobody has brought a friend this month');
    await publication.verifiedFriend(one.code);
    const { text } = await app.http.get(boardOf(publication, one.id));
    expect([lines(text), text.includes('November so far')]).toEqual([['1 | You | 1'], true]);
    app.clock.set(new Date('2026-11-20T12:00:00Z'));
  });

  test.each(['www.bread.example', '\u202Egnp'])('does not take the name %j', async (name) => {
    const publication = await withBoard();
    const { id } = await publication.reader();
    const { status, text } = await showName(boardOf(publication, id), name);
    expect([status, text]).toEqual([422, expect.stringContaining('id="board-error"')]);
    expect(await app.rows('select board_name from subscribers where id = $1', [id])).toEqual([{ boardName: null }]);
  });

  test('shows a name as text, whatever is in it', async () => {
    const publication = await withBoard();
    const one = await reader(publication, 1);
    await showName(boardOf(publication, one.id), '<b>Ana</b>');
    const { text } = await app.http.get(boardOf(publication, one.id));
    expect(text).not.toContain('<b>Ana');
  });
});
