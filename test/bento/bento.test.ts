import { describe, expect, it } from 'vitest';
import { Bento } from '../../lib/bento/bento';
import { BentoService } from '../../lib/bento/bento-service';

const digest = `sha256:${'a'.repeat(64)}`;

describe('Bento.fromImage', () => {
  it('has one service in the short case', () => {
    const bento = Bento.fromImage('registry.example.com:5000/ml/text-search:v1', { bentoService: 'Gateway' });
    expect({ ...bento }).toMatchObject({
      name: 'text-search',
      version: 'v1',
      image: 'registry.example.com:5000/ml/text-search:v1',
      entryService: 'Gateway',
      serviceNames: ['Gateway'],
    });
  });

  it.each([
    ['x', 'x', undefined],
    ['x:1', 'x', '1'],
    ['localhost:5000/x', 'x', undefined],
    ['localhost:5000/a/x:1', 'x', '1'],
    [`x@${digest}`, 'x', undefined],
    [`r.example.com/x:1@${digest}`, 'x', '1'],
  ])('reads name and version from %s', (image, name, version) => {
    const bento = Bento.fromImage(image, { bentoService: 'A' });
    expect([bento.name, bento.version]).toEqual([name, version]);
  });

  it('takes name and version that are said', () => {
    const bento = Bento.fromImage('x:1', { bentoService: 'A', name: 'search', version: 'v2' });
    expect([bento.name, bento.version]).toEqual(['search', 'v2']);
  });

  it('takes several services, the first of them as the entry', () => {
    const services = [BentoService.named('Gateway', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')];
    const bento = Bento.fromImage('x:1', { services });
    expect(bento.entryService).toBe('Gateway');
    expect(bento.serviceNames).toEqual(['Gateway', 'Embedder']);
    expect(bento._model.services.Gateway!.dependencies).toEqual(['Embedder']);
  });

  it('fails without a service, with both kinds, and with none in the list', () => {
    expect(() => Bento.fromImage('x:1', {})).toThrow("[MissingOption] 'bentoService' must be given for an image");
    expect(() => Bento.fromImage('x:1', { bentoService: 'A', services: [BentoService.named('A')] })).toThrow(
      "[ConflictingOptions] 'bentoService' must not be given together with 'services'",
    );
    expect(() => Bento.fromImage('x:1', { services: [] })).toThrow("[EmptyList] 'services' must not be empty");
  });

  it('fails on services that do not fit', () => {
    const fromServices =
      (...services: BentoService[]) =>
      () =>
        Bento.fromImage('x:1', { services });
    expect(fromServices(BentoService.named('A'), BentoService.named('A'))).toThrow('[DnsLabelClash]');
    expect(fromServices(BentoService.named('A', { dependsOn: ['B'] }))).toThrow('[UnknownDependency]');
    expect(fromServices(BentoService.named('A', { dependsOn: ['A'] }))).toThrow('[DependencyCycle]');
  });

  it.each(['', 'A B', 'workers'])('fails on the service %j', (bentoService) => {
    expect(() => Bento.fromImage('x:1', { bentoService })).toThrow(/\[(InvalidText|InvalidName|ReservedName)\] 'name'/);
  });

  it('fails on a bad image', () => {
    expect(() => Bento.fromImage('a b', { bentoService: 'A' })).toThrow("[InvalidText] 'image' must be an image");
  });

  it('fails on an empty name', () => {
    expect(() => Bento.fromImage('x:1', { bentoService: 'A', name: '' })).toThrow("[InvalidText] 'name'");
  });

  it('keeps its required variables when the list of the caller changes, and fails on bad ones', () => {
    const requiredEnv = ['API_KEY'];
    const bento = Bento.fromImage('x:1', { bentoService: 'A', requiredEnv });
    requiredEnv.push('B');
    expect(bento._model.requiredEnv).toEqual(['API_KEY']);
    for (const name of ['', '1', 'A=B', 'A B']) {
      expect(() => Bento.fromImage('x:1', { bentoService: 'A', requiredEnv: [name] })).toThrow(
        "[InvalidName] 'requiredEnv' must be letters",
      );
    }
  });
});
