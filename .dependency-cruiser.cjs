/** The import DAG. Prose: docs/architecture.md. Every folder of src that is no level of its own is a feature. */
const FEATURE = '^src/(?!domain/|platform/|flows/|http/|jobs/|cli/)([^/]+)/';
const EDGE = '^src/(http|jobs|cli)/';
const TEST = '[.](spec|medium|e2e)[.]ts$';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'no clock, network, disk or framework; add a pure library here when it replaces our own code',
      from: { path: '^src/domain/', pathNot: TEST },
      to: {
        pathNot: [
          '^src/domain/',
          '^(url|crypto)$',
          'node_modules/(tldts|isbot|croner|temporal-polyfill|ipaddr[.]js|disposable-email-domains-js)/',
        ],
      },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/(platform|domain)/' },
    },
    {
      name: 'features-meet-only-in-flows',
      severity: 'error',
      from: { path: FEATURE },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/(platform|domain)/'] },
    },
    { name: 'flows-are-below-the-edges', severity: 'error', from: { path: '^src/flows/' }, to: { path: EDGE } },
    {
      name: 'edges-do-not-import-edges',
      severity: 'error',
      from: { path: EDGE },
      to: { path: EDGE, pathNot: '^src/$1/' },
    },
    {
      name: 'programs-are-on-top',
      severity: 'error',
      comment: 'main.ts, cli.ts and what they are put together from: only edges and tests may use them',
      from: { path: '^src/[^/]+/', pathNot: [EDGE, TEST] },
      to: { path: '^src/[^/]+[.]ts$' },
    },
    {
      name: 'sql-lives-in-stores',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/platform/',
          '^src/(data-source|start-database)[.]ts$',
          '[.](store|entities|module)[.]ts$',
          TEST,
        ],
      },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'src-does-not-import-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { path: ['^test/', '^bench/', '^sim/', TEST] },
    },
    {
      name: 'simulated-people-know-no-rules',
      severity: 'error',
      comment:
        'a simulation that took its lists and numbers from the checks would only show that they agree with themselves',
      from: { path: '^sim/' },
      to: { path: ['^src/(?!flows/|http/|platform/)[^/]+/', '^test/', '^bench/'] },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
