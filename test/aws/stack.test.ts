import { tmpdir } from 'node:os';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Chart, App as KubernetesApp } from 'cdk8s';
import { App, LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { aws, Region } from '../../lib';
import { REGION, synthesized } from '../terraform/synth';
import { cluster } from './clusters';

/** A stack with a cluster, and the backend that this makes. */
const withBackend = (backend: (stack: TerraformStack) => void) =>
  synthesized((app) => {
    const stack = new TerraformStack(app, 'stack');
    new AwsProvider(stack, 'aws', { region: REGION });
    backend(stack);
    cluster(stack);
  }).json.terraform.backend;

const region = Region.aws('eu-west-1');

describe('the state', () => {
  it('lies in S3, encrypted and locked', () => {
    const backend = withBackend((stack) =>
      aws.StateBackend.s3(stack, { bucket: 'states', key: 'a.tfstate', region, kmsKeyArn: 'arn:aws:kms:a' }),
    );
    expect(backend).toEqual({
      s3: {
        bucket: 'states',
        key: 'a.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
        kms_key_id: 'arn:aws:kms:a',
      },
    });
  });

  it('lies in a file where that is said', () => {
    const backend = withBackend((stack) => aws.StateBackend.local(stack, { path: 'terraform.tfstate' }));
    expect(backend).toEqual({ local: { path: 'terraform.tfstate' } });
  });

  it('lies where a backend of cdktf says', () => {
    expect(withBackend((stack) => new S3Backend(stack, { bucket: 'b', key: 'k' }))).toHaveProperty('s3');
  });

  it.each([
    ['nothing', () => undefined],
    ["cdktf's own file", (stack: TerraformStack) => new LocalBackend(stack)],
    ['a file of one machine', (stack: TerraformStack) => new LocalBackend(stack, { path: '/state/terraform.tfstate' })],
  ])('fails with %s', (_, backend) => {
    expect(() => withBackend(backend)).toThrow(/\[MissingBackend\] the stack "stack" must say where its state lies/);
  });

  it.each([
    ['an absolute path', '/terraform.tfstate', 'InvalidText'],
    ['no path', '', 'InvalidText'],
  ])('fails with %s', (_, path, code) => {
    expect(() => withBackend((stack) => aws.StateBackend.local(stack, { path }))).toThrow(`[${code}] 'path'`);
  });

  it.each(['bucket', 'key'])('fails without %s', (missing) => {
    const options = { bucket: 'b', key: 'k', region, [missing]: '' };
    expect(() => withBackend((stack) => aws.StateBackend.s3(stack, options))).toThrow(`[InvalidText] '${missing}'`);
  });
});

describe('a construct of aws', () => {
  it.each([
    ['an App of cdktf', () => new App({ outdir: tmpdir() })],
    ['a chart', () => new Chart(new KubernetesApp(), 'chart')],
  ])('fails in %s', (_, scope) => {
    expect(() => cluster(scope())).toThrow(/\[NoStack\] a construct of aws must lie in a TerraformStack/);
  });
});
