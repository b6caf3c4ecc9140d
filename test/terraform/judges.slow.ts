import { describe, expect, it } from 'vitest';
import { requireTool } from '../tools/require-tool';
import { checkovFindings, planProblems, structureProblems } from './judges';
import type { TerraformJson } from './synth';

/** An expression of Terraform in a text. */
const of = (expression: string) => `\${${expression}}`;

const bucket = (attributes: object): TerraformJson => ({
  terraform: { required_providers: { aws: { source: 'aws', version: '6.25.0' } } },
  resource: { aws_s3_bucket: { a: attributes, b: { bucket: 'b' } } },
});

describe.skipIf(!requireTool('terraform', 'self-test of the judges of Terraform'))('terraform', () => {
  it('takes what is right', async () => {
    const right = bucket({
      bucket: `${of('aws_s3_bucket.b.bucket')}-${of('lower("A")')}`,
      depends_on: ['aws_s3_bucket.b'],
    });
    expect(await structureProblems(right)).toEqual([]);
    expect(await planProblems(right)).toEqual([]);
  });

  it.each([
    { what: 'a block that is none', json: { ...bucket({}), resources: {} }, says: /Extraneous JSON object property/ },
    {
      what: 'a list in place of a map',
      json: { ...bucket({}), provider: { aws: 'us-east-1' } },
      says: /JSON value type/,
    },
    { what: 'a dependency that is no address', json: bucket({ depends_on: ['a b'] }), says: /./ },
  ])('finds $what', async ({ json, says }) => {
    expect((await structureProblems(json)).join()).toMatch(says);
  });

  it.each([
    { what: 'a reference to nothing', value: of('aws_s3_bucket.c.arn'), says: /undeclared resource/ },
    { what: 'a function that is none', value: of('shout("a")'), says: /no function/ },
    { what: 'a call that fails', value: of('cidrsubnet("10.0.0.0/16", 20, 0)'), says: /cidrsubnet/ },
    { what: 'a circle', value: of('aws_s3_bucket.a.arn'), says: /refer to itself|Self-referential|Cycle/i },
  ])('finds $what', async ({ value, says }) => {
    expect((await planProblems(bucket({ bucket: value }))).join()).toMatch(says);
  });

  it('finds a circle of two', async () => {
    const circle = {
      ...bucket({}),
      resource: { aws_eip: { a: { domain: of('aws_eip.b.id') }, b: { domain: of('aws_eip.a.id') } } },
    };
    expect((await planProblems(circle)).join()).toMatch(/Cycle/);
  });
});

describe.skipIf(!requireTool('python3', 'self-test of checkov for Terraform'))('checkov', () => {
  it('finds much in a bare bucket', async () => {
    const rules = (await checkovFindings(bucket({ bucket: 'a' }))).map(({ rule }) => rule);
    expect(rules).toContain('CKV2_AWS_6');
    expect(rules.length).toBeGreaterThan(5);
  });
});
