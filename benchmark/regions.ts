// What Terraform of many regions costs: synthesis of 50 clusters and a global endpoint over them beside 5, which is linear
// where the ratio is near 10; and how much of the provider is loaded for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { aws, Region } from '../lib';
import { endpoint } from '../test/aws/endpoints';
import { median } from './measure';

const RUNS = 3;
const FEW = 5;
const MANY = 50;

const regionOf = (index: number) => Region.aws(`xx-${'abcdefghij'[Math.floor(index / 10)]}-${index % 10}`);

function stackOf(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  aws.StateBackend.s3(stack, { bucket: 'states', key: `${id}.tfstate`, region: Region.aws('us-east-1') });
  return stack;
}

/** A stack with a cluster for each region, and one with the endpoint over them. */
function synthesize(regions: number): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bento-regions-'));
  const begin = process.hrtime.bigint();
  const app = new App({ outdir });
  const clusters = Array.from({ length: regions }, (_, index) => {
    const region = regionOf(index);
    return new aws.ServingCluster(stackOf(app, region.name), 'Cluster', {
      name: region.name,
      region,
      kubernetesVersion: '1.34',
      network: aws.ClusterNetwork.create({ zones: ['a', 'b', 'c'].map((letter) => `${region.name}${letter}`) }),
      access: [aws.ClusterAccess.administrator('arn:aws:iam::111122223333:role/deploy')],
    });
  });
  new aws.GlobalEndpoint(stackOf(app, 'global'), 'Endpoint', {
    hostname: 'rag.example.com',
    endpoints: clusters.map(({ name }) => endpoint(name)),
  });
  app.synth();
  const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
  rmSync(outdir, { recursive: true, force: true });
  return milliseconds;
}

// Modules are loaded, and code is warm.
synthesize(FEW);
const few: number[] = [];
const many: number[] = [];
for (let run = 0; run < RUNS; run++) {
  few.push(synthesize(FEW));
  many.push(synthesize(MANY));
}
const modules = Object.keys(require.cache).filter((file) => /provider-aws\/lib\/[-\w]+\/index\.js$/.test(file));
console.log(`${FEW} regions   ${median(few).toFixed(0)} ms`);
console.log(`${MANY} regions  ${median(many).toFixed(0)} ms`);
console.log(`${MANY} / ${FEW} regions: ${(median(many) / median(few)).toFixed(1)}x of ${MANY / FEW}x`);
console.log(`modules of the provider: ${modules.length}`);
