import type { ProgramTabs } from './program-tabs.js';

export interface PresetsView {
  program: { slug: string; name: string };
  programs: ProgramTabs;
  /** The program has milestones: a preset is for one that has none. */
  isTaken: boolean;
  presets: {
    name: string;
    rungs: {
      threshold: number;
      every: number | null;
      reward: string;
      stage: string;
      recipient: 'referrer' | 'referred';
    }[];
    /** Names of the rewards of its contest or raffle. */
    prizes: string[];
  }[];
  mayApply: boolean;
}
