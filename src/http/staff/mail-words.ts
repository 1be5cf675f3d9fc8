const NAMED: ReadonlySet<string> = new Set([
  'confirm', 'welcome', 'reward', 'claim-address', 'hub-link', 'program-link', 'participation', 'handed-in', 'webhook-off',
  'staff-invitation', 'staff-sign-in',
]); // prettier-ignore

/** The message that names a kind of mail; null of one that the pages for staff have no name for. */
export function mailName(message: string): string | null {
  return NAMED.has(message) ? `mailName.${message}` : null;
}
