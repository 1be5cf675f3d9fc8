import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Permission } from '../domain/permissions.js';

/** A page for staff: for anybody who is signed in, or for whose role has a permission in the publication that the path names. */
export type StaffPolicy = 'signed-in' | `signed-in ${Permission}`;

/**
 * Who may call a route: anybody, the holder of a key with a permission, or somebody who is signed in. Closed by default: a
 * route that says nothing answers 403.
 */
export type Policy = 'public' | Permission | StaffPolicy;

export const POLICY = 'policy';

/** Fastify's route config carries the policy, so that it is decided before the body is read. */
function policy(value: Policy): MethodDecorator {
  return applyDecorators(SetMetadata(POLICY, value), RouteConfig({ policy: value }));
}

export const Can = (permission: Permission): MethodDecorator => policy(permission);
export const Public = (): MethodDecorator => policy('public');
/** Of a page for staff under `/admin/p/:publication/`, or of one under `/admin/` for the instance. */
export const StaffCan = (permission: Permission): MethodDecorator => policy(`signed-in ${permission}`);
/** Of a page for staff that belongs to the person and to no publication. */
export const SignedIn = (): MethodDecorator => policy('signed-in');

export function isStaffPolicy(value: Policy): value is StaffPolicy {
  return value.startsWith('signed-in');
}

/** What somebody must be allowed to, or null where it is enough to be signed in. */
export function permissionOf(value: StaffPolicy): Permission | null {
  return value === 'signed-in' ? null : (value.slice('signed-in '.length) as Permission);
}
