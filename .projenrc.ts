import { JsiiProject } from 'projen/lib/cdk';
import { NodePackageManager } from 'projen/lib/javascript';
import { TypeScriptRunner } from 'projen/lib/typescript';

const CONSTRUCTS = '10.8.1';
const CDK8S = '2.70.106';
const CDK8S_PLUS = '2.9.5';
// lib/aws says the same two versions to those who lack them; a test compares.
const CDKTF = '0.21.0';
const PROVIDER_AWS = '21.22.1';

const project = new JsiiProject({
  name: 'cdk8s-bento',
  description:
    'BentoML on Kubernetes and AWS as typed constructs: one definition synthesizes everything that serves it.',
  author: 'cdk8s-bento authors',
  authorAddress: 'https://github.com/cdk8s-bento',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-bento/cdk8s-bento.git',
  license: 'Apache-2.0',
  keywords: ['bentoml', 'cdk8s', 'kubernetes', 'model-serving', 'machine-learning', 'autoscaling', 'gpu'],
  defaultReleaseBranch: 'main',

  srcdir: 'lib',
  libdir: 'build',
  entrypoint: 'build/index.js',
  testdir: 'test',
  // Sources in every file triple what an import reads.
  tsconfig: { compilerOptions: { inlineSourceMap: false, inlineSources: false } },
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  packageManager: NodePackageManager.NPM,
  publishToPypi: { distName: 'cdk8s-bento', module: 'cdk8s_bento' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8sbento',
    mavenGroupId: 'io.github.cdk8s-bento',
    mavenArtifactId: 'cdk8s-bento',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-bento/cdk8s-bento-go', packageName: 'cdk8sbento' },
  publishToNuget: { dotNetNamespace: 'Cdk8sBento', packageId: 'Cdk8sBento' },
  docgenFilePath: 'docs/API.md',

  // One tested floor and one copy: two copies of constructs break the tree (`scope.node._scopes is not iterable`).
  peerDeps: [`constructs@^${CONSTRUCTS}`, `cdk8s@^${CDK8S}`, `cdk8s-plus-27@^${CDK8S_PLUS}`],
  bundledDeps: ['yaml@2.9.1'],
  devDeps: [
    `constructs@${CONSTRUCTS}`,
    `cdk8s@${CDK8S}`,
    `cdk8s-plus-27@${CDK8S_PLUS}`,
    `cdktf@${CDKTF}`,
    `@cdktf/provider-aws@${PROVIDER_AWS}`,
    'cdk8s-cli@2.207.60',
    'fast-check@^4',
    '@grpc/grpc-js@1.14.7',
    '@grpc/proto-loader@0.8.1',
    'kubernetes-types@1.30.0',
    'tsx@^4.23',
    'vitest@^4.1.12',
  ],

  github: false,
  release: false,
  depsUpgrade: false,
  clobber: false,
  jest: false,
  eslint: false,
  sampleCode: false,
  npmignoreEnabled: false,
  projenrcTs: true,
  projenrcTsOptions: { projenCodeDir: '.projen', runner: TypeScriptRunner.tsx() },
  biome: true,
  biomeOptions: {
    version: '2.5.15',
    biomeConfig: {
      formatter: { indentStyle: 'space' as never, lineWidth: 120 },
      javascript: { formatter: { quoteStyle: 'single' as never } },
      files: {
        includes: [
          'lib/**',
          'test/**',
          'examples/**',
          'benchmark/**',
          'packaging/**',
          'tools/**',
          '.projenrc.ts',
          '!test/golden',
          '!test/fixtures',
          '!test/schemas',
        ],
      },
      linter: {
        rules: {
          // `!` on what a check above has proved; jsii classes whose every member is a static factory.
          style: { noNonNullAssertion: 'off' as never },
          complexity: { noStaticOnlyClass: 'off' as never },
        } as never,
      },
    },
  },
  gitignore: [
    '/out/',
    '/build/',
    '/dist/',
    '/coverage/',
    '.DS_Store',
    '/.jsii',
    'tsconfig.tsbuildinfo',
    '__pycache__/',
  ],
});

project.package.addField('files', ['build', '.jsii', 'docs']);

const testTsconfig = project.tryFindObjectFile('test/tsconfig.json')!;
testTsconfig.addOverride('include', [
  '**/*.ts',
  '../lib/**/*.ts',
  '../examples/**/*.ts',
  '../benchmark/**/*.ts',
  '../packaging/**/*.ts',
  '../tools/**/*.ts',
  '../.projenrc.ts',
]);
// jsii wants structs exported like classes.
testTsconfig.addOverride('compilerOptions.isolatedModules', false);

const silence = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
for (const task of [project.compileTask, project.tasks.tryFind('docgen'), project.tasks.tryFind('package:js')]) {
  for (const [name, value] of Object.entries(silence)) task?.env(name, value);
}

// An import of the library loads one file; what a definition uses is loaded when it is used.
project.compileTask.exec('node --import tsx tools/make-lazy.ts');

// `build` makes the npm package only; the languages have their own task.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

project.testTask.reset();
project.testTask.exec('biome check --no-errors-on-unmatched --error-on-warnings');
project.testTask.exec('tsc --project test');
// Property tests share two cores with the rest of CI.
project.testTask.exec('vitest run --no-isolate --testTimeout=60000', { receiveArgs: true });

project.addTask('synth', {
  description: "Writes every example's manifests to out/ and checks them",
  exec: 'cdk8s synth --check-upgrade=false',
  env: { NODE_OPTIONS: '--import tsx' },
});
project.addTask('test:slow', {
  description:
    'Judges the output with real software: the API server, its controllers, policy checkers, the real BentoML',
  exec: 'vitest run --config test/vitest.slow.mts',
  receiveArgs: true,
});
project.addTask('rosetta', {
  description: 'Compiles every example of the README and the API documentation',
  exec: 'jsii-rosetta extract --strict --cache .rosetta-cache.tabl.json --output .rosetta.tabl.json',
  env: silence,
});
project.gitignore.exclude('.rosetta*.json', '.jsii.tabl.json', '/.npmignore');
project.addTask('benchmark', {
  description: 'Measures the built library beside its peers',
  exec: 'node --import tsx benchmark/run.ts',
  receiveArgs: true,
});
project.addTask('benchmark:regions', {
  description: 'Measures what Terraform of 50 regions costs beside 5, and how much of the provider is loaded for it',
  exec: 'node --import tsx benchmark/regions.ts',
});
project.addTask('benchmark:languages', {
  description: 'Measures what loading the packed library costs in each language, beside cdk8s and cdk8s-plus-27',
  exec: 'node --import tsx benchmark/languages.ts',
});
project.addTask('package:languages', {
  description:
    'Packs the compiled library for every language to dist/; what is missing here is said, and its code written',
  exec: 'node --import tsx packaging/languages.ts',
});
project.addTask('languages:translate', {
  description: 'Writes the parts of the broad app of test/languages in Python, Java and Go; after a compilation',
  exec: 'node --import tsx test/languages/translator/index.ts',
});
project.addTask('api-lint', {
  description: 'Checks the public API for what other languages cannot say',
  exec: 'node --import tsx test/api-lint.ts',
});

project.synth();
