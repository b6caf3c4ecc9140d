import { Chart, Testing } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { ServiceAccountRef } from '../../lib/refs/service-account-ref';

describe('ServiceAccountRef', () => {
  it.each(['a', 'rag', 'team.rag', 'a'.repeat(253)])('takes the name %j of one that exists', (name) => {
    expect(ServiceAccountRef.named(name)._model).toEqual({ name, create: false });
  });

  it.each(['', 'A', 'a_b', 'a'.repeat(254)])('fails on the name %j', (name) => {
    expect(() => ServiceAccountRef.named(name)).toThrow("[InvalidName] 'name' must be a DNS name");
    expect(() => ServiceAccountRef.created({ name })).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it('stands for a construct of cdk8s-plus', () => {
    const account = new ServiceAccount(new Chart(Testing.app(), 'prod'), 'It', { metadata: { name: 'rag' } });
    expect(ServiceAccountRef.of(account)._model).toEqual({ name: 'rag', create: false });
  });

  it('can be made, named after its owner where nothing else is said', () => {
    expect(ServiceAccountRef.created({})._model).toEqual({ name: undefined, create: true, annotations: {} });
  });

  it('carries the annotations of cloud identities', () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/rag' };
    const account = ServiceAccountRef.created({ name: 'rag', annotations });
    annotations['eks.amazonaws.com/role-arn'] = 'changed later';
    expect(account._model.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/rag',
    });
  });

  it.each<{ [key: string]: string }>([{ 'a b': 'x' }, { a: 5 as unknown as string }])(
    'fails on the annotations %j',
    (annotations) => {
      expect(() => ServiceAccountRef.created({ annotations })).toThrow("[InvalidLabel] 'annotations");
    },
  );
});
