import { describe, expect, test } from 'vitest';
import { HOUR, startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

describe('a link that a mail program has cut', () => {
  test('leads back to the form and to the door of its publication, and opens nothing', async () => {
    const publication = await newPublication(app, { locale: 'ja' });
    const { id } = await publication.signUp();
    const confirm = await app.confirmToken(publication.id, id);
    const hub = app.token('hub', publication.id, id, new Date(app.clock.now().getTime() + HOUR));
    for (const [path, token, way] of [
      ['confirm', confirm, `action="/join/${publication.slug}"`],
      ['hub', hub, `/hub?publication&#x3D;${publication.slug}`],
    ] as const) {
      for (const cut of [token.slice(0, -1), token.slice(0, 22), `${token}x`]) {
        const { status, text } = await app.http.get(`/${path}/${cut}`);
        expect([status, text.includes('lang="ja"'), text.replaceAll('=', '&#x3D;')], cut).toEqual([
          404,
          true,
          expect.stringContaining(way.replaceAll('=', '&#x3D;')),
        ]);
      }
      for (const other of [token.slice(0, 21), 'A'.repeat(70), 'nothing']) {
        const { status, text } = await app.http.get(`/${path}/${other}`);
        expect([status, text.includes(publication.slug)], other).toEqual([404, false]);
      }
    }
    expect((await app.http.post(`/confirm/${confirm.slice(0, -1)}`)).status).toBe(404);
  });
});
