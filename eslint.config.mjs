import tseslint from 'typescript-eslint';
import { importX } from 'eslint-plugin-import-x';

// Design, section 3: extension -> providers -> connect, events, inventory, session; cli -> the same core;
// remote -> session; only the roots (extension, cli, lab's try) wire remote in. storage is what both keep on disk.
const zone = (target, from, message) => ({ target, from, message });
const layers = [
  zone('./src/connect', ['./src/providers', './src/remote', './src/inventory', './src/events'], 'connect is the domain: it knows session types only.'),
  zone('./src/events', ['./src/providers', './src/remote', './src/inventory', './src/connect'], 'events knows session types only.'),
  zone('./src/inventory', ['./src/providers', './src/remote', './src/connect', './src/events'], 'inventory stands alone.'),
  zone('./src/remote', ['./src/providers', './src/connect', './src/inventory', './src/events'], 'remote knows session types only.'),
  zone('./src/providers', ['./src/remote'], 'providers never know a transport: the composition root wires it in.'),
  zone('./src/cli', ['./src/remote', './src/providers'], 'cli never knows a transport: the composition root wires it in.'),
  zone(['./src/connect', './src/remote', './src/inventory', './src/events'], ['./src/storage', './src/cli'], 'what is kept on disk comes in through ports.'),
  zone('./src/storage', ['./src/providers', './src/remote', './src/inventory', './src/events', './src/cli'], 'storage knows the domain only.'),
  zone('./src/providers', ['./src/cli'], 'the editor and the command line stand beside each other.'),
  zone('./src', ['./lab', './test'], 'the product never imports the lab or the tests.'),
  // The lab's composition root is lab/try: only there may product code be wired in.
  { target: './lab', from: './src', except: [], message: 'the lab shares no code with src; only lab/try may.' },
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.cache/', 'node_modules/', 'lab/**/bin/', 'lab/**/obj/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'eqeqeq': 'error',
      'no-console': 'error',
      'curly': ['error', 'multi-line'],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['lab/try/**', 'test/**'],
    plugins: { 'import-x': importX },
    rules: { 'import-x/no-restricted-paths': ['error', { zones: layers }] },
  },
  {
    files: ['src/connect/**', 'src/events/**', 'src/inventory/**', 'src/remote/**', 'src/storage/**', 'src/cli/**', 'src/cli.ts', 'src/session.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [{ name: 'vscode', message: 'vscode stays in providers and extension.ts.', allowTypeImports: true }] }],
    },
  },
  {
    files: ['src/connect/**', 'src/events/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['node:*', 'vscode'], message: 'The domain runs anywhere: files, clocks and sockets come in through ports.' }] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'require', '__dirname'],
    },
  },
  { files: ['**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['test/**'], rules: { '@typescript-eslint/no-unused-expressions': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['lab/**', 'test/**', 'src/cli.ts'],
    rules: { 'no-console': 'off' },
  },
);
