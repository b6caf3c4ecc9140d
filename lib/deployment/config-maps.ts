import type { ComponentModel } from '../component/component-model';
import { fileKey } from '../component/merge-options';
import { isShared } from '../engines/model-volumes';
import { proxyConfig, proxyConfigName } from '../engines/proxy';
import { yamlOf } from '../internal/yaml';
import type { Emission, Emit } from './workload-objects';

/** What pods of a component mount: files of the user, and the configuration of a proxy. */
export function emitConfigMaps(model: ComponentModel, emit: Emit): void {
  const configMap = (name: string, data: () => object): Emission => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    content: { data },
  });
  const { files, filesName } = model.pod;
  if (files.length > 0) {
    const data = () => Object.fromEntries(files.map(([path, content]) => [fileKey(path), content]));
    emit('files', configMap(filesName, data));
  }
  if (hasProxyConfig(model))
    emit(
      'proxy-config',
      configMap(proxyConfigName(model), () => proxyData(model)),
    );
}

/** What pods of a component mount that its version alone has. */
export function mountsOfVersion({ pod, sidecar }: ComponentModel): string[] {
  return [
    ...(pod.files.length > 0 ? ['files'] : []),
    ...(sidecar === undefined ? [] : ['the configuration of its proxy']),
    ...pod.volumes.filter(({ volume }) => isShared(volume)).map(({ volume }) => `the model ${volume.name}`),
  ];
}

function hasProxyConfig({ sidecar, program }: ComponentModel): boolean {
  return sidecar !== undefined || program !== undefined;
}

/** Written as people read it. */
function proxyData(model: ComponentModel): object {
  const { file, content } = proxyConfig(model)!;
  // A copy without what is undefined, which would be written as null.
  return file === undefined ? content : { [file]: yamlOf([{ json: JSON.parse(JSON.stringify(content)), tree: true }]) };
}
