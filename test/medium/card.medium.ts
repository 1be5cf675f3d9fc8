import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

/* What chats show of a shared link. */

const app = await startApp();
const SLACK = 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)';
const PNG = [0x89, 0x50, 0x4e, 0x47];

async function shared(fields: Parameters<typeof newPublication>[1] = {}) {
  const publication = await newPublication(app, fields);
  await publication.admin.put('/contents/rye', {
    title: 'How rye got its groove',
    description: 'A slow story',
    url: 'https://letter.example/rye',
    kind: 'issue',
  });
  const { code } = await publication.reader();
  const open = (path: string, userAgent: string) => app.http.get(path).set('user-agent', userAgent);
  const metas = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">/g)].map(
        ([, name, content]) => [name!, content!.replaceAll('&#x3D;', '=')],
      ),
    );
  return { publication, code, open, metas };
}

describe('a chat that looks what a share link is', () => {
  test('is led where everybody is, and finds the picture and the words of the join page there; nothing is counted', async () => {
    const { publication, code, open, metas } = await shared({ name: 'The Loaf' });
    const { headers } = await open(`/r/${code}?via=line`, SLACK);
    const { pathname, search } = new URL(headers.location as string);
    const page = await open(pathname + search, SLACK);
    expect(metas(page.text)).toMatchObject({
      'og:title': 'The Loaf',
      'og:image': `${app.url}/card/${publication.slug}.png`,
      'og:url': `${app.url}/join/${publication.slug}`,
      'twitter:card': 'summary_large_image',
    });
    const clicks = await app.rows('select class from clicks where publication_id = $1', [publication.id]);
    expect(clicks).toEqual([{ class: 'bot' }]);
  });

  test('finds those of what was shared, where the join page is of it', async () => {
    const { publication, code, open, metas } = await shared();
    const join = await open(`/join/${publication.slug}?ref=${code}&content=rye`, SLACK);
    expect(metas(join.text)).toMatchObject({
      'og:title': 'How rye got its groove',
      'og:description': 'A slow story',
      'og:image': `${app.url}/card/${publication.slug}/rye.png`,
    });
    expect(JSON.stringify(metas(join.text))).not.toContain(code);
  });

  test.each([
    ['plain', 'How rye got its groove'],
    ['long', 'An inquiry into '.repeat(18)],
    ['without a place to break', 'Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(6)],
    ['Japanese', '町のパン屋は朝四時に何をしているのか、'.repeat(8)],
    ['right to left', 'مرحبا بالعالم خبز الجاودار'],
    ['of signs that no font has', '👩‍🍳🍞 𓀀'],
    ['of markup', '<script>alert(1)</script>"&'],
  ])('shows a picture of 1200 × 630 whose title is %s', async (_, title) => {
    const { publication } = await shared({ locale: title.includes('町') ? 'ja' : 'en' });
    await publication.admin.put('/contents/x', {
      title: title.slice(0, 300),
      url: 'https://letter.example/',
      kind: 'article',
    });
    const path = `/card/${publication.slug}/x.png`;
    const picture = await app.http.get(path).buffer(true);
    expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
    const bytes = picture.body as Buffer;
    expect([...bytes.subarray(0, 4)]).toEqual(PNG);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
    const again = await app.http.get(path).set('if-none-match', picture.headers.etag as string);
    expect(again.status).toBe(304);
  });

  test('finds nothing where there is nothing', async () => {
    const { publication } = await shared();
    for (const path of ['/card/nobody', `/card/${publication.slug}/nothing`, `/card/${publication.slug}/nothing.png`]) {
      expect((await app.http.get(path)).status).toBe(404);
    }
  });
});
