import {
  ApiObject,
  ApiObjectMetadataDefinition,
  type App,
  ImplicitTokenResolver,
  JsonPatch,
  LazyResolver,
  NumberStringUnionResolver,
} from 'cdk8s';
import { type Manifest, unshared } from '../internal/yaml';
import { resolve } from './resolve';
import { sanitize } from './sanitize';

/** What every app resolves values by; users' resolvers come before these. */
const STOCK_RESOLVERS = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Private properties of cdk8s' classes. */
interface ObjectParts {
  readonly props: { readonly [key: string]: unknown };
  readonly patches: readonly JsonPatch[];
}
interface MetadataParts {
  readonly _additionalAttributes: { readonly [key: string]: unknown };
  readonly [field: string]: unknown;
}

/** Renders objects as `ApiObject.toJson()` does, without the copies that it makes on the way. */
export class Renderer {
  private readonly stockResolvers: boolean;
  private readonly sortKeys = !process.env.CDK8S_DISABLE_SORT;

  public constructor({ resolvers }: App) {
    this.stockResolvers =
      resolvers.length === STOCK_RESOLVERS.length &&
      resolvers.every((resolver, index) => Object.getPrototypeOf(resolver) === STOCK_RESOLVERS[index]!.prototype);
  }

  public render(object: ApiObject): Manifest {
    // cdk8s makes a copy without repetitions; of what a class makes of it nothing is known.
    return this.stockResolvers && isStock(object)
      ? { json: this.jsonOf(object), tree: true }
      : { json: object.toJson(), tree: false };
  }

  private jsonOf(object: ApiObject): unknown {
    try {
      const { props, patches } = partsOf(object);
      const data = { ...props, metadata: metadataOf(object) };
      const json = sanitize(resolve(data), { sortKeys: this.sortKeys }) as { [key: string]: unknown };
      // Patches are made in place.
      const patched = patches.length === 0 ? json : JsonPatch.apply(unshared(json), ...patches);
      const result: { [key: string]: unknown } = {};
      for (const key of ['apiVersion', 'kind', 'metadata', ...Object.keys(patched)]) {
        if (key in patched) result[key] = patched[key];
      }
      return result;
    } catch (error) {
      throw new Error(
        `Failed serializing construct at path '${object.node.path}' with name '${object.name}': ${error}`,
      );
    }
  }
}

/** Whether its class, and this version of cdk8s, render it as we know it. */
function isStock(object: ApiObject): boolean {
  return (
    object.toJson === ApiObject.prototype.toJson &&
    object.metadata.toJson === ApiObjectMetadataDefinition.prototype.toJson &&
    partsOf(object).props !== undefined &&
    Array.isArray(partsOf(object).patches) &&
    metadataParts(object)._additionalAttributes !== undefined
  );
}

const partsOf = (object: ApiObject): ObjectParts => object as unknown as ObjectParts;
const metadataParts = ({ metadata }: ApiObject): MetadataParts => metadata as unknown as MetadataParts;

/** Written over what else metadata has, in the order in which cdk8s resolves them. */
const OWN_FIELDS = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'] as const;

function metadataOf(object: ApiObject): unknown {
  const fields = metadataParts(object);
  const attributes = fields._additionalAttributes;
  // No spread: cdk8s has deleted a key of the attributes, which makes of them and of their copies maps that V8 reads slowly.
  const data: { [key: string]: unknown } = {};
  for (const key of Object.keys(attributes)) data[key] = attributes[key];
  for (const key of OWN_FIELDS) data[key] = fields[key];
  return sanitize(resolve(data), { sortKeys: true, dropEmpty: true });
}
