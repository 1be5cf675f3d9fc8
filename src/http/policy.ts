import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Permission } from '../domain/permissions.js';

/** Who may call a route: anybody, or the holder of a key with a permission. Closed by default: a route that says neither answers 403. */
export type Policy = 'public' | Permission;

export const POLICY = 'policy';

/** Fastify's route config carries the policy, so that it is decided before the body is read. */
function policy(value: Policy): MethodDecorator {
  return applyDecorators(SetMetadata(POLICY, value), RouteConfig({ policy: value }));
}

export const Can = (permission: Permission): MethodDecorator => policy(permission);
export const Public = (): MethodDecorator => policy('public');
