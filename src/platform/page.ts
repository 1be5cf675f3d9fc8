import { z } from 'zod';
import { invalid } from '../domain/errors.js';

/** What a list route takes: how many rows, and after which one. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Rows at most, 1 to 200.' }),
  after: z.string().optional().meta({ description: '`nextCursor` of the page before.' }),
});

export interface PageRequest {
  limit: number;
  /** Id of the last row of the page before; rows come newest first, so the next have smaller ids. */
  after: string | null;
}

/** One page of a list; `nextCursor` is null at the end. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `request/invalid` for a cursor that no list of ours gave out. */
export function pageRequest(query: { limit: number; after?: string | undefined }): PageRequest {
  if (query.after === undefined) return { limit: query.limit, after: null };
  const id = Buffer.from(query.after, 'base64url').toString('latin1');
  if (!UUID.test(id)) throw invalid('after', 'is not a cursor of this list');
  return { limit: query.limit, after: id };
}

/** Cuts `limit + 1` rows, as a store reads them, to a page. */
export function pageOf<T extends { id: string }>(rowsAndOneMore: T[], request: PageRequest): Page<T> {
  const data = rowsAndOneMore.slice(0, request.limit);
  const last = data.at(-1);
  const more = rowsAndOneMore.length > request.limit && last !== undefined;
  return { data, nextCursor: more ? Buffer.from(last.id, 'latin1').toString('base64url') : null };
}
