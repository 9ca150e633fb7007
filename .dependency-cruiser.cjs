/** Which folder may import what. Run by test/boundaries.test.ts, which also sees that files were really read. */

/** Files of `folder` as seen from the checkout. */
const below = (folder) => `^${folder}/`;
const packageNamed = (names) => `(^|/)node_modules/(${names})(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '[.]build/' } },
    { name: 'engine-knows-no-server', severity: 'error', from: { path: below('engine') }, to: { path: '^(server|views|test)/' } },
    {
      name: 'engine-knows-no-http',
      severity: 'error',
      from: { path: below('engine') },
      to: { path: packageNamed('express|express-handlebars|express-session|handlebars|helmet|multer|csrf-sync|express-rate-limit') },
    },
    { name: 'core-is-pure', severity: 'error', from: { path: below('engine/core') }, to: { path: '^engine/(store|runtime|integrity)/' } },
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: below('engine/core') },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|dns|dgram|tls|cluster)$' },
    },
    {
      name: 'store-decides-nothing',
      severity: 'error',
      from: { path: below('engine/store') },
      to: { path: '^engine/(core|runtime)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'xstate-behind-one-door',
      severity: 'error',
      from: { path: '^(engine|server|views|test)/', pathNot: '^engine/core/(compile|xstate[^/]*)[.]ts$|^test/' },
      to: { path: packageNamed('xstate') },
    },
    {
      name: 'database-behind-the-store',
      severity: 'error',
      from: { path: '^(engine|server|views)/', pathNot: below('engine/store') },
      to: { path: `${packageNamed('sequelize|sqlite3|umzug|pg')}|^(node:)?sqlite$` },
    },
    {
      name: 'json-logic-behind-the-rules',
      severity: 'error',
      from: { path: '^(engine|server|views)/', pathNot: below('engine/rules') },
      to: { path: packageNamed('json-logic-js') },
    },
    {
      name: 'engine-by-its-front-door',
      severity: 'error',
      from: { path: '^(server|views|test/server|test/browser)/' },
      to: { path: below('engine'), pathNot: '^engine/index[.]ts$' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^(engine|server)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]build/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], mainFields: ['module', 'main', 'types'] },
  },
};
