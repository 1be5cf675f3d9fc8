import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clicks in a partition for each month of UTC, by the hour that a click counts once in. */
export class ClicksByMonth1763830000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table clicks rename to clicks_before;
      alter table clicks_before rename constraint clicks_pkey to clicks_before_pkey;
      alter index clicks_counted_idx rename to clicks_before_counted_idx;
      alter index clicks_at_idx rename to clicks_before_at_idx;
      create table clicks (
        publication_id uuid not null,
        id uuid not null,
        participant_id uuid not null,
        content_id uuid,
        channel text not null,
        class text not null,
        visitor bytea not null,
        visit_key bytea not null,
        at timestamptz not null,
        hour timestamptz not null,
        constraint clicks_pkey primary key (publication_id, id, hour),
        constraint clicks_class_check check (class in ('human', 'bot', 'prefetch', 'repeat', 'self'))
      ) partition by range (hour);
      create table clicks_other partition of clicks default;
      ${MONTHS}
      insert into clicks select *, date_trunc('hour', at, 'UTC') from clicks_before;
      drop table clicks_before;
      create unique index clicks_counted_idx on clicks (publication_id, visit_key, hour) where class = 'human';
      create index clicks_at_idx on clicks (publication_id, at) where class = 'human'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table clicks rename to clicks_by_month;
      create table clicks_whole (like clicks_by_month);
      alter table clicks_whole drop column hour;
      insert into clicks_whole
        select publication_id, id, participant_id, content_id, channel, class, visitor, visit_key, at from clicks_by_month;
      drop table clicks_by_month;
      alter table clicks_whole rename to clicks;
      alter table clicks
        add constraint clicks_pkey primary key (publication_id, id),
        add constraint clicks_class_check check (class in ('human', 'bot', 'prefetch', 'repeat', 'self'));
      create unique index clicks_counted_idx on clicks (publication_id, visit_key) where class = 'human';
      create index clicks_at_idx on clicks (publication_id, at) where class = 'human'`);
  }
}

/** From the first click, or from this month, to the next month but one. */
const MONTHS = `
  do $$
  declare
    month timestamp := date_trunc('month', coalesce((select min(at) from clicks_before), now()) at time zone 'UTC');
  begin
    while month < (now() at time zone 'UTC') + interval '2 months' loop
      execute format('create table %I partition of clicks for values from (%L) to (%L)',
        to_char(month, '"clicks_"YYYY_MM'), month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      month := month + interval '1 month';
    end loop;
  end $$;`;
