import type { Delivery } from '../domain/release.js';
import type { Program } from './publication.entities.js';

/** When a program's rewards go out, as the rule takes it. */
export function deliveryOf(program: Program): Delivery {
  if (program.deliveryWhen === 'immediate' || program.deliveryCron === null) return { when: 'immediate' };
  return { when: 'scheduled', cron: program.deliveryCron, timezone: program.deliveryTimezone ?? 'UTC' };
}
