import { Injectable } from '@nestjs/common';
import type { NewApiKey } from '../../../flows/create-api-key.js';
import { Fulfil } from '../../../flows/fulfil.js';
import { SettleReferrals } from '../../../flows/settle-referrals.js';
import { suppressWaiting } from '../../../mail/outbox.store.js';
import { Clock } from '../../../platform/clock.js';
import { Database, refreshStatistics } from '../../../platform/database.js';
import type { Program, Publication } from '../../../publications/publication.entities.js';
import { Acts } from '../acts.js';
import { numbersFrom } from '../seed.js';
import { SetUp } from '../set-up.js';
import { endOfStory, momentOf } from '../story-clock.js';
import { minuteOf, OPENING } from '../story.js';
import { fileOf } from './crowd.js';
import { Editor } from './editor.js';
import { FULL_LADDER, FULL_PUBLICATION } from './publication.js';
import { type Chore, FULL_SEED, fullStory, type FullStory } from './story.js';
import { Visits } from './visits.js';

const HOUR = 60;
/** Of some 2,000. Without fresh statistics 2,000 readers took from 20 s to 2 min, as the planner guessed about rows of this transaction. */
const STEPS_BETWEEN_COUNTS = 250;

/** Told how much of the whole is done, 0 to 1, and what is being done. */
export type OnProgress = (share: number, label: string) => void;

/** Lets the long story happen. The jobs of the service come by once an hour, and see this publication alone: others are at work beside. */
@Injectable()
export class FullTeller {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly setUp: SetUp,
    private readonly acts: Acts,
    private readonly editor: Editor,
    private readonly visits: Visits,
    private readonly settleReferrals: SettleReferrals,
    private readonly fulfil: Fulfil,
  ) {}

  async tell(
    now: Date,
    readers: number,
    onProgress: OnProgress,
  ): Promise<{ publication: Publication; apiKey: NewApiKey }> {
    const end = endOfStory(now);
    const story = fullStory(readers);
    this.clock.set(momentOf(end, minuteOf(OPENING)));
    const { publication, program, apiKey } = await this.setUp.run(FULL_PUBLICATION, FULL_LADDER);
    await this.live(publication, program, story, end, onProgress);
    this.clock.set(end);
    await this.doWhatIsDue(publication.id);
    onProgress(0.97, 'clicks');
    await this.visits.append(publication, end, story.visits);
    // None was rendered: six thousand mails that nobody looks at would take longer than everything else.
    await suppressWaiting(this.database.reader, publication.id, 'of the demo');
    return { publication, apiKey };
  }

  private async live(
    publication: Publication,
    opening: Program,
    story: FullStory,
    end: Date,
    onProgress: OnProgress,
  ): Promise<void> {
    let program = opening;
    let hour = -Infinity;
    for (const [n, step] of story.steps.entries()) {
      const begun = Math.floor(step.minute / HOUR);
      if (begun > hour) {
        hour = begun;
        this.clock.set(momentOf(end, hour * HOUR));
        await this.doWhatIsDue(publication.id);
      }
      this.clock.set(momentOf(end, step.minute));
      if (n % STEPS_BETWEEN_COUNTS === 0) await refreshStatistics(this.database.reader);
      if (step.act === 'chore') program = await this.do(step.chore, publication, program, story);
      else await this.acts.act(publication, step);
      onProgress((n / story.steps.length) * 0.97, `${Math.ceil(-step.minute / 24 / HOUR)} days ago`);
    }
  }

  /** Answers the program as it is then. */
  private async do(chore: Chore, publication: Publication, program: Program, story: FullStory): Promise<Program> {
    switch (chore) {
      case 'bring the list':
        await this.editor.bring(program, fileOf(story.imported, this.clock.now(), numbersFrom(FULL_SEED)));
        await this.meetWhoActs(publication, story);
        break;
      case 'hold and schedule':
        return this.editor.holdAndSchedule(program);
      case 'add a rung':
        await this.editor.addRung(program);
        break;
      case 'go through grants':
        await this.editor.goThroughGrants(program);
    }
    return program;
  }

  /** Most of the list only reads. */
  private async meetWhoActs(publication: Publication, { steps, visits, imported }: FullStory): Promise<void> {
    const acting = new Set(steps.flatMap((step) => ('who' in step ? step.who : [])));
    for (const step of steps) if (step.act === 'click') acting.add(step.share.by);
    for (const { share } of visits) acting.add(share.by);
    for (const { who, reader } of imported) if (acting.has(who)) await this.acts.meet(publication, who, reader.email);
  }

  /** What the jobs of the service do, but for the mails. */
  private async doWhatIsDue(publicationId: string): Promise<void> {
    await this.settleReferrals.run(publicationId);
    await this.fulfil.run(publicationId);
  }
}
