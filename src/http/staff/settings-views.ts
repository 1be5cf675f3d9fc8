import type { Problems } from './problems.js';

export type SettingsField =
  | 'name'
  | 'siteUrl'
  | 'fromEmail'
  | 'fromName'
  | 'postalAddress'
  | 'locale'
  | 'timezone'
  | 'allowedOrigins'
  | 'perWeek'
  | 'quietFrom'
  | 'quietUntil';

export interface SettingsView {
  /** As it stands, or as it was typed. */
  typed: Record<SettingsField, string>;
  problems: Problems<SettingsField>;
  locales: readonly string[];
  timezones: readonly string[];
  /** Mails about sharing, and whether they go out. */
  mails: { message: string; sent: boolean }[];
  mayChange: boolean;
  mayExport: boolean;
}
