// The rules of the house, as import rules. A package may import those on lines above its own, if it is listed to.
const mayImport = {
  machinery: [],
  api: ['machinery'],
  cri: [],
  storage: ['machinery'],
  client: ['machinery', 'api'],
  apiserver: ['machinery', 'api', 'storage', 'client'],
  'controller-manager': ['machinery', 'api', 'client'],
  scheduler: ['machinery', 'api', 'client'],
  kubelet: ['machinery', 'api', 'client', 'cri'],
  'service-proxy': ['machinery', 'api', 'client'],
  'cloud-provider': ['machinery', 'api', 'cri'],
  'cloud-controller-manager': ['machinery', 'api', 'client', 'cloud-provider'],
  cli: [
    'machinery',
    'api',
    'storage',
    'client',
    'apiserver',
    'controller-manager',
    'scheduler',
    'kubelet',
    'service-proxy',
    'cloud-provider',
    'cloud-controller-manager',
  ],
}
const providerMayImport = ['machinery', 'api', 'client', 'cri', 'cloud-provider']

const below = (names) => (names.length === 0 ? [] : [`^packages/(${names.join('|')})/`])

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', comment: 'No cycles, between packages or between files.', from: {}, to: { circular: true } },
    ...Object.entries(mayImport).map(([name, allowed]) => ({
      name: `${name}-imports-down`,
      severity: 'error',
      comment: `packages/${name} may import ${allowed.join(', ') || 'no other package'}.`,
      from: { path: `^packages/${name}/` },
      to: { path: '^packages/', pathNot: [`^packages/${name}/`, ...below(allowed)] },
    })),
    {
      name: 'nothing-imports-a-provider',
      severity: 'error',
      comment: 'A provider is loaded by name at run time.',
      from: { pathNot: '^providers/' },
      to: { path: '^providers/' },
    },
    {
      name: 'provider-imports-contracts',
      severity: 'error',
      comment: 'A provider imports contract packages and its own SDK.',
      from: { path: '^providers/([^/]+)/' },
      to: { path: '^(packages|providers)/', pathNot: ['^providers/$1/', ...below(providerMayImport)] },
    },
    {
      name: 'face-only',
      severity: 'error',
      comment: "A package's face is its index.",
      from: { path: '^(packages|providers)/([^/]+)/' },
      to: {
        path: '^(packages|providers)/[^/]+/(src|dist)/',
        pathNot: ['^$1/$2/', '^(packages|providers)/[^/]+/(src|dist)/(index|testing)\\.'],
      },
    },
    {
      name: 'no-unlisted-dependency',
      severity: 'error',
      comment: 'What is imported stands in the package.json.',
      from: { pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['node_modules/.*/node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'], mainFields: ['main', 'types'] },
    combinedDependencies: true,
  },
}
