import { allows, type Permission, type Role } from '../../domain/permissions.js';

/** A page that the frame leads to. */
interface NavPage {
  /** Its words are `nav.{key}`. */
  key: string;
  /** Below `/admin/p/{publication}`; empty for the overview. */
  path: string;
  can: Permission;
}

/** In this order, under the words `nav.{group}`. A page that is not ready yet is not in here. */
const NAV: { group: 'top' | 'to-do' | 'program' | 'people' | 'reports' | 'publication'; pages: NavPage[] }[] = [
  {
    group: 'top',
    pages: [
      { key: 'overview', path: '', can: 'reports:read' },
      { key: 'set-up', path: '/set-up', can: 'reports:read' },
    ],
  },
  {
    group: 'to-do',
    pages: [
      { key: 'review', path: '/review', can: 'referrals:review' },
      { key: 'grants', path: '/grants', can: 'grants:read' },
      { key: 'outbox', path: '/outbox', can: 'subscribers:read' },
    ],
  },
  {
    group: 'program',
    pages: [
      { key: 'programs', path: '/programs', can: 'programs:read' },
      { key: 'milestones', path: '/milestones', can: 'programs:read' },
      { key: 'rewards', path: '/rewards', can: 'rewards:read' },
      { key: 'contents', path: '/contents', can: 'contents:read' },
      { key: 'snippets', path: '/snippets', can: 'contents:read' },
      { key: 'fraud', path: '/fraud', can: 'referrals:read' },
      { key: 'mail-templates', path: '/mail-templates', can: 'mail-templates:read' },
    ],
  },
  {
    group: 'people',
    pages: [
      { key: 'people-list', path: '/people', can: 'subscribers:read' },
      { key: 'leads', path: '/leads', can: 'leads:read' },
      { key: 'imports', path: '/imports', can: 'imports:write' },
    ],
  },
  {
    group: 'reports',
    pages: [
      { key: 'funnel', path: '/funnel', can: 'reports:read' },
      { key: 'growth', path: '/growth', can: 'reports:read' },
      { key: 'economics', path: '/economics', can: 'reports:read' },
    ],
  },
  {
    group: 'publication',
    pages: [
      { key: 'webhooks', path: '/webhooks', can: 'webhooks:manage' },
      { key: 'api-keys', path: '/api-keys', can: 'api-keys:manage' },
      { key: 'audit-log', path: '/audit', can: 'audit:read' },
      { key: 'colleagues', path: '/staff', can: 'staff:manage' },
      { key: 'publication-settings', path: '/settings', can: 'publications:read' },
    ],
  },
];

export interface NavView {
  group: string;
  pages: { key: string; href: string; current: boolean; count: number }[];
}

/**
 * What somebody of this role may open.
 * @param path of the page that is shown, below `base`; it is marked, and so is the page above it
 * @param counts what waits, by the key of its page
 */
export function navOf(role: Role, base: string, path: string, counts: Partial<Record<string, number>>): NavView[] {
  return NAV.map(({ group, pages }) => ({
    group,
    pages: pages
      .filter(({ can }) => allows(role, can))
      .map((page) => ({
        key: page.key,
        href: base + page.path,
        current: path === page.path || (page.path !== '' && path.startsWith(`${page.path}/`)),
        count: counts[page.key] ?? 0,
      })),
  })).filter(({ pages }) => pages.length > 0);
}
