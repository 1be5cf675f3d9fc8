import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '../platform/log.js';
export const DEMO_SLUG = 'weekly-loaf';
export async function fillDemo(_app: NestFastifyApplication, _log: Log): Promise<void> {}
export async function demoHubUrl(_app: NestFastifyApplication): Promise<string | null> {
  return null;
}
