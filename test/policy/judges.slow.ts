import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, toYaml } from '../cluster/fixture';
import { requireTool } from '../tools/require-tool';
import { JUDGES } from './tools';

const RULE = { checkov: 'CKV_K8S_22', 'kube-score': 'pod-probes' };

describe.each(JUDGES)('$tool', ({ tool, toolchain, judge }) => {
  describe.skipIf(!requireTool(toolchain, `self-test of ${tool}`))('of manifests made for it', () => {
    let dir: string;
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'bento-policy-'));
    });
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    test.each([
      { name: 'a bare pod', annotations: {} },
      {
        name: 'a bare pod that asks to be left alone',
        annotations: { 'checkov.io/skip1': `${RULE.checkov}=no`, 'kube-score/ignore': RULE['kube-score'] },
      },
    ])('finds much in $name', async ({ annotations }) => {
      const bare = fixture('ml', ({ Deployment }) => {
        Object.assign(Deployment.metadata, { annotations });
        Object.assign(Deployment.spec.template.metadata, { annotations });
        Deployment.spec.template.spec = { containers: [{ name: 'server', image: 'summarizer' }] };
      });
      writeFileSync(join(dir, 'manifests.yaml'), toYaml(bare.map(({ object }) => object)));
      const findings = await judge(dir);
      expect(findings.length).toBeGreaterThan(5);
      expect(findings.map(({ rule }) => rule)).toContain(RULE[tool]);
    });

    test('finds nothing in a manifest that does all it says', async () => {
      writeFileSync(join(dir, 'manifests.yaml'), toYaml(fixture('ml').map(({ object }) => object)));
      expect(await judge(dir)).toEqual([]);
    });
  });
});
