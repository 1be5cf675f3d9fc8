/** Whether a client has what a tag names. RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`. */
export function isKnownTag(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = tag.replace(/^W\//, '');
  return (
    ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((known) => known.trim().replace(/^W\//, '') === bare)
  );
}
