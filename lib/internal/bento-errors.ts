import { fail, show } from './bento-error';

/** What is wrong with a Bento, or with what is said about its services. */
export const bentoErrors = {
  fileNotFound: (property: string, path: string) =>
    fail(
      'FileNotFound',
      `'${property}' must be a bento.yaml or a folder that holds one, got ${show(path)}, which does not exist`,
      'run `bentoml build` and `bentoml get TAG -o path` for the folder',
    ),

  fileTooLarge: (property: string, path: string, bytes: number, max: number) =>
    fail(
      'FileTooLarge',
      `'${property}' must be a file of at most ${max} bytes, got ${bytes} in ${show(path)}`,
      'a bento.yaml has a few KiB: is this the right file?',
    ),

  notYaml: (path: string, detail: string) =>
    fail('NotYaml', `${show(path)} must be YAML: ${detail}`, 'use the bento.yaml that `bentoml build` wrote'),

  notABento: (path: string, detail: string) =>
    fail(
      'NotABento',
      `${show(path)} must be what \`bentoml build\` writes: ${detail}`,
      'build the Bento again with BentoML 1.2 or newer',
    ),

  legacyBento: (path: string, version: string) =>
    fail(
      'LegacyBento',
      `${show(path)} must be a Bento of BentoML 1.2 or newer, got one of ${version}`,
      'runners of BentoML <= 1.1 cannot be deployed one by one: port them to services with bentoml.depends()',
    ),

  noServices: (path: string) =>
    fail(
      'NoServices',
      `${show(path)} must list at least one service`,
      'build the Bento from a class with @bentoml.service',
    ),

  unknownDependency: (service: string, dependency: string, known: string[]) =>
    fail(
      'UnknownDependency',
      `service ${show(service)} must depend on services of its Bento, got ${show(dependency)}; known are ${known.join(', ')}`,
      'names are case-sensitive: use the exact name of the class',
    ),

  cloudDependency: (service: string, deployment: string) =>
    fail(
      'CloudDependency',
      `service ${show(service)} depends on the BentoCloud deployment ${show(deployment)}, which no cluster of yours can reach by name`,
      'depend on the service itself, or on its address with bentoml.depends(url=...)',
    ),

  dependencyCycle: (cycle: string[]) =>
    fail(
      'DependencyCycle',
      `services must not depend on one another in a circle, got ${cycle.join(' -> ')}`,
      'break the circle: each pod would wait for the other',
    ),

  dnsLabelClash: (first: string, second: string, label: string) =>
    fail(
      'DnsLabelClash',
      `services ${show(first)} and ${show(second)} must have different DNS labels, both give ${show(label)}`,
      'rename one with @bentoml.service(name=...)',
    ),

  unknownService: (property: string, got: string, known: string[]) =>
    fail(
      'UnknownService',
      `'${property}' must name a dependency of the Bento, got ${show(got)}; known are ${known.length > 0 ? known.join(', ') : 'none'}`,
      'names are case-sensitive',
    ),

  entryServiceAsRunner: (property: string, service: string) =>
    fail(
      'EntryServiceAsRunner',
      `'${property}' must not name the entry service ${show(service)}`,
      "state its options under 'apiServer'",
    ),

  requiredEnv: (names: string[], component: string) =>
    fail(
      'RequiredEnv',
      `'env' must set ${names.map(show).join(', ')}, which the Bento requires, in every pod; missing in ${component}`,
      'add EnvVar.value() or EnvVar.fromSecret() to its `env`, in a BentoDeployment to that of all components',
    ),

  taskReplicas: (service: string, property: string) =>
    fail(
      'TaskReplicas',
      `'${property}' must be Scaling.replicas(1), for ${show(service)} has a @bentoml.task: its results lie in one pod, and polling another replica is a 404`,
      'state one replica, or move the task to a queue of its own',
    ),
};
