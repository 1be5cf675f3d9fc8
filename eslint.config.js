import tseslint from 'typescript-eslint';

const TYPESCRIPT = [
  'src/**/*.ts',
  'migrations/**/*.ts',
  'test/**/*.ts',
  'bench/**/*.ts',
  'sim/**/*.ts',
  'vitest.config.ts',
];
const TESTS = ['test/**/*.ts', 'bench/**/*.ts', 'sim/**/*.ts', '**/*.spec.ts', 'vitest.config.ts'];
const COMMAND_LINE = ['src/main.ts', 'src/cli.ts', 'src/cli/**/*.ts'];

/** Rules of src/domain: the same answer for the same arguments, whenever and wherever they are asked. */
const PURE = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Take `now` as an argument.' },
  { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: 'Take `now` as an argument.' },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Take random bytes as an argument.',
  },
  { selector: 'AwaitExpression', message: 'Rules are synchronous.' },
];

export default tseslint.config(
  { ignores: ['dist', 'data', 'docs/generated'] },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      curly: ['error', 'multi-line'],
      'prefer-const': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read settings from platform/config.ts.' },
      ],
    },
  },
  { files: ['src/domain/**/*.ts'], ignores: ['**/*.spec.ts'], rules: { 'no-restricted-syntax': ['error', ...PURE] } },
  // A Nest module is an empty class, an async method may have nothing to wait for because its interface wants a promise.
  {
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off', '@typescript-eslint/require-await': 'off' },
  },
  // One migration is one step for the database, however long its SQL is.
  { files: ['migrations/**/*.ts'], rules: { 'max-lines': 'off' } },
  { files: COMMAND_LINE, rules: { 'no-console': 'off', 'no-restricted-properties': 'off' } },
  {
    files: TESTS,
    rules: {
      'no-console': 'off',
      'no-restricted-properties': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      // Bodies of answers are of any shape; the expectation is what checks them.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-unused-vars': 'error' },
  },
);
