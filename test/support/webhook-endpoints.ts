import { afterAll, expect } from 'vitest';
import type { TestApp } from './app.js';
import { newPublication, type TestPublication } from './make.js';
import { BEHAVE, type Behaviour, Receiver } from './receiver.js';

/** A delivery as the API shows it. */
export interface SeenDelivery {
  id: string;
  type: string;
  state: string;
  nextTryAt: string | null;
  tries: { status: number | null; error: string | null; answer: string | null; at: string; ms: number }[];
}

/** Publications with receivers of webhooks, which are stopped after the file. */
export function webhooksOf(app: TestApp) {
  const receivers: Receiver[] = [];
  afterAll(() => Promise.all(receivers.map((receiver) => receiver.stop())));

  async function newEndpoint(publication: TestPublication, events: string[], behaviour: Behaviour = BEHAVE.well) {
    const receiver = await Receiver.start(behaviour);
    receivers.push(receiver);
    const made = await publication.admin.post('/webhooks', { url: receiver.url, events });
    expect(made.status).toBe(201);
    const id = made.body.id as string;
    const deliveries = async () =>
      (await publication.admin.get(`/webhooks/${id}/deliveries`)).body.data as SeenDelivery[];
    const state = async () => (await publication.admin.get(`/webhooks/${id}`)).body;
    return { receiver, secret: made.body.secret as string, id, deliveries, state };
  }

  /** A new publication with a receiver that hears of these events. */
  async function listening(events: string[] = ['*'], behaviour: Behaviour = BEHAVE.well) {
    const publication = await newPublication(app);
    return { publication, ...(await newEndpoint(publication, events, behaviour)) };
  }

  return { newEndpoint, listening };
}
