import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { aws } from '../../lib';

// biome-ignore lint/suspicious/noExplicitAny: attributes of any resource
export type Attributes = any;

/** What Terraform gets, as the file says it. */
export interface TerraformJson {
  readonly terraform: Attributes;
  readonly provider?: { readonly [name: string]: Attributes[] };
  readonly resource?: { readonly [type: string]: { readonly [name: string]: Attributes } };
  readonly data?: { readonly [type: string]: { readonly [name: string]: Attributes } };
  readonly output?: { readonly [name: string]: Attributes };
}

/** A stack as Terraform gets it. */
export class Stack {
  constructor(public readonly json: TerraformJson) {}

  /** Resources of a type, without what cdktf notes of them. */
  all(type: string): Attributes[] {
    return Object.values(this.json.resource?.[type] ?? {}).map(({ '//': _, ...attributes }) => attributes);
  }

  /** The only resource of a type, or the one with an attribute of this value. */
  get(type: string, attribute?: string, value?: unknown): Attributes {
    const found = this.all(type).filter((one) => attribute === undefined || one[attribute] === value);
    if (found.length !== 1) throw new Error(`${found.length} ${type} with ${attribute} ${value}`);
    return found[0];
  }

  /** The resource that a reference of another one leads to. */
  follow(reference: string): Attributes {
    const [, type, name] = /^\$\{(aws_\w+)\.([-\w]+)\./.exec(reference) ?? [];
    const found = this.json.resource?.[type!]?.[name!];
    if (found === undefined) throw new Error(`nothing at ${reference}`);
    return found;
  }
}

export const REGION = 'us-east-1';

/** Synthesizes with all checks: a stack with a provider and a backend, and what `build` makes in it. */
export function terraform(build: (stack: TerraformStack) => void): Stack {
  return synthesized((app) => {
    const stack = new TerraformStack(app, 'stack');
    new AwsProvider(stack, 'aws', { region: REGION });
    aws.StateBackend.local(stack, { path: 'terraform.tfstate' });
    build(stack);
  });
}

/** Synthesizes the stack called `stack` of an app. */
export function synthesized(build: (app: App) => void): Stack {
  const outdir = mkdtempSync(join(tmpdir(), 'bento-terraform-'));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return new Stack(JSON.parse(readFileSync(join(outdir, 'stacks/stack/cdk.tf.json'), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
