import type { Money } from '../../domain/money.js';
import type { Unit } from '../../domain/rewards.js';
import type { StoryKind, StoryRow } from '../../reports/story.store.js';
import type { StateView } from './review-views.js';
import type { Problems } from './problems.js';

/** A reader's state as a shape and a word. */
export interface ReaderState {
  status: string;
  look: 'good' | 'warn' | 'bad' | 'back' | '';
}

export interface PeopleView {
  typed: { q: string; status: string };
  statuses: readonly string[];
  people: {
    id: string;
    email: string | null;
    firstName: string | null;
    state: ReaderState;
    shareCode: string | null;
    count: number;
    next: { name: string; remaining: number } | null;
    createdAt: Date;
  }[];
  older: string | null;
}

export interface PersonView {
  id: string;
  email: string | null;
  firstName: string | null;
  state: ReaderState;
  createdAt: Date;
  confirmedAt: Date | null;
  heardFrom: string | null;
  referredBy: { id: string; standing: StateView } | null;
  participations: {
    program: string;
    shareUrl: string | null;
    count: number;
    lifetime: number;
    next: { name: string; remaining: number } | null;
  }[];
  kind: StoryKind | '';
  kinds: readonly StoryKind[];
  story: (Omit<StoryRow, 'heldFor'> & {
    look: StateView['look'];
    standing: StateView;
    again: boolean;
    mail: string | null;
  })[];
  older: string | null;
  clicks: { title: string | null; channel: string; clicks: number; visitors: number }[];
  ledger: { id: string; reward: string; act: string; unit: Unit; quantity: number; money: Money | null; at: Date }[];
  balances: { kind: string; unit: Unit; quantity: number; money: Money | null }[];
  may: { adjust: boolean; write: boolean; erase: boolean };
  /** Programs whose count can be corrected. */
  adjustable: string[];
  typed: { delta: string; reason: string; program: string; email: string; erase: string };
  problems: Problems<'delta' | 'reason' | 'email' | 'erase'>;
}
