import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../node_modules/@cdktf/provider-aws/lib');

/** What the provider's own types say of a resource, `data.aws_x` for a data source. */
export interface ProviderType {
  /** What can be stated. */
  readonly inputs: ReadonlySet<string>;
  /** What can be asked for. */
  readonly outputs: ReadonlySet<string>;
}

const known = new Map<string, ProviderType>();

export function providerType(type: string): ProviderType {
  const found = known.get(type) ?? read(type);
  known.set(type, found);
  return found;
}

function read(type: string): ProviderType {
  const name = type
    .replace(/^data\.aws_/, 'data-aws-')
    .replace(/^aws_/, '')
    .replaceAll('_', '-');
  const text = readFileSync(join(folder, name, 'index.d.ts'), 'utf8');
  const [, config] = /^export interface \w+Config extends cdktf\.TerraformMetaArguments \{\n(.*?)^\}/ms.exec(text)!;
  const [, body] = /^export declare class \w+ extends cdktf\.Terraform(?:Resource|DataSource) \{\n(.*?)^\}/ms.exec(
    text,
  )!;
  return {
    inputs: new Set([...config!.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, key]) => key!)),
    outputs: new Set([...body!.matchAll(/^ {4}get (\w+)\(\)/gm)].map(([, key]) => key!)),
  };
}

/** As the provider's classes spell what Terraform spells with underscores. */
export const camel = (text: string) => text.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
