import { oneRow, type Tx } from '../platform/database.js';

/** Whose footer a code opens, and how many verified referrals they have in the current season. */
export interface FooterOwner {
  publicationId: string;
  publicationSlug: string;
  programId: string;
  season: number;
  subscriberId: string;
  status: string;
  locale: 'en' | 'ja';
  count: number;
}

/** Directory look-up over publications: a picture knows nothing but the code. One statement, for the hot path. */
export async function findFooterOwner(tx: Tx, code: string): Promise<FooterOwner | null> {
  return oneRow(
    tx,
    `select c.publication_id, pub.slug as publication_slug, p.program_id, g.season, s.id as subscriber_id, s.status, s.locale,
       coalesce(n.count, 0) as count
     from share_codes c
     join participants p on p.publication_id = c.publication_id and p.id = c.participant_id
     join programs g on g.publication_id = p.publication_id and g.id = p.program_id
     join publications pub on pub.id = c.publication_id
     join subscribers s on s.publication_id = p.publication_id and s.id = p.subscriber_id
     left join stage_counts n on n.publication_id = p.publication_id and n.participant_id = p.id
       and n.stage = 'verified' and n.season = g.season
     where c.code = $1`,
    [code],
  );
}
