/**
 * Who may import whom: the house's walls. A breach fails the lint. The picture is in CONTRIBUTING.md, the relay's rooms in
 * relay/README.md; tests/unit/build/dependency-rules.test.ts shows a breach of each rule.
 */
const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: typeof from === 'string' ? { path: from } : from,
  to: typeof to === 'string' ? { path: to } : to,
});

const only = (name, from, allowed, comment) => never(name, from, { pathNot: allowed }, comment);

/** What every room of the relay may use: records, errors, limits and small pure parts, none of which knows a room. */
const RELAY_SHARED = 'relay/(errors|folding|ids|limits|listeners|records|start-error|turns|version)\\.ts$';

/** A room of the relay, and what it may use of the relay besides its own files and what is shared. */
const room = (name, folder, uses, comment) =>
  never(
    name,
    `^relay/${folder}/`,
    { path: '^relay/', pathNot: `^(${[`relay/${folder}/`, RELAY_SHARED, ...uses].join('|')})` },
    comment,
  );

export default {
  forbidden: [
    never('no-circles', {}, { circular: true }, 'Of types neither: files that need each other are one file.'),
    never('no-unresolved', {}, { couldNotResolve: true }),

    only(
      'contract',
      '^contract/',
      '^(contract/|node_modules/zod/)',
      'The contract runs anywhere: contract and the schema library only.',
    ),
    never(
      'channels',
      '^contract/ipc/channels\\.ts$',
      { dependencyTypesNot: ['type-only'] },
      'The preload is bundled with it: whatever it imports at run time would be carried into every page.',
    ),

    never('relay', '^relay/', '^(electron|renderer)/|node_modules/electron/'),
    never(
      'relay-shared',
      `^${RELAY_SHARED}`,
      { path: '^relay/', pathNot: `^${RELAY_SHARED}` },
      'What every room uses knows none of them.',
    ),
    room(
      'relay-routes',
      'routes',
      ['relay/services/', 'relay/http/(serve|multipart)\\.ts$', 'relay/files/file-name\\.ts$'],
      'From a checked call to an answer: what is between the two is the work of a service.',
    ),
    room('relay-ws', 'ws', [
      'relay/services/',
      'relay/delivery/ports\\.ts$',
      // How a text becomes JSON, and what is wrong with its fields: the same for frames as for bodies.
      'relay/http/(json|field-problems)\\.ts$',
    ]),
    room('relay-http', 'http', ['relay/services/']),
    room(
      'relay-services',
      'services',
      ['relay/(repositories|delivery|files|media)/ports\\.ts$'],
      'A service knows neither how it is reached nor where things are stored.',
    ),
    room('relay-repositories', 'repositories', [], 'Storage, migrations and services are put on the repositories.'),
    room('relay-delivery', 'delivery', []),
    room('relay-files', 'files', []),
    room('relay-media', 'media', [], 'It reads bytes that strangers sent, some of it in processes of its own.'),
    room('relay-storage', 'storage', ['relay/migrations/(sqlite|postgres)/index\\.ts$', 'relay/repositories/']),
    room(
      'relay-migrations',
      'migrations',
      ['relay/repositories/(schema|(sqlite|postgres)/(connection|dialect))\\.ts$'],
      'A step changes tables; what the repositories make of them may change later.',
    ),
    room(
      'relay-maintenance',
      'maintenance',
      [
        'relay/migrations/sqlite/index\\.ts$',
        'relay/repositories/sqlite/connection\\.ts$',
        'relay/storage/(folder|lock)\\.ts$',
        'relay/services/ice-servers\\.ts$',
        'relay/settings\\.ts$',
      ],
      'Backup, restore and doctor work on a folder, beside a node that may be running: they build none of its parts.',
    ),
    never(
      'relay-ports',
      '^relay/(repositories|delivery|services|files|media)/ports\\.ts$',
      { path: '^relay/', pathNot: '^relay/records\\.ts$' },
      'A port names records and nothing of what is behind it.',
    ),
    never(
      'relay-sqlite',
      { path: '^relay/', pathNot: '^relay/(repositories/sqlite/|storage/lock\\.ts$)' },
      '^(node:)?sqlite$',
      'One adapter knows SQLite; the lock of the folder is a lock of SQLite’s on a file of its own.',
    ),
    never(
      'relay-postgres',
      { path: '^relay/', pathNot: '^relay/repositories/postgres/' },
      'node_modules/(pg|@electric-sql/pglite)/',
      'One adapter knows PostgreSQL.',
    ),
    never(
      'relay-sql',
      { path: '^relay/', pathNot: '^relay/(repositories|migrations)/' },
      'node_modules/kysely/',
      'Queries are built in the repositories and the migrations, and nowhere else.',
    ),
    never(
      'relay-network',
      {
        path: '^relay/(services|repositories|delivery|storage|migrations|routes|files|media|maintenance)/',
        // The doctor's one line to a TURN server.
        pathNot: '^relay/maintenance/turn-line\\.ts$',
      },
      '^(node:)?(http|https|http2|net|tls|dgram)$|node_modules/(fastify|@fastify/[^/]+|fastify-type-provider-zod|ws)/',
      'Only the doors (app.ts, http, ws) know what a request or a socket is.',
    ),

    only(
      'preload',
      '^electron/preload/',
      '^(electron/preload/|contract/ipc/channels\\.ts|node_modules/electron/)|^electron$',
      'The preload carries the names of the channels and nothing else.',
    ),
    never('platform', '^electron/main/platform/', {
      path: '^electron/main/(services|ipc|windows)/',
      pathNot: '^electron/main/services/ports\\.ts',
    }),
    never('windows', '^electron/main/windows/', {
      path: '^electron/main/(services|ipc)/',
      pathNot: '^electron/main/services/ports\\.ts',
    }),
    never('lib', '^electron/main/lib/', {
      path: '^electron/main/(services|ipc|windows|platform)/',
      pathNot: '^electron/main/services/ports\\.ts',
    }),
    never(
      'services',
      '^electron/main/services/',
      '^(electron/main/(ipc|windows|platform)/|node_modules/electron/)|^electron$',
    ),
    never(
      'services-apart',
      // The two that put an account together stand outside of it.
      { path: '^electron/main/services/([^/]+)/', pathNot: '^electron/main/services/accounts/accounts?\\.ts$' },
      {
        path: '^electron/main/services/',
        pathNot: '^electron/main/services/($1/|ports\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
      'A service takes others through its constructor, by the interfaces of ports.ts.',
    ),
    never(
      'commands',
      '^electron/main/services/commands/',
      {
        path: '^electron/main/services/',
        pathNot: '^electron/main/services/(ports|commands/(command|with-connection|send-message))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
      'A command gets its account as an argument, and knows no other command.',
    ),
    never(
      'ipc',
      '^electron/main/ipc/',
      '^electron/main/(windows|platform)/|node_modules/(axios|ws)/|^(node:)?(fs|fs/promises|http|https|http2|net|tls|dgram)$',
      'From a channel to a service: no network, no files, no window of its own.',
    ),
    never('main-alone', '^electron/', '^(renderer|relay)/'),

    never(
      'bridge-only',
      '^renderer/src/(features|composables)/',
      '^renderer/src/(bridge\\.ts|engines/)',
      'Features speak to stores; one file touches the bridge, and the page has no other way out.',
    ),
    never('stores', '^renderer/src/stores/', '^renderer/src/(features|ui|composables)/'),
    never(
      'ui',
      '^renderer/src/ui/',
      { path: '^renderer/src/', pathNot: '^renderer/src/ui/' },
      'Dumb parts: what they show comes in, what the person does goes out.',
    ),
    never('composables', '^renderer/src/composables/', '^renderer/src/features/'),
    never(
      'features-apart',
      '^renderer/src/features/([^/]+)/',
      { path: '^renderer/src/features/', pathNot: ['^renderer/src/features/$1/', '\\.vue$', '/index\\.ts$'] },
      "A feature may show another one's component, or load it by its index; what several share is a composable.",
    ),
    never('page-alone', '^renderer/', '^(electron|relay)/|node_modules/(electron|zod)/'),
    never(
      'page-schemas',
      '^renderer/',
      {
        path: '^contract/((api|ws)/|routes\\.ts|ipc/schemas\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
      'The page uses the contract’s types and models: schemas would bring the schema library with them.',
    ),

    never(
      'host',
      '^host/',
      '^(contract|electron|relay|renderer|tests|scripts)/',
      'The stand-in is a runtime: it knows nothing of what runs on it.',
    ),
    never('nobody-imports-host-or-tests', '^(contract|relay|electron|renderer)/', '^(host|tests|scripts|build)/'),
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
