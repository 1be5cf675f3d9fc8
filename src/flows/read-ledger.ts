import { Injectable } from '@nestjs/common';
import { applyCeilings } from '../domain/ceilings.js';
import { entitlementsOf } from '../domain/entitlements.js';
import type { Unit } from '../domain/rewards.js';
import { accessesOf, type CeiledRow, ceiledOf, entriesOf, type LedgerRow } from '../milestones/ledger.store.js';
import { Database } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';

/** What belongs together: credit is not added to gift cards, and a company's is not a person's. */
interface Account {
  kind: string;
  company: string | null;
  unit: Unit;
  currency: string | null;
}

interface Balance extends Account {
  quantity: number;
}

/** When what has a ceiling is used. */
interface Scheduled extends Account {
  grantId: string;
  applied: { period: string; quantity: number }[];
  left: number;
}

/** What a person was given and what of it was taken back, with the sums, and in which periods what has a ceiling is used. */
@Injectable()
export class ReadLedger {
  constructor(private readonly database: Database) {}

  async run(
    publication: Publication,
    subscriberId: string,
  ): Promise<{ entries: LedgerRow[]; balances: Balance[]; schedule: Scheduled[] }> {
    const tx = this.database.reader;
    const entries = await entriesOf(tx, publication.id, subscriberId);
    const ceiled = await ceiledOf(tx, publication.id, subscriberId);
    return { entries, balances: balancesOf(entries), schedule: scheduleOf(ceiled, publication.timezone) };
  }

  /** The accesses of a person that went out, with their times. */
  async entitlements(publicationId: string, subscriberId: string) {
    const given = await accessesOf(this.database.reader, publicationId, subscriberId);
    const lasting = entitlementsOf(given);
    return given.map((access, n) => ({ ...access, ...lasting[n]! }));
  }
}

function balancesOf(entries: readonly LedgerRow[]): Balance[] {
  return grouped(entries).map(([account, rows]) => ({
    ...account,
    quantity: rows.reduce((sum, { quantity }) => sum + Number(quantity), 0),
  }));
}

/** Each account has its own periods; ceilings of different lengths do not know of each other. */
function scheduleOf(ceiled: readonly CeiledRow[], timezone: string): Scheduled[] {
  return grouped(ceiled).flatMap(([account, rows]) =>
    (['month', 'year', 'ever'] as const).flatMap((per) => {
      const those = rows.filter(({ ceilingPer }) => ceilingPer === per);
      const given = those.map(({ quantity, ceiling, at }) => ({
        quantity: Number(quantity),
        ceiling: Number(ceiling),
        at,
      }));
      const placed = applyCeilings(given, per, timezone);
      return those.map(({ grantId }, n) => ({ ...account, grantId, ...placed[n]! }));
    }),
  );
}

function grouped<Row extends Omit<Account, 'kind'> & { rewardKind: string }>(rows: readonly Row[]): [Account, Row[]][] {
  const groups = new Map<string, [Account, Row[]]>();
  for (const row of rows) {
    const account = { kind: row.rewardKind, company: row.company, unit: row.unit, currency: row.currency };
    const key = JSON.stringify(account);
    const group = groups.get(key) ?? [account, []];
    group[1].push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}
