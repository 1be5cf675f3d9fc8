import type { Tx } from '../platform/database.js';

/** What may still be told of an erased reader. Everything else is emptied, whatever a later version tells. */
const STAYS = `array['id', 'status', 'locale', 'shareCode', 'shareUrl', 'createdAt', 'confirmedAt']`;
const emptied = (person: string) =>
  `(select jsonb_object_agg(key, case when key = any (${STAYS}) then value else 'null' end) from jsonb_each(${person}))`;
/** What staff wrote about a grant, and what showed a check that something is wrong. */
const WORDS = `
  case when d.data ? 'reason' then '{"reason": null}'::jsonb else '{}' end
  || case when jsonb_typeof(d.data -> 'reasons') = 'array' then jsonb_build_object('reasons', (
       select coalesce(jsonb_agg(reason - 'evidence' order by n), '[]')
       from jsonb_array_elements(d.data -> 'reasons') with ordinality r (reason, n))) else '{}' end`;

/**
 * Empties a person in all deliveries that tell of them, wherever they stand as an object with their id, and in what receivers
 * answered, who may have quoted it. What waits is still delivered: the other side of a referral is news that stays true. A try
 * that is under way loses its lease, and is made again without the person. Locked in one order: two people of one delivery
 * may be erased at once.
 */
export async function forgetPersonInDeliveries(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `with told as (
       select publication_id, id, data, tries from webhook_deliveries
       where publication_id = $1 and people @> array[$2::uuid] order by id for update
     ), without as (
       select d.publication_id, d.id,
         case when d.data ->> 'id' = $2::text then ${emptied('d.data')} else d.data end || coalesce((
           select jsonb_object_agg(part.key, ${emptied('part.value')}) from jsonb_each(d.data) part
           where jsonb_typeof(part.value) = 'object' and part.value ->> 'id' = $2::text), '{}') || ${WORDS} as data,
         (select coalesce(jsonb_agg(try || '{"answer": null}' order by n), '[]')
          from jsonb_array_elements(d.tries) with ordinality t (try, n)) as tries
       from told d
     )
     update webhook_deliveries d set data = w.data, tries = w.tries, lease_until = null
     from without w where d.publication_id = w.publication_id and d.id = w.id and (d.data, d.tries) is distinct from (w.data, w.tries)`,
    [publicationId, subscriberId],
  );
}
