import { oneRow, rows, type Tx } from '../platform/database.js';
import { Account, type Membership } from './account.entities.js';

/** False when somebody with this address is here already. */
export async function insertAccount(tx: Tx, account: Account): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into accounts (id, email, email_key, name, password_hash, locale, operator, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (email_key) do nothing returning id`,
    [
      account.id, account.email, account.emailKey, account.name, account.passwordHash, account.locale, account.operator,
      account.createdAt,
    ], // prettier-ignore
  );
  return inserted.length > 0;
}

/** Directory look-up: who signs in brings nothing but an address. */
export async function findAccountByEmail(tx: Tx, emailKey: string): Promise<Account | null> {
  return tx.getRepository(Account).findOneBy({ emailKey });
}

export async function findAccount(tx: Tx, id: string): Promise<Account | null> {
  return tx.getRepository(Account).findOneBy({ id });
}

export async function updateAccount(tx: Tx, id: string, changes: Partial<Account>): Promise<void> {
  await tx.getRepository(Account).update({ id }, changes);
}

/** Gives a role, or changes it. */
export async function putMembership(tx: Tx, membership: Membership): Promise<void> {
  await tx.query(
    `insert into memberships (publication_id, account_id, role, created_at) values ($1, $2, $3, $4)
     on conflict (publication_id, account_id) do update set role = excluded.role`,
    [membership.publicationId, membership.accountId, membership.role, membership.createdAt],
  );
}

/** All roles of a publication, locked until the transaction ends: two admins who remove each other stand in line. */
export async function lockMemberships(tx: Tx, publicationId: string): Promise<Membership[]> {
  await tx.query(`select 1 from publications where id = $1 for no key update`, [publicationId]);
  return rows(tx, `select * from memberships where publication_id = $1 order by account_id for update`, [
    publicationId,
  ]);
}

export async function deleteMembership(tx: Tx, publicationId: string, accountId: string): Promise<void> {
  await tx.query(`delete from memberships where publication_id = $1 and account_id = $2`, [publicationId, accountId]);
}

/** Somebody who works on a publication. */
export interface Colleague {
  accountId: string;
  name: string;
  email: string;
  role: Membership['role'];
  /** null: not signed in anywhere. */
  lastUsedAt: Date | null;
}

export async function listColleagues(tx: Tx, publicationId: string): Promise<Colleague[]> {
  return rows(
    tx,
    `select m.account_id, a.name, a.email, m.role,
       (select max(s.last_used_at) from staff_sessions s where s.account_id = a.id) as last_used_at
     from memberships m join accounts a on a.id = m.account_id
     where m.publication_id = $1 order by m.role, a.name, a.id`,
    [publicationId],
  );
}

/** Names and addresses of those who may help where an admin is needed: the publication's admins, else the operators. */
export async function listAdmins(tx: Tx, publicationId: string): Promise<{ name: string; email: string }[]> {
  return rows(
    tx,
    `select a.name, a.email from accounts a left join memberships m on m.account_id = a.id and m.publication_id = $1 and m.role = 'admin'
     where m.account_id is not null or a.operator order by m.account_id is null, a.name limit 5`,
    [publicationId],
  );
}

/** A publication that somebody works on. */
export interface Workplace {
  id: string;
  slug: string;
  name: string;
  role: Membership['role'];
}

/** Directory look-up: the publications of a person; an operator has all of them. At most 200, by name. */
export async function listWorkplaces(tx: Tx, account: Pick<Account, 'id' | 'operator'>): Promise<Workplace[]> {
  return rows(
    tx,
    `select p.id, p.slug, p.name, case when $2 then 'admin' else m.role end as role
     from publications p left join memberships m on m.publication_id = p.id and m.account_id = $1
     where $2 or m.account_id is not null order by p.name, p.id limit 200`,
    [account.id, account.operator],
  );
}

/** The publication of this slug, if the person works there. */
export async function findWorkplace(
  tx: Tx,
  account: Pick<Account, 'id' | 'operator'>,
  slug: string,
): Promise<Workplace | null> {
  return oneRow(
    tx,
    `select p.id, p.slug, p.name, case when $2 then 'admin' else m.role end as role
     from publications p left join memberships m on m.publication_id = p.id and m.account_id = $1
     where p.slug = $3 and ($2 or m.account_id is not null)`,
    [account.id, account.operator, slug],
  );
}
