import { describe, expect, it } from 'vitest';
import { SecretRef } from '../../lib/refs/secret-ref';
import { ModelSource } from '../../lib/storage/model-source';

const env = (source: ModelSource) => source._model.env.map((variable) => variable._model);

// Names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
describe('ModelSource.s3', () => {
  it.each(['s3://abc', 's3://models.example.com/llama', 's3://a-b-c/a/b_c/', `s3://${'a'.repeat(63)}/x`])(
    'takes %s',
    (uri) => {
      expect(ModelSource.s3(uri)._model).toEqual({ uri, env: [] });
    },
  );

  it.each([
    '',
    'abc',
    'gs://abc/x',
    's3://',
    's3://ab',
    's3://ABC/x',
    's3://-ab/x',
    's3://abc/a b',
    `s3://${'a'.repeat(64)}`,
  ])('fails on %j', (uri) => {
    expect(() => ModelSource.s3(uri)).toThrow(
      `[InvalidText] 'uri' must be a folder of a bucket, as s3://bucket/folder, got "${uri}"`,
    );
  });

  it('hands region, address and credentials to the AWS client, no secret in the clear', () => {
    const source = ModelSource.s3('s3://models/llama', {
      region: 'eu-west-1',
      endpoint: 'http://minio.storage:9000',
      credentials: SecretRef.named('minio'),
    });
    expect(JSON.parse(JSON.stringify(env(source)))).toEqual([
      { name: 'AWS_DEFAULT_REGION', value: 'eu-west-1' },
      { name: 'AWS_ENDPOINT_URL', value: 'http://minio.storage:9000' },
      { name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'minio', key: 'AWS_ACCESS_KEY_ID' } } },
      { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'minio', key: 'AWS_SECRET_ACCESS_KEY' } } },
    ]);
  });

  it('fails on an empty region and on what is no address', () => {
    expect(() => ModelSource.s3('s3://abc', { region: '' })).toThrow("[InvalidText] 'region'");
    for (const endpoint of ['', 'minio:9000', 'ftp://minio', 'http://', 'http://a b']) {
      expect(() => ModelSource.s3('s3://abc', { endpoint })).toThrow("[InvalidUrl] 'endpoint' must be an http address");
    }
  });
});

describe('ModelSource.huggingFace', () => {
  it.each(['meta-llama/Llama-3.1-8B-Instruct', 'a/b', 'A_b.c/d_e.f-1'])('takes %s', (model) => {
    expect(ModelSource.huggingFace(model)._model).toEqual({ uri: `hf://${model}`, env: [] });
  });

  it.each(['', 'bert', 'a/b/c', 'a /b', 'a/b:main', 'https://huggingface.co/a/b', '/b', 'a/'])(
    'fails on %j',
    (model) => {
      expect(() => ModelSource.huggingFace(model)).toThrow("[InvalidText] 'model' must be a model of the hub");
    },
  );

  it.each(['main', 'v1.0', '0e9e39f249a16976918f6564b8830bc894c89659'])('takes the revision %s', (revision) => {
    expect(ModelSource.huggingFace('a/b', { revision })._model.uri).toBe(`hf://a/b:${revision}`);
  });

  it.each(['', 'a b', 'a:b', 'a?b'])('fails on the revision %j', (revision) => {
    expect(() => ModelSource.huggingFace('a/b', { revision })).toThrow(
      "[InvalidText] 'revision' must be a branch, tag or commit",
    );
  });

  it('takes the token from a Secret', () => {
    const source = ModelSource.huggingFace('a/b', { token: SecretRef.named('hf') });
    expect(JSON.parse(JSON.stringify(env(source)))).toEqual([
      { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hf', key: 'HF_TOKEN' } } },
    ]);
  });
});
