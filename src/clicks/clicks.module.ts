import { Module } from '@nestjs/common';
import { ClickBatcher } from './click-batcher.js';
import { TargetLookup } from './target-lookup.js';

@Module({ providers: [ClickBatcher, TargetLookup], exports: [ClickBatcher, TargetLookup] })
export class ClicksModule {}
