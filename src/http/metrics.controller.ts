import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Metrics } from './metrics.js';
import { Can } from './policy.js';

/** For Prometheus: with the operator key, or from this machine without a key (see authenticate.ts). */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Can('metrics:read')
  async all(@Res() reply: FastifyReply) {
    const { contentType, text } = await this.metrics.render();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  }
}
