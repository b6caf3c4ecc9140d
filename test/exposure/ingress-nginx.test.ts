import { describe, expect, it } from 'vitest';
import { Authentication, Exposure, SecretRef, Tls } from '../../lib';
import type { IngressNginxOptions } from '../../lib/exposure/exposure-options';

const model = (options: Partial<IngressNginxOptions> = {}) =>
  Exposure.ingressNginx({ hosts: ['rag.example.com'], ...options })._model.doors[0]!.door;

describe('Exposure.ingressNginx', () => {
  // Labels of the chart: _helpers.tpl, `ingress-nginx.selectorLabels`, and the component of its controller.
  it('finds the controller as its Helm chart installs it', () => {
    expect(model()).toEqual({
      kind: 'ingress-nginx',
      hosts: ['rag.example.com'],
      className: 'nginx',
      controllerNamespace: 'ingress-nginx',
      controllerLabels: { 'app.kubernetes.io/component': 'controller', 'app.kubernetes.io/name': 'ingress-nginx' },
      redirect: false,
    });
  });

  it('is as it is stated', () => {
    const controllerLabels = { app: 'nginx' };
    const tls = Tls.secret(SecretRef.named('rag-tls'));
    const stated = { className: 'internal', controllerNamespace: 'edge', controllerLabels, controllers: 3, tls };
    const door = model(stated);
    controllerLabels.app = 'other';
    expect(door).toMatchObject({
      className: 'internal',
      controllerNamespace: 'edge',
      controllerLabels: { app: 'nginx' },
      controllers: 3,
      redirect: true,
      tls: { kind: 'secret', secret: 'rag-tls' },
    });
    expect(model({ tls, redirectHttp: false })).toMatchObject({ redirect: false });
  });

  it('leaves tokens to the support table', () => {
    const authentication = Authentication.bearerTokens(SecretRef.named('tokens'));
    expect(model({ authentication })).toMatchObject({ authentication: { kind: 'bearer-tokens', secret: 'tokens' } });
  });

  it.each([1, 1000])('takes %d controllers', (controllers) => {
    expect(model({ controllers })).toMatchObject({ controllers });
  });

  it.each([
    [{ controllers: 0 }, "[OutOfRange] 'controllers' must be a whole number from 1 to 1000, got 0"],
    [{ controllers: 1001 }, "[OutOfRange] 'controllers'"],
    [{ controllers: 1.5 }, "[OutOfRange] 'controllers'"],
    [{ className: '' }, "[InvalidName] 'className'"],
    [{ controllerNamespace: 'Edge' }, "[InvalidName] 'controllerNamespace'"],
    [{ controllerLabels: { app: 'a b' } }, "[InvalidLabel] 'controllerLabels.app'"],
    [{ redirectHttp: true }, "[MissingOption] 'tls'"],
    [{ hosts: [] }, "[EmptyList] 'hosts'"],
  ])('fails on %j', (options, message) => {
    expect(() => model(options)).toThrow(message);
  });
});

describe('the controllers of ingress-nginx', () => {
  it('have labels, for all pods of the namespace would be let in by none', () => {
    expect(() => Exposure.ingressNginx({ hosts: ['rag.example.com'], controllerLabels: {} })).toThrow(
      "[EmptyList] 'controllerLabels' must not be empty; every pod of the namespace would be let in",
    );
  });
});
