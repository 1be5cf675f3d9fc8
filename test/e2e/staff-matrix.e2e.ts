import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { RequestMethod } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { allows, type Permission } from '../../src/domain/permissions.js';
import { STAFF_ROLES } from '../../src/domain/staff.js';
import { isStaffPolicy, permissionOf, POLICY, type Policy } from '../../src/http/policy.js';
import { startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/*
 * Every page for staff, as its route says, with everybody: who may gets something that is no refusal, who may not a 403 that
 * says so, who works elsewhere a 404, and who is not signed in is led to the door. A new page is in here by being there.
 */

const app = await startApp();
const own = await newPublication(app);
const other = await newPublication(app);
const NOBODYS_ID = '01935d2b-7a6e-7000-8000-000000000001';

interface Page {
  method: 'get' | 'post';
  path: string;
  policy: Policy;
  permission: Permission | null;
}

const pages: Page[] = app
  .get(DiscoveryService)
  .getControllers()
  .flatMap(({ instance }) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    const prefix = Reflect.getMetadata('path', instance.constructor) as string;
    return app
      .get(MetadataScanner)
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata('path', prototype[name]!))
      .map((name) => {
        const method: Page['method'] =
          Reflect.getMetadata('method', prototype[name]!) === RequestMethod.GET ? 'get' : 'post';
        const policy: Policy = Reflect.getMetadata(POLICY, prototype[name]!);
        const path = `/${prefix}/${Reflect.getMetadata('path', prototype[name]!)}`
          .replace(/\/+$/, '')
          .replace(/\/+/g, '/');
        return { method, path, policy, permission: null };
      });
  })
  .filter(({ policy, path }) => path.startsWith('/admin') && isStaffPolicy(policy))
  .map((page) => ({ ...page, permission: isStaffPolicy(page.policy) ? permissionOf(page.policy) : null }));

const ofPublication = pages.filter(({ path }) => path.startsWith('/admin/p/:publication'));

const staff = {
  admin: await newStaff(app, { publicationId: own.id, role: 'admin' }),
  editor: await newStaff(app, { publicationId: own.id, role: 'editor' }),
  marketing: await newStaff(app, { publicationId: own.id, role: 'marketing' }),
};
const operator = await newStaff(app, 'operator');
const elsewhere = await newStaff(app, { publicationId: other.id, role: 'admin' });

const at = (path: string, slug: string) => path.replace(':publication', slug).replace(/:[a-zA-Z]+/g, NOBODYS_ID);

test('there are pages, and all of a publication say a permission', () => {
  expect(ofPublication.length).toBeGreaterThan(5);
  expect(ofPublication.filter(({ permission }) => permission === null)).toEqual([]);
});

describe.each(ofPublication.map((page) => [`${page.method.toUpperCase()} ${page.path}`, page] as const))(
  '%s',
  (_, page) => {
    test.each(STAFF_ROLES)('for %s, as the permission says', async (role) => {
      const answer = await staff[role][page.method](at(page.path, own.slug));
      if (allows(role, page.permission!)) {
        expect([200, 303, 404, 409, 422]).toContain(answer.status);
      } else {
        expect(answer.status).toBe(403);
        expect(answer.text).toContain('staff/not-allowed');
        expect(answer.text).toContain(page.permission);
      }
    });

    test('an operator may do what an admin may', async () => {
      const answer = await operator[page.method](at(page.path, own.slug));
      expect([200, 303, 404, 409, 422]).toContain(answer.status);
    });

    test('who works elsewhere finds nothing, as where there is no such publication', async () => {
      const answer = await elsewhere[page.method](at(page.path, own.slug));
      const nowhere = await elsewhere[page.method](at(page.path, 'no-such-publication'));
      expect(answer.status).toBe(404);
      expect(nowhere.status).toBe(404);
      const plain = (html: string) =>
        html
          .replaceAll(own.slug, '-')
          .replaceAll('no-such-publication', '-')
          .replace(/[0-9a-f-]{36}/g, '');
      expect(plain(answer.text)).toBe(plain(nowhere.text));
    });

    test('who is not signed in is led to the door', async () => {
      const request = app.http[page.method](at(page.path, own.slug)).set('sec-fetch-site', 'same-origin');
      const answer = await request;
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toMatch(/^\/admin\/sign-in/);
    });

    test('a key of the API opens nothing here', async () => {
      const answer = await app.http[page.method](at(page.path, own.slug))
        .set('sec-fetch-site', 'same-origin')
        .set('authorization', `Bearer ${own.adminKey}`);
      expect(answer.status).toBe(303);
    });
  },
);

const posts = pages.filter(({ method }) => method === 'post');
test.each(posts.map(({ path }) => [path]))('POST %s is refused when another site sends it', async (path) => {
  const { token } = staff.admin;
  const send = () => app.http.post(at(path, own.slug)).set('cookie', `kuchikomi-staff=${token}`);
  const before = await app.snapshot();
  for (const site of ['cross-site', 'same-site', 'none']) {
    expect((await send().set('sec-fetch-site', site)).status, site).toBe(403);
  }
  expect((await send().set('origin', 'https://evil.example')).status).toBe(403);
  expect((await send().set('origin', 'null')).status).toBe(403);
  expect((await send()).status, 'no word of where from').toBe(403);
  expect(await app.snapshot()).toEqual(before);
});
