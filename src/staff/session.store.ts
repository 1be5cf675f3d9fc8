import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Account, StaffSession } from './account.entities.js';

export async function insertSession(tx: Tx, session: StaffSession): Promise<void> {
  await tx.query(
    `insert into staff_sessions (token_hash, account_id, browser, created_at, last_used_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [
      session.tokenHash, session.accountId, session.browser, session.createdAt, session.lastUsedAt, session.expiresAt,
    ], // prettier-ignore
  );
}

/** Directory look-up: a request brings nothing but its cookie. Null when the session has ended. */
export async function findSignedIn(
  tx: Tx,
  tokenHash: Buffer,
  now: Date,
): Promise<(Account & { lastUsedAt: Date }) | null> {
  return oneRow(
    tx,
    `select a.*, s.last_used_at from staff_sessions s join accounts a on a.id = s.account_id
     where s.token_hash = $1 and s.expires_at > $2`,
    [tokenHash, now],
  );
}

export async function touchSession(tx: Tx, tokenHash: Buffer, now: Date, expiresAt: Date): Promise<void> {
  await tx.query(
    `update staff_sessions set last_used_at = $2, expires_at = least($3, created_at + interval '90 days') where token_hash = $1`,
    [tokenHash, now, expiresAt],
  );
}

export async function deleteSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await tx.query(`delete from staff_sessions where token_hash = $1`, [tokenHash]);
}

/** Signs somebody out in one of their own browsers. */
export async function deleteOwnSession(tx: Tx, accountId: string, tokenHash: Buffer): Promise<void> {
  await tx.query(`delete from staff_sessions where account_id = $1 and token_hash = $2`, [accountId, tokenHash]);
}

/** Signs somebody out everywhere but in one browser. */
export async function deleteOtherSessions(tx: Tx, accountId: string, butHash: Buffer): Promise<void> {
  await tx.query(`delete from staff_sessions where account_id = $1 and token_hash <> $2`, [accountId, butHash]);
}

/** Where somebody is signed in, the browser used last first. */
export async function listSessions(tx: Tx, accountId: string, now: Date): Promise<StaffSession[]> {
  return rows(tx, `select * from staff_sessions where account_id = $1 and expires_at > $2 order by last_used_at desc`, [
    accountId,
    now,
  ]);
}

/** Of everybody. */
export async function removeEndedSessions(tx: Tx, now: Date): Promise<void> {
  await tx.query(`delete from staff_sessions where expires_at <= $1`, [now]);
}
