import { expect, it } from 'vitest';
import { allows, type Permission, type Role } from './permissions.js';

const MATRIX: [Permission, Role[]][] = [
  ['publications:create', ['operator']],
  ['api-keys:manage', ['admin']],
  ['webhooks:manage', ['admin']],
  ['subscribers:write', ['admin', 'site']],
  ['programs:write', ['admin', 'editor']],
  ['grants:write', ['admin', 'editor']],
  ['mail-templates:write', ['admin', 'editor']],
  ['leads:read', ['admin', 'marketing']],
  ['reports:read', ['admin', 'editor', 'marketing']],
];
const ROLES: Role[] = ['operator', 'admin', 'editor', 'marketing', 'site'];

it.each(MATRIX)('%s is for %s alone', (permission, roles) => {
  expect(ROLES.filter((role) => allows(role, permission))).toEqual(roles);
});
