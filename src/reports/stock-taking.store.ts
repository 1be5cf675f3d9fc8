import { rows, type Tx } from '../platform/database.js';

/** How many rows of a kind a publication has in a state. */
export interface Stock {
  of: 'readers' | 'referrals' | 'grants' | 'clicks' | 'contents';
  state: string;
  count: number;
}

const STATES = {
  readers: ['subscribers', 'status'],
  contents: ['contents', 'kind'],
  clicks: ['clicks', 'class'],
  referrals: ['referrals', 'state'],
  grants: ['grants', 'status'],
} as const;

/** Everything that a publication has, counted row by row: for who has just made it, not for a page that is often looked at. */
export async function takeStock(tx: Tx, publicationId: string): Promise<Stock[]> {
  const counts = Object.entries(STATES).map(
    ([of, [table, state]], place) =>
      `select ${place} as place, '${of}' as of, ${state} as state, count(*)::int as count from ${table} where publication_id = $1 group by ${state}`,
  );
  return rows(tx, `select of, state, count from (${counts.join(' union all ')}) c order by place, count desc`, [
    publicationId,
  ]);
}
