import type { NginxSplitModel } from '../../lib/engines/nginx-split';
import { NameServer } from './dns';
import { Nginx, until } from './lab';
import { Pods } from './pods';
import { splitFiles } from './split-models';

/** A tier that shares requests out, before pods of each version. */
export class SplitLab {
  /** Pods by the keys of their versions, each at an address of its own. */
  public static async start(
    model: NginxSplitModel,
    addresses: { readonly [key: string]: readonly string[] },
  ): Promise<SplitLab> {
    const pods = await Pods.start(Object.values(addresses).flat());
    const names = await NameServer.start([], pods.port);
    for (const [key, own] of Object.entries(addresses)) names.named[nameOf(key)] = own;
    const nginx = await Nginx.start(splitFiles(model, pods.port), names.port);
    const lab = new SplitLab(nginx, pods, names, addresses);
    pods.answer = ({ pod }, response) => void response.end(lab.versionOf(pod));
    await until(() => names.asked >= model.versions.length);
    await new Promise((done) => setTimeout(done, 200));
    return lab;
  }

  private constructor(
    public readonly nginx: Nginx,
    public readonly pods: Pods,
    public readonly names: NameServer,
    private readonly addresses: { readonly [key: string]: readonly string[] },
  ) {}

  /** What a name of a version leads to from now on. */
  public point(key: string, addresses: readonly string[]): void {
    this.names.named[nameOf(key)] = addresses;
  }

  /** How many requests each version got. */
  public shares(): Record<string, number> {
    const shares: Record<string, number> = {};
    for (const { pod } of this.pods.asked) {
      const key = this.versionOf(pod);
      shares[key] = (shares[key] ?? 0) + 1;
    }
    return shares;
  }

  public versionOf(pod: string): string {
    return Object.entries(this.addresses).find(([, own]) => own.includes(pod))![0];
  }

  public async stop(): Promise<void> {
    await this.nginx.stop();
    await this.pods.stop();
    await this.names.stop();
  }
}

function nameOf(key: string): string {
  return `rag-${key}-headless`;
}
