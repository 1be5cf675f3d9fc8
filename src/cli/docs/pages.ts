import { ERRORS } from '../../domain/errors.js';
import { allows, type Permission, type Role } from '../../domain/permissions.js';
import { SETTINGS } from '../../platform/settings.js';

/** A route as Fastify knows it. One without a policy is closed to everybody. */
export interface Route {
  methods: string[];
  path: string;
  policy: 'public' | Permission | 'signed-in' | `signed-in ${Permission}` | undefined;
}

const ROLES: readonly Role[] = ['operator', 'admin', 'editor', 'marketing', 'site'];

export function configMd(): string {
  const settings = Object.entries(SETTINGS).map(([name, { meaning, whenUnset }]) => [code(name), meaning, whenUnset]);
  return page(
    'Settings',
    'Every environment variable that the service reads. An empty one counts as unset. A wrong one stops the start with a message that lists all problems. `npm start` also reads a file `.env` beside `package.json`; what the environment sets already wins.',
    table(['variable', 'meaning', 'when unset'], settings),
  );
}

export function envExample(): string {
  const settings = Object.entries(SETTINGS).map(
    ([name, { meaning, whenUnset }]) => `# ${meaning}\n# Unset: ${whenUnset}\n#${name}=\n`,
  );
  return `# Copy to .env, which npm start reads. Written by npm run docs out of src/platform/config.ts.\n\n${settings.join('\n')}`;
}

export function errorsMd(): string {
  const errors = Object.entries(ERRORS).map(([name, { status, title }]) => [code(name), String(status), title]);
  return page(
    'Errors',
    'Errors are answered as `application/problem+json` (RFC 9457) with a `code` that stays the same over releases, a `detail` for people, the `requestId` that finds the line in the log, and for bad input `errors`: a `path` and a `message` for each field.',
    table(['code', 'status', 'title'], errors),
  );
}

export function routesMd(routes: readonly Route[]): string {
  const told = routes.flatMap(({ methods, path, policy }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => ({ method, path, policy })),
  );
  told.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
  return page(
    'Routes',
    'Who may call what. `public` needs no key; every other route needs a key whose role has the permission, and one that says `signed-in` (the pages for staff) a person who is signed in and whose role in the publication has it. Not listed: static files under `/assets/` and `/docs/`, which are open, and `HEAD`, which every `GET` route answers. `/dev/` routes answer only on the machine itself and with `DEV_TOOLS=on`.',
    table(
      ['method', 'path', 'permission', 'roles'],
      told.map(({ method, path, policy }) => [method, code(path), policy ?? 'none', rolesOf(policy)]),
    ),
  );
}

function rolesOf(policy: Route['policy']): string {
  if (policy === undefined) return 'nobody';
  if (policy === 'public') return 'everybody';
  if (policy === 'signed-in') return 'who is signed in';
  const permission = policy.replace('signed-in ', '') as Permission;
  return ROLES.filter((role) => allows(role, permission)).join(', ');
}

function page(title: string, lead: string, body: string): string {
  return `<!-- Written by npm run docs. Do not edit. -->\n\n# ${title}\n\n${lead}\n\n${body}`;
}

function table(head: string[], lines: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + lines.map(line).join('');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** By code unit, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
