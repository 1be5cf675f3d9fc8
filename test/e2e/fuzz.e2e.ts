import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OPERATOR_KEY, startApp } from '../support/app.js';
import { call, type Operation, operationsOf, pathOf, type Schema } from '../support/operations.js';
import { goodBodies, parametersIn, populate } from '../support/populate.js';

/*
 * Every operation of /openapi.json with bodies, queries and paths that its schema describes, or nearly: nothing breaks, every
 * status is one that the document names, and every answer is what the document says. FUZZ_RUNS=1000 for a long night.
 */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15);
const app = await startApp();
const operations = operationsOf(app);
const own = await populate(app);
const other = await populate(app);
const keys = [
  OPERATOR_KEY,
  ...(await Promise.all((['admin', 'editor', 'marketing', 'site'] as const).map((r) => own.publication.key(r)))),
];

/** Texts that have broken something somewhere. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '=1+1',
    "'; drop table grants; --",
    '{{constructor}}',
    '%00',
    'null',
    'NaN',
    '\u202e',
    '👩‍💻',
    '９９',
  ),
  fc.constantFrom(
    'verified',
    'default',
    'https://a.example/x?y#z',
    'a@mail.example',
    '2026-11-21',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
  ),
  fc.constantFrom(...Object.values(own.ids), ...Object.values(other.ids), own.publication.slug),
  fc.emailAddress(),
  fc.webUrl(),
  fc.uuid(),
);

const number = fc.oneof(
  fc.integer({ min: -2, max: 400 }),
  fc.constantFrom(0, -0, 1e21, 2 ** 31, 2 ** 53, -(2 ** 63), 0.5, Number.MIN_VALUE, Number.MAX_VALUE),
);

/** Values that a schema describes, and now and then any other. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const right = rightValueOf(schema);
  const choices: fc.WeightedArbitrary<unknown>[] = [{ weight: 12, arbitrary: right }];
  if (schema.nullable === true) choices.push({ weight: 2, arbitrary: fc.constant(null) });
  choices.push({ weight: 1, arbitrary: fc.oneof(text, number, fc.jsonValue({ maxDepth: 2 })) });
  return fc.oneof(...choices);
}

function rightValueOf(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(valueOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), { maxLength: 4 });
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? -10, max: Math.min(schema.maximum ?? 1_000, 1_000) }),
        number,
      );
    case 'boolean':
      return fc.boolean();
    case 'string':
      return stringOf(schema);
    default:
      return fc.jsonValue();
  }
}

function stringOf({ format, maxLength }: Schema): fc.Arbitrary<string> {
  switch (format) {
    case 'email':
      return fc.oneof(
        fc.emailAddress(),
        fc.constantFrom('x@mailinator.com', 'a.b+c@gmail.com', 'ä@exämple.de', 'x@xn--p1ai.рф'),
      );
    case 'uri':
      return fc.oneof(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.constantFrom('https://日本.example/路?ref=1'),
      );
    case 'uuid':
      return fc.oneof(fc.uuid(), fc.constantFrom(...Object.values(own.ids), ...Object.values(other.ids)));
    case 'date-time':
      return fc
        .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
        .map((date) => date.toISOString());
    case 'date':
      return fc.oneof(
        fc
          .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
          .map((d) => d.toISOString().slice(0, 10)),
        fc.constantFrom('0000-01-01', '9999-12-31', '2027-03-14'),
      );
    default:
      return maxLength === undefined ? text : text.map((value) => value.slice(0, maxLength));
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, valueOf(inner)])),
    {
      requiredKeys: required,
    },
  );
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(text, valueOf(additionalProperties), { maxKeys: 4 });
  }
  return fc.oneof(
    { weight: 15, arbitrary: known },
    {
      weight: 1,
      arbitrary: fc.tuple(known, fc.dictionary(text, fc.jsonValue(), { maxKeys: 2 })).map(([a, b]) => ({ ...a, ...b })),
    },
  );
}

const unharmed = (value: string): string => encodeURIComponent(Buffer.from(value).toString());

function requestOf(operation: Operation): fc.Arbitrary<{ path: string; key: string; body: string | undefined }> {
  const good = goodBodies(own)[operation.name];
  const parameters = parametersIn(operation.path, own);
  const parameter = (name: string) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(parameters[name] ?? 'x') },
      text.filter((value) => value !== ''),
    );
  const query = fc.record(Object.fromEntries(operation.query.map(({ name, schema }) => [name, valueOf(schema)])), {
    requiredKeys: [],
  });
  const csv = fc
    .array(fc.array(text, { maxLength: 3 }), { maxLength: 5 })
    .map((rows) => ['Code,Value', ...rows.map((cells) => cells.join(','))].join('\n'));
  // Most of a good body, so that what is wrong is one field and the rest gets as far as it can.
  const near = fc
    .tuple(valueOf(operation.body ?? {}), fc.integer({ min: 0, max: 2 }))
    .map(([wild, mix]) => (good === undefined || mix === 0 ? wild : { ...good, ...pickSome(wild, mix) }));
  return fc.record({
    key: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constant(operation.path === '/api/v1/publications' ? OPERATOR_KEY : own.publication.adminKey),
      },
      fc.constantFrom(...keys),
    ),
    path: fc.tuple(parameter('id'), parameter('slug'), query).map(([id, slug, values]) => {
      const pairs = Object.entries(values).map(([name, value]) => `${name}=${unharmed(String(value))}`);
      return `${pathOf(operation, { id: unharmed(id), slug: unharmed(slug) })}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
    }),
    body:
      operation.bodyType === null
        ? fc.constantFrom(undefined, '{}')
        : operation.bodyType === 'text/csv'
          ? csv.map((value) => Buffer.from(value).toString())
          : near.map((value) => JSON.stringify(value)),
  });
}

/** One or two fields of an object. */
function pickSome(value: unknown, count: number): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).slice(0, count));
}

describe('with whatever it is sent, the API answers as its document says', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, operation) => {
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(requestOf(operation), async (request) => {
          // What a request deletes or moves stays so: later ones meet it.
          const answer = await call(
            app,
            operation,
            operation.method === 'get' ? { ...request, body: undefined } : request,
          );
          seen.add(answer.status);
          expect(answer.status, answer.text).toBeLessThan(500);
          expect(operation.problemOf(answer), answer.text.slice(0, 500)).toBeNull();
        }),
        { numRuns: RUNS, seed: 20261121, interruptAfterTimeLimit: 55_000, markInterruptAsFailure: false },
      );
      expect([...seen].filter((status) => operation.statuses.includes(status))).toEqual([...seen]);
    },
  );

  test('nothing of it was left half done: jobs run, reports add up, and no fault was logged', async () => {
    await app.tick();
    const off = await app.rows(
      `select p.id from participants p
       left join stage_counts c on c.publication_id = p.publication_id and c.participant_id = p.id and c.stage = 'verified'
       left join referrals r on r.publication_id = p.publication_id and r.referrer_id = p.id and r.state = 'verified'
       group by p.id, c.count having coalesce(c.count, 0) <> count(r.id)`,
    );
    expect(off).toEqual([]);
    expect(app.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    for (const { publication } of [own, other]) {
      expect((await publication.admin.get('/reports/funnel?by=day')).status).toBe(200);
      expect((await publication.admin.get('/leads.csv')).status).toBe(200);
    }
  });
});
