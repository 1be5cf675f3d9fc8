import { createHash, createVerify, type KeyObject } from 'node:crypto';

/**
 * Verifies the DKIM signature of a message by RFC 6376, relaxed/relaxed and rsa-sha256: written from the standard and not
 * from the signer, so that both would have to be wrong in the same way.
 */
export function verifyDkim(raw: Buffer, publicKey: KeyObject): { ok: boolean; tags: Map<string, string> } {
  const text = raw.toString('latin1');
  const split = text.indexOf('\r\n\r\n');
  // A header field goes on in lines that begin with a space.
  const headers = text.slice(0, split).split(/\r\n(?![ \t])/);
  const body = text.slice(split + 4);
  const signature = headers.find((header) => /^dkim-signature:/i.test(header)) ?? '';
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s+/g, '')]),
  );
  const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
  const left = [...headers];
  const signed = (tags.get('h') ?? '').split(':').map((name) => {
    // Of several fields of one name the last comes first (5.4.2).
    const at = left.findLastIndex((header) => header.slice(0, header.indexOf(':')).trim().toLowerCase() === name);
    return at < 0 ? '' : `${relaxedHeader(left.splice(at, 1)[0]!)}\r\n`;
  });
  const itself = relaxedHeader(signature.replace(/([;\s]b=)[^;]*$/, '$1'));
  const verify = createVerify('RSA-SHA256').update(signed.join('') + itself, 'latin1');
  const isGenuine = verify.verify(publicKey, tags.get('b') ?? '', 'base64');
  return { ok: isGenuine && tags.get('bh') === bodyHash && tags.get('c') === 'relaxed/relaxed', tags };
}

/** 3.4.2 */
function relaxedHeader(header: string): string {
  const colon = header.indexOf(':');
  const value = header
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${header.slice(0, colon).trim().toLowerCase()}:${value}`;
}

/** 3.4.4 */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
}
