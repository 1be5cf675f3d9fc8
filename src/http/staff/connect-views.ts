import type { DeliveryTry } from '../../webhooks/webhook.entities.js';
import type { Problems } from './problems.js';

export interface ApiKeysView {
  keys: { id: string; role: string; name: string; createdAt: Date }[];
  roles: readonly string[];
  /** Shown once, on the answer to the form that made it. */
  made: { name: string; secret: string } | null;
  typed: { name: string; role: string };
  problems: Problems<'name'>;
  older: string | null;
}

interface WebhookView {
  id: string;
  url: string;
  events: string[];
  offReason: string | null;
  failingSince: Date | null;
  pausedUntil: Date | null;
  createdAt: Date;
}

export interface WebhooksView {
  webhooks: WebhookView[];
  eventTypes: { type: string; chosen: boolean }[];
  /** As of a key. */
  made: { url: string; secret: string } | null;
  typed: { url: string };
  problems: Problems<'url'>;
  older: string | null;
}

export interface WebhookPageView {
  webhook: WebhookView;
  made: { secret: string } | null;
  state: string;
  deliveries: {
    id: string;
    type: string;
    state: 'waiting' | 'delivered' | 'failed';
    createdAt: Date;
    dueAt: Date;
    last: DeliveryTry | null;
    tries: number;
  }[];
  older: string | null;
}

export interface ImportView {
  id: string;
  state: string;
  phase: string;
  total: number;
  done: number;
  failed: number;
  imported: number | null;
  skipped: number | null;
  dryRun: boolean;
  consent: string;
  error: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  verdicts: { verdict: string; count: number }[];
  isOver: boolean;
}

export interface ImportsView {
  imports: ImportView[];
  typed: { csv: string; consent: string; dryRun: boolean; mailPast: boolean };
  problems: Problems<'csv' | 'consent'>;
  /** What is wrong with the file, exactly. */
  detail: string | null;
  older: string | null;
}

export interface ImportPageView {
  run: ImportView;
}
