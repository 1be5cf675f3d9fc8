import { Injectable } from '@nestjs/common';
import { ReadDoors } from '../../flows/read-doors.js';
import { ReadHub } from '../../flows/read-hub.js';
import { ReadRunning } from '../../flows/read-running.js';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import type { PageViews } from '../page-views.js';
import { hubView } from './hub-view.js';
import { HubVisits, type OpenVisit } from './hub-visits.js';
import { hubPrograms, programLinks } from './program-view.js';
import { pagePublication } from './publication-page.js';
import { hubRunning } from './running-view.js';
import type { SaidWords } from './share-view.js';

/** What of it is asked for. */
interface Asked extends Partial<SaidWords> {
  /** A slug; null for the first program that the reader takes part in. */
  program: string | null;
  isHandedIn?: boolean;
}

/** The page of a reader, as it opens and as it comes back with something to mend. */
@Injectable()
export class HubPage {
  constructor(
    private readonly readHub: ReadHub,
    private readonly readDoors: ReadDoors,
    private readonly readRunning: ReadRunning,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
    private readonly visits: HubVisits,
  ) {}

  /** `readerId` is null where it is not the page of somebody who takes part. */
  async of(
    visit: OpenVisit,
    asked: Asked,
  ): Promise<{ status: 200 | 404 | 410; html: string; readerId: string | null }> {
    const { publication, subscriberId, hubPath } = visit;
    const doors = await this.readDoors.run(publication.id, subscriberId);
    if (doors === null) return { ...this.visits.closed(publication), readerId: null };
    const hub = await this.readHub.run(publication.id, subscriberId, asked.program);
    if (hub === null) {
      const view = { publication: pagePublication(publication), programs: programLinks(hubPath, doors.programs, null) };
      return { status: 200, html: this.pages.render('no-program', doors.reader.locale, view), readerId: null };
    }
    const words = { variant: asked.variant ?? null, isKept: asked.isKept ?? false, wrong: asked.wrong ?? null };
    const view = {
      ...hubView(publication, hub, hubPath, words, this.clock.now()),
      ...hubPrograms(hubPath, hub.program, doors.programs, asked.isHandedIn ?? false),
      ...hubRunning(await this.readRunning.run(hub.program, subscriberId)),
    };
    const html = this.pages.render('hub', hub.subscriber.locale, view);
    return { status: 200, html, readerId: hub.subscriber.id };
  }
}
