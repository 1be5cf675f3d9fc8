/** A reader as a mail platform needs them. */
export interface ExportedReader {
  id: string;
  email: string;
  firstName: string | null;
  externalId: string | null;
  status: string;
  /** Null for who takes no part in the program. */
  shareCode: string | null;
  referralCount: number;
}

/**
 * Readers, or those of whom something changed after a moment, as SQL for a streamed read. Reads the counts of another feature:
 * a look-up for each of a million readers would take minutes.
 */
export function exportedReaders(
  publicationId: string,
  program: { id: string; season: number },
  changedAfter: Date | null,
): { sql: string; parameters: unknown[] } {
  const sql = `
    select s.id, s.email, s.first_name, s.external_id, s.status, c.code as share_code, coalesce(n.count, 0) as referral_count
    from subscribers s
    left join participants p on p.publication_id = s.publication_id and p.subscriber_id = s.id and p.program_id = $2
    left join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
    left join stage_counts n on n.publication_id = p.publication_id and n.participant_id = p.id and n.stage = 'verified' and n.season = $3
    where s.publication_id = $1 and s.status <> 'erased'
      and ($4::timestamptz is null or s.changed_at > $4 or p.created_at > $4 or n.changed_at > $4)
    order by s.id`;
  return { sql, parameters: [publicationId, program.id, program.season, changedAfter] };
}
