import { DefaultNamingStrategy, type NamingStrategyInterface, type Table } from 'typeorm';

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const nameOf = (table: Table | string) => (typeof table === 'string' ? table : table.name).split('.').at(-1) ?? '';
/** PostgreSQL cuts identifiers at 63 bytes; ours are ASCII. */
const fit = (name: string) => name.slice(0, 63);

/** Names of constraints and indexes as PostgreSQL itself gives them, so that migrations read like plain SQL. */
export class PostgresNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snake(propertyName);
  }
  override primaryKeyName(table: Table | string): string {
    return `${nameOf(table)}_pkey`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return fit(`${nameOf(table)}_${columns.join('_')}_key`);
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return fit(`${nameOf(table)}_${columns.join('_')}_fkey`);
  }
}
