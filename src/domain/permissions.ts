/** Roles of an API key; `operator` is the holder of the instance-wide key. */
export type Role = 'operator' | 'admin' | 'editor' | 'marketing' | 'site';

/** Who acts: `key:{id of the API key}`, `account:{id}` of somebody who is signed in, or `operator`, as events and the audit log name them. */
export interface StaffActor {
  actor: string;
  role: Role;
}

const PERMISSIONS = {
  'publications:create': ['operator'],
  'publications:list': ['operator'],
  'metrics:read': ['operator'],
  'publications:read': ['operator', 'admin', 'editor', 'marketing'],
  'publications:write': ['operator', 'admin'],
  'publications:export': ['admin'],
  'api-keys:manage': ['admin'],
  'webhooks:manage': ['admin'],
  'contents:write': ['admin', 'editor', 'site'],
  'contents:read': ['admin', 'editor', 'marketing', 'site'],
  'subscribers:write': ['admin', 'site'],
  'events:write': ['admin', 'site'],
  // Cannot be undone, so not for the key that sits on a web server.
  'subscribers:erase': ['admin'],
  'subscribers:read': ['admin', 'editor', 'marketing', 'site'],
  'subscribers:export': ['admin', 'editor', 'marketing'],
  'subscribers:adjust': ['admin', 'editor'],
  'imports:write': ['admin'],
  'programs:write': ['admin', 'editor'],
  'programs:read': ['admin', 'editor', 'marketing'],
  'participants:write': ['admin', 'editor'],
  'participants:read': ['admin', 'editor', 'marketing'],
  'rewards:write': ['admin', 'editor'],
  'rewards:read': ['admin', 'editor', 'marketing'],
  'grants:write': ['admin', 'editor'],
  'grants:read': ['admin', 'editor', 'marketing'],
  // Where people live.
  'shipping:read': ['admin', 'editor'],
  'mail-templates:write': ['admin', 'editor'],
  'mail-templates:read': ['admin', 'editor', 'marketing'],
  'fraud-lists:manage': ['admin', 'editor'],
  'referrals:read': ['admin', 'editor', 'marketing'],
  'referrals:review': ['admin', 'editor'],
  'leads:read': ['admin', 'marketing'],
  'leads:write': ['admin', 'marketing'],
  'reports:read': ['admin', 'editor', 'marketing'],
  'audit:read': ['admin'],
  'staff:manage': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether a key of this role may do this. */
export function allows(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/** A `site` key sits on a web server that many people can reach: of people it sees only these fields. */
export const SITE_SUBSCRIBER_FIELDS = ['id', 'status', 'shareCode', 'shareUrl', 'referralCount'] as const;
