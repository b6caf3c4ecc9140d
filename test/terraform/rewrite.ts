import type { Attributes, TerraformJson } from './synth';

/** What Terraform reads of a resource itself; everything else is the provider's. */
const META = ['//', 'depends_on', 'lifecycle', 'provider', 'count', 'for_each', 'provisioner', 'connection'];

const REFERENCE = /\b(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z0-9_][-A-Za-z0-9_]*)/g;

/**
 * The same configuration for the provider that is built into Terraform: each resource and data source becomes a
 * `terraform_data` whose input are its attributes, so that `plan` resolves every reference, calls every function and
 * walks the whole graph, without a provider that would have to be downloaded.
 */
export function rewritten({ resource = {}, data = {}, output }: TerraformJson): object {
  const all = [
    ...Object.entries(resource).map(([type, named]) => ({ kind: type, named })),
    ...Object.entries(data).map(([type, named]) => ({ kind: `data_${type}`, named })),
  ];
  const made = all.flatMap(({ kind, named }) =>
    Object.entries(named).map(([name, attributes]) => [`${kind}__${name}`, builtIn(attributes)]),
  );
  return {
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    resource: { terraform_data: Object.fromEntries(made) },
    ...(output !== undefined && { output: withReferences(output) }),
  };
}

function builtIn(attributes: Attributes): object {
  const own = Object.entries(attributes).filter(([key]) => !META.includes(key));
  return {
    input: withReferences(Object.fromEntries(own)),
    ...(attributes.depends_on !== undefined && {
      depends_on: attributes.depends_on.map((address: string) => address.replace(REFERENCE, address_)),
    }),
  };
}

const address_ = (_: string, data: string | undefined, type: string, name: string) =>
  `terraform_data.${data === undefined ? '' : 'data_'}${type}__${name}`;

function withReferences(value: Attributes): Attributes {
  if (typeof value === 'string') return value.replace(/\$\{[^}]*\}/g, expression);
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withReferences(entry)]));
}

const expression = (text: string) =>
  text.replace(REFERENCE, (...match: [string, string | undefined, string, string]) => `${address_(...match)}.output`);

/** References of a configuration: what they lead to, and the attribute that they ask of it. */
export function references(json: TerraformJson): { readonly address: string; readonly attribute?: string }[] {
  const texts = JSON.stringify([json.resource, json.data, json.output]).match(/\$\{[^}]*\}/g) ?? [];
  const pattern = new RegExp(`${REFERENCE.source}(?:\\)?(?:\\[[^\\]]*\\])?\\.([a-z0-9_]+))?`, 'g');
  return texts.flatMap((text) =>
    [...text.matchAll(pattern)].map(([, data = '', type, name, attribute]) => ({
      address: `${data}${type}.${name}`,
      ...(attribute !== undefined && { attribute }),
    })),
  );
}
