import { Module } from '@nestjs/common';
import { ClickBatcher } from './click-batcher.js';

@Module({ providers: [ClickBatcher], exports: [ClickBatcher] })
export class ClicksModule {}
