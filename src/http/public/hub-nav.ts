import type { OwnPrograms } from '../../flows/own-programs.js';
import type { HubNav } from '../hub-views.js';

/** The ways from a page of a reader to the others; `own` is null for one who takes part in nothing. */
export function hubNav(hubPath: string, own: OwnPrograms | null): HubNav {
  const isOneOfMany = own !== null && own.programs.length > 1;
  return {
    path: hubPath,
    query: isOneOfMany ? `?program=${own.program.slug}` : '',
    hasBoard: own?.program.showsBoard ?? false,
  };
}
