import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { RecordClick } from '../flows/record-click.js';
import { SendMails } from '../flows/send-mails.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';
import { FooterPictures } from '../platform/pictures/footer-pictures.js';
import { type Depth, depths } from '../reports/gauges.store.js';

/** From a redirect out of the cache to a slow report. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CACHE_MS = 5_000;
/** The most of one connection's time that counting rows may take: where it is slow, it is done less often. */
const SHARE = 0.05;
/** Clients may send any word for a method; each would be a time series for ever. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OUTBOXES = new Set(['mails', 'webhooks']);

/** What is measured, for Prometheus. Labels are patterns of routes, states and names of our own: nothing of a person. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly up = this.gauge('database_up', 'Whether the database answered when rows were last counted');
  private readonly depth = this.gauge('outbox_depth', 'What is in an outbox and not sent', ['outbox', 'state']);
  private readonly age = this.gauge('outbox_oldest_due_seconds', 'How long the oldest that is due waits', ['outbox']);
  private readonly grants = this.gauge('grants_due', 'Rewards that are due and not released');
  private readonly referrals = this.gauge('referrals', 'Referrals', ['state']);
  private known: { depths: Promise<Depth[] | null>; until: number } | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    recordClick: RecordClick,
    footerPictures: FooterPictures,
    sendMails: SendMails,
    @Inject(LOG) private readonly log: Log,
  ) {
    collectDefaultMetrics({ register: this.registry });
    new Counter({
      name: 'kuchikomi_clicks_not_stored_total',
      help: 'Redirects that waited long enough for their click to be stored, and carry none',
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(recordClick.notStored);
      },
    });
    new Counter({
      name: 'kuchikomi_mail_template_fallbacks_total',
      help: "Mails sent in the built-in words, since the publication's own template could not be rendered",
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(sendMails.fellBack);
      },
    });
    new Counter({
      name: 'kuchikomi_footer_pictures_drawn_total',
      help: 'Footer pictures drawn; all others were answered from memory',
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(footerPictures.drawn);
      },
    });
  }

  /** Counts every answer of the server and the time it took. */
  measure(fastify: FastifyInstance): void {
    const requests = new Counter({
      name: 'kuchikomi_http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      registers: [this.registry],
    });
    const seconds = new Histogram({
      name: 'kuchikomi_http_request_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['method', 'route'],
      buckets: SECONDS,
      registers: [this.registry],
    });
    fastify.addHook('onResponse', async (request, reply) => {
      const method = METHODS.has(request.method) ? request.method : 'other';
      const route = request.routeOptions.url ?? 'none';
      requests.inc({ method, route, status: reply.statusCode });
      seconds.observe({ method, route }, reply.elapsedTime / 1_000);
    });
  }

  /** The text of all metrics. A database that is away is told, not thrown: the process's own figures are wanted most then. */
  async render(): Promise<{ contentType: string; text: string }> {
    const found = await this.depths();
    for (const gauge of [this.depth, this.age, this.grants, this.referrals]) gauge.reset();
    this.up.set(found === null ? 0 : 1);
    for (const outbox of OUTBOXES) if (found !== null) this.age.set({ outbox }, 0);
    for (const depth of found ?? []) this.show(depth);
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  private show({ of, state, count, oldestSeconds }: Depth): void {
    if (of === 'grants') this.grants.set(count);
    if (of === 'referrals') this.referrals.set({ state }, count);
    if (!OUTBOXES.has(of)) return;
    this.depth.set({ outbox: of, state }, count);
    if (oldestSeconds !== null) this.age.set({ outbox: of }, oldestSeconds);
  }

  /** Null while the database is away. Counted once for all who ask within some seconds. */
  private depths(): Promise<Depth[] | null> {
    const start = performance.now();
    if (this.known !== null && this.known.until > start) return this.known.depths;
    const counting: NonNullable<typeof this.known> = { depths: Promise.resolve(null), until: Infinity };
    counting.depths = depths(this.database.reader, this.clock.now())
      .catch((error: unknown) => {
        this.log.warn({ err: error }, 'rows could not be counted for metrics');
        return null;
      })
      .finally(() => {
        const end = performance.now();
        counting.until = end + Math.max(CACHE_MS, (end - start) / SHARE);
      });
    this.known = counting;
    return counting.depths;
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: `kuchikomi_${name}`, help, labelNames, registers: [this.registry] });
  }
}
