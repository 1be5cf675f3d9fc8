import { rows, type Tx } from '../platform/database.js';

/** What an audience is chosen by: the reader's attributes with `plan` and `nps`, where something is known of them. */
export type AudienceFacts = Record<string, unknown>;

/**
 * The facts of many readers, by their id. `plan` is that of their last purchase that was not refunded and named one, else the
 * attribute of that name; `nps` their last score, else the attribute. Of an erased reader nothing is known.
 */
export async function audienceFactsOf(
  tx: Tx,
  publicationId: string,
  subscriberIds: readonly string[],
): Promise<Map<string, AudienceFacts>> {
  const found = await rows<{ id: string; facts: AudienceFacts }>(
    tx,
    `select s.id, s.attributes || jsonb_strip_nulls(jsonb_build_object('plan', bought.plan, 'nps', o.nps_score)) as facts
     from subscribers s
     left join opinions o on o.publication_id = s.publication_id and o.subscriber_id = s.id
     left join lateral (
       select p.plan from purchases p
       where p.publication_id = s.publication_id and p.subscriber_id = s.id and p.plan is not null and p.refunded_at is null
       order by p.at desc, p.event_id desc limit 1) bought on s.status <> 'erased'
     where s.publication_id = $1 and s.id = any ($2::uuid[])`,
    [publicationId, subscriberIds],
  );
  return new Map(found.map(({ id, facts }) => [id, facts]));
}

/** As audienceFactsOf, of one reader. */
export async function audienceFacts(tx: Tx, publicationId: string, subscriberId: string): Promise<AudienceFacts> {
  return (await audienceFactsOf(tx, publicationId, [subscriberId])).get(subscriberId) ?? {};
}
