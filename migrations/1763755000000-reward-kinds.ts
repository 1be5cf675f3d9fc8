import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All kinds of rewards, what a grant of them is worth, addresses to send things to, and a ledger that only grows. */
export class RewardKinds1763755000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table rewards
        add terms jsonb not null default '{}',
        drop constraint rewards_kind_check,
        add constraint rewards_kind_check check (kind in
          ('link', 'coupon', 'gift_card', 'credit', 'discount', 'physical', 'access', 'entry', 'custom'));

      alter table coupon_codes
        add value_amount bigint,
        add value_currency text,
        add constraint coupon_codes_value_check check ((value_amount is null) = (value_currency is null));

      alter table grants
        add value_amount bigint,
        add value_currency text,
        add percent integer,
        add company text,
        add ceiling bigint,
        add ceiling_per text,
        add asked_at timestamptz,
        add fulfilled_at timestamptz,
        add constraint grants_value_check check ((value_amount is null) = (value_currency is null)),
        add constraint grants_ceiling_check check ((ceiling is null) = (ceiling_per is null) and ceiling_per in ('month', 'year', 'ever'));
      create index grants_to_ask_idx on grants (due_at) where status = 'awaiting_claim' and asked_at is null;

      create table shipping_addresses (
        publication_id uuid not null,
        grant_id uuid not null,
        variant text,
        name text not null,
        country text not null,
        postcode text not null,
        region text,
        city text,
        line1 text not null,
        line2 text,
        phone text,
        given_at timestamptz not null,
        constraint shipping_addresses_pkey primary key (publication_id, grant_id),
        constraint shipping_addresses_publication_id_grant_id_fkey foreign key (publication_id, grant_id)
          references grants (publication_id, id) on delete cascade
      );
      create index shipping_addresses_given_idx on shipping_addresses (given_at);`);
    await db.query(LEDGER);
    // Grants of imports were handed over by others and are in no ledger; all other fulfilled ones are.
    await db.query(`
      update grants g set fulfilled_at = coalesce(g.sent_at, g.due_at) where status = 'fulfilled' and exists (
        select 1 from ledger_entries l where l.publication_id = g.publication_id and l.grant_id = g.id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger ledger_entries_append_only on ledger_entries;
      drop function refuse_change();
      create index ledger_entries_grant_idx on ledger_entries (publication_id, grant_id);
      drop index ledger_entries_subscriber_idx;
      alter table ledger_entries
        drop constraint ledger_entries_turn_key, drop constraint ledger_entries_turn_check, drop constraint ledger_entries_unit_check,
        drop turn, drop currency;
      drop table shipping_addresses;
      drop index grants_to_ask_idx;
      alter table grants
        drop constraint grants_value_check, drop constraint grants_ceiling_check, drop value_amount, drop value_currency, drop percent,
        drop company, drop ceiling, drop ceiling_per, drop asked_at, drop fulfilled_at;
      alter table coupon_codes drop constraint coupon_codes_value_check, drop value_amount, drop value_currency;
      -- What an older version does not know, a person hands over.
      update rewards set kind = 'custom' where kind not in ('link', 'coupon', 'custom');
      update grants set status = 'due' where status = 'awaiting_claim';
      alter table rewards
        drop terms, drop constraint rewards_kind_check,
        add constraint rewards_kind_check check (kind in ('link', 'coupon', 'custom'))`);
  }
}

/*
 * The entries of a grant take turns: given, taken back, given again. With the unique key two at once cannot both be next, so that
 * no grant is given twice or taken back twice, and no balance falls below zero.
 */
const LEDGER = `
  alter table ledger_entries add turn integer, add currency text;
  update ledger_entries l set turn = n.turn from (
    select publication_id, id, row_number() over (partition by publication_id, grant_id order by at, id) as turn from ledger_entries) n
    where n.publication_id = l.publication_id and n.id = l.id;
  alter table ledger_entries
    alter turn set not null,
    add constraint ledger_entries_turn_key unique (publication_id, grant_id, turn),
    add constraint ledger_entries_turn_check check (
      turn >= 1 and (act = 'given') = (turn % 2 = 1) and (case when act = 'given' then quantity > 0 else quantity < 0 end)),
    add constraint ledger_entries_unit_check check (
      unit in ('money', 'percent', 'month', 'piece') and (unit = 'money') = (currency is not null));
  drop index ledger_entries_grant_idx;
  create index ledger_entries_subscriber_idx on ledger_entries (publication_id, subscriber_id);

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    -- Deeper is the cascade of a foreign key: a publication goes with all that it has.
    if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return old; end if;
    raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
  end $$;
  create trigger ledger_entries_append_only before update or delete on ledger_entries for each row execute function refuse_change();`;
