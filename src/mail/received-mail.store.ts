import { oneRow, rows, type Tx } from '../platform/database.js';
import type { ReceivedMail } from './mail.entities.js';

/**
 * Keeps a mail that was handed over, for /dev/mail. A second copy of the same mail replaces nothing and adds nothing, and
 * nothing is kept of one whose reader was erased meanwhile: its row does not wait any more, and is locked so that one of us waits.
 */
export async function keepReceived(tx: Tx, mail: ReceivedMail): Promise<void> {
  await tx.query(
    `insert into received_mails (publication_id, id, recipient, subject, headers, text, html, at)
     select publication_id, id, $3, $4, $5::jsonb, $6, $7, $8::timestamptz from mails
     where publication_id = $1 and id = $2 and state = 'waiting' for share
     on conflict do nothing`,
    [mail.publicationId, mail.id, mail.recipient, mail.subject, mail.headers, mail.text, mail.html, mail.at],
  );
}

/** The newest mails of all publications: the mailbox belongs to the machine of a developer. */
export async function listReceived(tx: Tx, limit: number): Promise<ReceivedMail[]> {
  return rows(tx, `select * from received_mails order by at desc, id desc limit $1`, [limit]);
}

export async function findReceived(tx: Tx, id: string): Promise<ReceivedMail | null> {
  return oneRow(tx, `select * from received_mails where id = $1`, [id]);
}
