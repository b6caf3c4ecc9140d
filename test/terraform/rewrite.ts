import type { Attributes, TerraformJson } from './synth';

/** What Terraform reads of a resource itself; everything else is the provider's. */
const META = ['//', 'depends_on', 'lifecycle', 'provider', 'count', 'for_each', 'provisioner', 'connection'];

/** `data.aws_x.name`. */
const ADDRESS = /\b(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z0-9_][-A-Za-z0-9_]*)/;

/** The same with the attribute that is asked for, and the way into it; sets are lists to cdktf. */
const REFERENCE = new RegExp(
  `(?:tolist\\()?${ADDRESS.source}(?:\\.([a-z0-9_]+))?(?:\\))?((?:\\[[^\\]]*\\]|\\.[a-z0-9_]+)*)`,
  'g',
);

/**
 * The same configuration for the provider that is built into Terraform: each resource and data source becomes a
 * `terraform_data` whose input are its attributes, so that `plan` resolves every reference, calls every function and
 * walks the whole graph, without a provider that would have to be downloaded.
 */
export function rewritten({ resource = {}, data = {}, output }: TerraformJson): object {
  const types = [
    ...Object.entries(resource).map(([type, named]) => ({ data: '', type, named })),
    ...Object.entries(data).map(([type, named]) => ({ data: 'data.', type, named })),
  ];
  const stated = new Map(
    types.flatMap(({ data: kind, type, named }) =>
      Object.entries(named).map(([name, attributes]) => [addressOf(kind, type, name), attributes]),
    ),
  );
  const made = [...stated].map(([address, attributes]) => [
    address.replace('terraform_data.', ''),
    builtIn(attributes, stated),
  ]);
  return {
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    resource: { terraform_data: Object.fromEntries(made) },
    ...(output !== undefined && { output: withReferences(output, stated) }),
  };
}

type Stated = ReadonlyMap<string, Attributes>;

function addressOf(data: string | undefined, type: string, name: string): string {
  return `terraform_data.${data ? 'data_' : ''}${type}__${name}`;
}

function builtIn(attributes: Attributes, stated: Stated): object {
  const own = Object.entries(attributes).filter(([key]) => !META.includes(key));
  return {
    input: withReferences(Object.fromEntries(own), stated),
    ...(attributes.depends_on !== undefined && {
      depends_on: attributes.depends_on.map((address: string) =>
        address.replace(ADDRESS, (_, data, type, name) => addressOf(data, type, name)),
      ),
    }),
  };
}

function withReferences(value: Attributes, stated: Stated): Attributes {
  if (typeof value === 'string') return value.replace(/\$\{[^}]*\}/g, (text) => expression(text, stated));
  if (Array.isArray(value)) return value.map((entry) => withReferences(entry, stated));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withReferences(entry, stated)]));
}

/** What a resource states is there as it was stated; all else is known after it is made, as the id is. */
function expression(text: string, stated: Stated): string {
  return text.replace(REFERENCE, (...match) => {
    const [, data, type, name, attribute, path] = match as string[];
    const address = addressOf(data, type!, name!);
    const known = path === '' && attribute !== undefined && stated.get(address)?.[attribute] !== undefined;
    return known ? `${address}.output.${attribute}` : `${address}.id`;
  });
}

/** References of a configuration: what they lead to, and the attribute that they ask of it. */
export function references(json: TerraformJson): { readonly address: string; readonly attribute?: string }[] {
  const texts = JSON.stringify([json.resource, json.data, json.output]).match(/\$\{[^}]*\}/g) ?? [];
  return texts.flatMap((text) =>
    [...text.matchAll(REFERENCE)].map(([, data = '', type, name, attribute]) => ({
      address: `${data}${type}.${name}`,
      ...(attribute !== undefined && { attribute }),
    })),
  );
}
