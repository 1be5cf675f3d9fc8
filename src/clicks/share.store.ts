import type { Channel } from '../domain/visit.js';
import { rows, type Tx } from '../platform/database.js';

/** Notes a press on a share button; a further one on the same link, channel and UTC hour is left out. */
export async function recordShare(
  tx: Tx,
  publicationId: string,
  press: { participantId: string; contentId: string | null; channel: Channel; at: Date },
): Promise<void> {
  const { participantId, contentId, channel, at } = press;
  const hour = at.toISOString().slice(0, 13);
  await tx.query(
    `insert into shares (publication_id, participant_id, press, content_id, channel, at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [publicationId, participantId, `${hour} ${channel} ${contentId ?? ''}`, contentId, channel, at],
  );
}

/** The presses of a participant on share buttons, oldest first. */
export async function sharesOf(
  tx: Tx,
  publicationId: string,
  participantId: string,
): Promise<{ channel: string; at: Date }[]> {
  return rows(
    tx,
    `select channel, at from shares where publication_id = $1 and participant_id = $2 order by at, press`,
    [publicationId, participantId],
  );
}
