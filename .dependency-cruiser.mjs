/**
 * Who may import whom: the house's walls. A breach fails the lint. The picture is in CONTRIBUTING.md.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only(
      'contract',
      '^contract/',
      '^(contract/|node_modules/zod/)',
      'The contract runs anywhere: contract and the schema library only.',
    ),
    {
      name: 'relay',
      severity: 'error',
      from: { path: '^relay/' },
      to: { path: '^(electron|renderer|host|tests|scripts)/|node_modules/electron/' },
    },
    only(
      'preload',
      '^electron/preload/',
      '^(electron/preload/|contract/ipc/channels\\.ts|node_modules/electron/)|^electron$',
      'The preload carries the names of the channels and nothing else.',
    ),
    {
      name: 'preload-types',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: {
        path: '^(electron/main/|contract/)',
        pathNot: '^contract/ipc/channels\\.ts',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'platform',
      severity: 'error',
      from: { path: '^electron/main/platform/' },
      to: { path: '^(electron/main/(services|ipc|windows)/)', pathNot: '^electron/main/services/ports\\.ts' },
    },
    {
      name: 'services',
      severity: 'error',
      from: { path: '^electron/main/services/' },
      to: { path: '^(electron/main/(ipc|windows|platform)/|node_modules/electron/)|^electron$' },
    },
    {
      name: 'services-apart',
      comment: 'A service takes others through its constructor, by the interfaces of ports.ts.',
      severity: 'error',
      from: { path: '^electron/main/services/([^/]+)/' },
      to: {
        path: '^electron/main/services/',
        pathNot: '^electron/main/services/($1/|ports\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'ipc',
      severity: 'error',
      from: { path: '^electron/main/ipc/' },
      to: { path: 'node_modules/(axios|ws)/|^(node:)?fs' },
    },
    {
      name: 'main-alone',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(renderer|relay|host|tests|scripts)/' },
    },
    {
      name: 'bridge-only',
      comment: 'One file touches the bridge; the page has no other way out.',
      severity: 'error',
      from: { path: '^renderer/src/(features|composables|ui)/' },
      to: { path: '^renderer/src/(bridge\\.ts|engines/)' },
    },
    {
      name: 'stores',
      severity: 'error',
      from: { path: '^renderer/src/stores/' },
      to: { path: '^renderer/src/(features|composables|ui)/' },
    },
    {
      name: 'ui',
      severity: 'error',
      from: { path: '^renderer/src/ui/' },
      to: { path: '^renderer/src/(stores|features|composables|bridge|engines)' },
    },
    {
      name: 'composables',
      severity: 'error',
      from: { path: '^renderer/src/composables/' },
      to: { path: '^renderer/src/features/' },
    },
    {
      name: 'features-apart',
      comment: "A feature may show another one's component, or load it by its index; what several share is a composable.",
      severity: 'error',
      from: { path: '^renderer/src/features/([^/]+)/' },
      to: { path: '^renderer/src/features/', pathNot: ['^renderer/src/features/$1/', '\\.vue$', '/index\\.ts$'] },
    },
    {
      name: 'page-alone',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|relay|host|tests|scripts)/|node_modules/(electron|zod)/' },
    },
    {
      name: 'nobody-imports-host-or-tests',
      severity: 'error',
      from: { path: '^(contract|relay|electron|renderer)/' },
      to: { path: '^(host|tests|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.js', '.mjs', '.json'],
    },
  },
};
