import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isOffAfter, judgeTry, type WebhookVerdict } from '../domain/webhook-retry.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import { LOG, type Log } from '../platform/log.js';
import { RandomBytes } from '../platform/random.js';
import {
  claimDeliveries,
  type ClaimedDelivery,
  type EndpointDue,
  endpointsDue,
  type Outcome,
  releaseDelivery,
  settleDelivery,
} from './delivery.store.js';
import { type Answer, NoAnswer, SafeFetch } from './safe-fetch.js';
import { signatureHeaders } from './sign.js';
import { IN_FLIGHT, takeTurns } from './turns.js';
import type { DeliveryTry } from './webhook.entities.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** While tries are under way, how often something new is looked for. */
const LOOK_EVERY_MS = 200;
/** A stop waits so long for receivers; the process has 10 s in all. */
const GRACE_MS = 4_000;
const TRIES_KEPT = 20;

/** What a worker cannot settle by itself: an endpoint is to be switched off. Called at most a few times for one. */
type SwitchOffHandler = (
  endpoint: { publicationId: string; webhookId: string },
  reason: 'gone' | 'failing',
) => Promise<void>;

/** Delivers what the outbox promises: claim, sign, POST, settle. At least once, with the same webhook-id on every try. */
@Injectable()
export class WebhookWorker {
  private readonly underWay = new Map<Promise<void>, EndpointDue>();
  private readonly served = new Set<string>();
  private readonly halt = new AbortController();
  private draining: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: RandomBytes,
    private readonly secrets: WebhookSecrets,
    private readonly safeFetch: SafeFetch,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Delivers until nothing is due. A call beside a running one waits for that one. */
  drain(onSwitchOff: SwitchOffHandler): Promise<void> {
    this.draining ??= this.deliverAll(onSwitchOff).finally(() => (this.draining = null));
    return this.draining;
  }

  /** Nothing more is claimed. Tries that do not end soon are broken off and given back: they are made again, with the same id. */
  async stop(): Promise<void> {
    this.stopping = true;
    const deadline = setTimeout(() => this.halt.abort(), GRACE_MS);
    await this.draining?.catch(() => undefined);
    clearTimeout(deadline);
  }

  private async deliverAll(onSwitchOff: SwitchOffHandler): Promise<void> {
    try {
      for (;;) {
        if (!this.stopping) await this.begin(onSwitchOff);
        if (this.underWay.size === 0) return;
        // One that hangs must not keep the places beside it empty, so new work is looked for meanwhile too.
        await Promise.race([...this.underWay.keys(), sleep(LOOK_EVERY_MS)]);
      }
    } finally {
      await Promise.all(this.underWay.keys());
    }
  }

  /** Fills the free places. */
  private async begin(onSwitchOff: SwitchOffHandler): Promise<void> {
    if (this.underWay.size >= IN_FLIGHT) return;
    const due = await endpointsDue(this.database.reader, this.clock.now());
    for (const { endpoint, places } of takeTurns(due, { inFlight: this.inFlight(), served: [...this.served] })) {
      const { publicationId, webhookId } = endpoint;
      const claimed = await claimDeliveries(this.database.reader, publicationId, webhookId, this.clock.now(), places);
      this.remember(webhookId);
      for (const delivery of claimed) {
        const run = this.deliver(delivery, onSwitchOff)
          .catch((error: unknown) =>
            this.log.warn(
              { deliveryId: delivery.id, err: error },
              'a webhook could not be settled; its lease will end',
            ),
          )
          .finally(() => this.underWay.delete(run));
        this.underWay.set(run, endpoint);
      }
    }
  }

  private inFlight(): Map<string, { count: number; isFailing: boolean }> {
    const found = new Map<string, { count: number; isFailing: boolean }>();
    for (const { webhookId, isFailing } of this.underWay.values()) {
      found.set(webhookId, { count: (found.get(webhookId)?.count ?? 0) + 1, isFailing });
    }
    return found;
  }

