import type { GrantsView } from '../../src/http/staff/grants-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

const NOW = new Date('2026-11-21T09:00:00Z');
const ID = '0193515c-7a2e-7000-8000-000000000001';

export function sampleGrants(locale: 'en' | 'ja'): { grants: Record<string, GrantsView> } {
  const w = words[locale];
  const tabs = (show: GrantsView['show']) =>
    (['approve', 'hand-over', 'restock'] as const).map((one, n) => ({ show: one, count: n, current: one === show }));
  const grant = {
    id: ID,
    person: { id: ID, email: 'mika@mail.example' },
    reward: { id: ID, name: w.apron, kind: 'physical' },
    value: null,
    from: w.contest,
    asksValue: false,
    takesCode: false,
    address: '',
    since: NOW,
  };
  const base = { tabs: tabs('approve'), waiting: 3, mayAct: true, mayShip: false, older: null };
  return {
    grants: {
      approve: { ...base, show: 'approve', grants: [grant, { ...grant, id: ID.replace(/1$/, '2'), asksValue: true }] },
      handOver: {
        ...base,
        show: 'hand-over',
        tabs: tabs('hand-over'),
        mayShip: true,
        older: '?after=x',
        grants: [
          { ...grant, address: w.address },
          {
            ...grant,
            id: ID.replace(/1$/, '2'),
            person: { id: ID, email: null },
            value: { amount: 2_500, currency: 'USD' },
            takesCode: true,
          },
        ],
      },
      none: { ...base, show: 'restock', tabs: tabs('restock'), waiting: 0, grants: [], mayAct: false },
    },
  };
}
