import type { Money } from '../../domain/money.js';
import type { ToDo } from '../../milestones/to-do.store.js';

export interface GrantsView {
  show: ToDo;
  tabs: { show: ToDo; count: number; current: boolean }[];
  /** How many wait for a person, of all kinds. */
  waiting: number;
  grants: {
    id: string;
    person: { id: string; email: string | null };
    reward: { id: string; name: string; kind: string };
    value: Money | null;
    /** The milestone, contest or raffle. */
    from: string;
    /** Nobody could tell what it is worth: a person has to say. */
    asksValue: boolean;
    /** A gift card whose code was got elsewhere can be mailed with it. */
    takesCode: boolean;
    address: string;
    since: Date;
  }[];
  mayAct: boolean;
  mayShip: boolean;
  older: string | null;
}
