import { Module } from '@nestjs/common';
import { SafeFetch } from './safe-fetch.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookWorker } from './webhook.worker.js';

@Module({ providers: [SafeFetch, WebhookSecrets, WebhookWorker], exports: [SafeFetch, WebhookSecrets, WebhookWorker] })
export class WebhooksModule {}
