import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache';
import { run } from './run';

const MODULE = 'github.com/envoyproxy/gateway';
const VERSION = 'v1.9.1';
const ENV = { GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };

// What the translator knows, but the reader of files before it leaves out: ListenerSets, and labels of namespaces, by
// which listeners choose their routes.
const READER = 'internal/gatewayapi/resource/load.go';
const CORRECTIONS: readonly { readonly before: string; readonly correction: string }[] = [
  {
    before: '\t\tcase KindTCPRoute:\n',
    correction: `\t\tcase KindListenerSet:
\t\t\ttypedSpec := spec.Interface()
\t\t\tresources.ListenerSets = append(resources.ListenerSets, &gwapiv1.ListenerSet{
\t\t\t\tTypeMeta:   metav1.TypeMeta{Kind: KindListenerSet, APIVersion: gv},
\t\t\t\tObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
\t\t\t\tSpec:       typedSpec.(gwapiv1.ListenerSetSpec),
\t\t\t})
`,
  },
  {
    before: `\t\t\tresources.Namespaces = append(resources.Namespaces, namespace)
\t\t\tprovidedNamespaceMap.Insert(name)
`,
    correction: '\t\t\tnamespace.Labels = un.GetLabels()\n',
  },
];

/** Envoy Gateway's own translator, on the command line, with a reader that leaves nothing out. */
export async function egctlBinary(): Promise<string> {
  const go = (await run('go', ['env', 'GOVERSION'], { env: ENV })).stdout;
  const dir = await cached('egctl', [go, VERSION, JSON.stringify(CORRECTIONS)], async (target) => {
    const { stdout } = await run('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`], { env: ENV });
    const source = join(target, 'source');
    copyWritable(JSON.parse(stdout).Dir, source);
    const file = join(source, READER);
    writeFileSync(file, CORRECTIONS.reduce(corrected, readFileSync(file, 'utf8')));
    await run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', join(target, 'egctl'), './cmd/egctl'], {
      cwd: source,
      env: ENV,
    });
    await run('rm', ['-rf', source]);
  });
  return join(dir, 'egctl');
}

function corrected(text: string, { before, correction }: (typeof CORRECTIONS)[number]): string {
  if (text.split(before).length !== 2) throw new Error(`${READER} must have this once: ${before.trim()}`);
  return text.replace(before, correction + before);
}

/** Modules lie in Go's cache without leave to write. */
function copyWritable(from: string, to: string): void {
  mkdirSync(to);
  cpSync(from, to, { recursive: true });
  chmodSync(join(to, READER, '..'), 0o755);
  chmodSync(join(to, READER), 0o644);
}
