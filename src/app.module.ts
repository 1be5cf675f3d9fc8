import { type DynamicModule, Module } from '@nestjs/common';
import { HttpModule } from './http/http.module.js';
import { VitalsModule } from './http/vitals.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { type Foundation, PlatformModule } from './platform/platform.module.js';

@Module({})
export class AppModule {
  static on(foundation: Foundation): DynamicModule {
    const answers = foundation.config.role === 'worker' ? VitalsModule : HttpModule;
    return { module: AppModule, imports: [PlatformModule.on(foundation), answers, JobsModule] };
  }
}
