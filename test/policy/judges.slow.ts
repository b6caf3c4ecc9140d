import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, toYaml } from '../cluster/fixture';
import type { Manifest } from '../tools/manifests';
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

    const judged = (manifests: Manifest[]) => {
      const file = join(dir, 'manifests.yaml');
      writeFileSync(file, toYaml(manifests.map(({ object }) => object)));
      return judge([file]);
    };

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
      const findings = await judged(bare);
      expect(findings.length).toBeGreaterThan(5);
      expect(findings.map(({ rule }) => rule)).toContain(RULE[tool]);
    });

    test('finds nothing in a manifest that does all it says', async () => {
      expect(await judged(fixture('ml'))).toEqual([]);
    });
  });
});