  private remember(webhookId: string): void {
    this.served.delete(webhookId);
    this.served.add(webhookId);
    if (this.served.size > 10_000) this.served.delete(this.served.values().next().value!);
  }

  private async deliver(delivery: ClaimedDelivery, onSwitchOff: SwitchOffHandler): Promise<void> {
    const start = performance.now();
    const result = await this.post(delivery);
    if (result instanceof NoAnswer && this.halt.signal.aborted) {
      return releaseDelivery(this.database.reader, delivery.publicationId, delivery.id);
    }
    const now = this.clock.now();
    const answer = result instanceof NoAnswer ? null : result;
    const verdict = judgeTry(answer, delivery.attempts, this.random.take(4).readUInt32BE() / 2 ** 32, now);
    const made: DeliveryTry = {
      at: now.toISOString(),
      status: answer?.status ?? null,
      ms: Math.round(performance.now() - start),
      error: errorOf(result),
      answer: answer?.body ?? null,
    };
    if (verdict.act === 'delivered') failpoint('webhook-after-200');
    const failingSince = await this.settle(delivery, outcomeOf(delivery, verdict, made, now));
    if (verdict.act === 'delivered') return;
    const { publicationId, webhookId, id } = delivery;
    this.log.warn({ deliveryId: id, webhookId, status: made.status, attempt: delivery.attempts }, 'a webhook failed');
    if (verdict.act === 'gone') await onSwitchOff({ publicationId, webhookId }, 'gone');
    else if (failingSince !== null && isOffAfter(failingSince, now)) {
      await onSwitchOff({ publicationId, webhookId }, 'failing');
    }
  }

  private async post(delivery: ClaimedDelivery): Promise<Answer | NoAnswer> {
    const { type, data, createdAt } = delivery;
    try {
      const body = JSON.stringify({ type, timestamp: createdAt.toISOString(), data });
      const secrets = this.secrets.inForce(delivery, this.clock.now());
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Kuchikomi-Webhooks/1',
        // The machine's time and not the Clock's: the receiver compares it with its own, which nobody moves for a test or a demo.
        ...signatureHeaders(secrets, delivery.id, new Date(), body),
      };
      return await this.safeFetch.post(new URL(delivery.url), headers, body, this.halt.signal);
    } catch (error) {
      if (error instanceof NoAnswer) return error;
      this.log.error({ deliveryId: delivery.id, err: error }, 'a webhook could not be made');
      return new NoAnswer(`could not be made: ${(error as Error).message}`);
    }
  }

  /** A success is noted until the database answers: forgetting it would tell the receiver again. A failure may be forgotten. */
  private async settle(delivery: ClaimedDelivery, outcome: Outcome): Promise<Date | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await settleDelivery(this.database.reader, delivery.publicationId, delivery.id, outcome);
      } catch (error) {
        if (outcome.state !== 'delivered') throw error;
        this.log.warn({ deliveryId: delivery.id, attempt, err: error }, 'a delivery could not be noted; trying again');
        await sleep(Math.min(100 * 2 ** attempt, 5_000));
      }
    }
  }
}

/** `gone` is a failure of the delivery, too; the endpoint can be switched on again and the delivery replayed. */
function outcomeOf(delivery: ClaimedDelivery, verdict: WebhookVerdict, made: DeliveryTry, now: Date): Outcome {
  const dueAt = verdict.act === 'retry' ? new Date(now.getTime() + verdict.delay) : now;
  return {
    state: verdict.act === 'retry' ? 'waiting' : verdict.act === 'delivered' ? 'delivered' : 'failed',
    dueAt,
    pausedUntil: verdict.act === 'retry' && verdict.pauseEndpoint ? dueAt : null,
    attempt: delivery.attempts,
    tries: [...delivery.tries, made].slice(-TRIES_KEPT),
    at: now,
  };
}

function errorOf(result: Answer | NoAnswer): string | null {
  if (result instanceof NoAnswer) return result.message.slice(0, 300);
  if (result.status >= 200 && result.status < 300) return null;
  if (result.status >= 300 && result.status < 400) return 'redirects are not followed';
  return `answered ${result.status}`;
}
