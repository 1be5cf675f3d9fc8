import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEndOfFile } from './file-end.js';

/*
 * A publication's own site, on an origin of its own, with the policy that docs/embed.md asks for. Each page has the script,
 * links to the others, and the form.
 */

export interface LetterSite {
  /** `http://localhost:{port}`: another site than the service at 127.0.0.1, as it is in earnest. */
  origin: string;
  /** Paths with their queries, as they were asked for. */
  asked: string[];
}

interface Page {
  /** Attributes of the script beside `src`. */
  script: string;
  /** Inside the form, after its fields. */
  form?: string;
  lang?: string;
  /** Where another link leads. */
  elsewhere?: string;
}

/** `page` is read for each request: what a test changes in it shows on the next one. */
export async function startSite(serviceUrl: string, page: Page): Promise<LetterSite> {
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    reply.setHeader('content-type', 'text/html; charset=utf-8');
    reply.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src ${serviceUrl}; connect-src ${serviceUrl}; form-action ${serviceUrl}`,
    );
    reply.end(html(serviceUrl, page));
  });
  atEndOfFile(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, asked };
}

function html(serviceUrl: string, { script, form = '', lang = 'en', elsewhere = '/' }: Page): string {
  const publication = /data-publication="([^"]*)"/.exec(script)?.[1];
  return `<!doctype html>
<html lang="${lang}">
<head><meta charset="utf-8"><title>Letter</title><link rel="icon" href="data:,"><script src="${serviceUrl}/embed.js" ${script} defer></script></head>
<body>
<nav>
  <a id="about" href="/about?page=1#team">About</a> <a id="join" href="/join">Join</a>
  <a id="top" href="#top">Top</a> <a id="elsewhere" href="${elsewhere}">Elsewhere</a>
</nav>
<form data-kuchikomi method="post" action="${serviceUrl}/join/${publication}" novalidate>
  <label>Email <input name="email" type="email" autocomplete="email" required></label>
  <label>First name <input name="firstName"></label>
  <label>How did you hear of us? <input name="heardFrom"></label>
  <input name="website" tabindex="-1" autocomplete="off" aria-hidden="true" hidden>
  <button>Join</button>
  ${form}
</form>
</body>
</html>`;
}
