import type { BentoError } from '../internal/errors';
import type { SizeModel } from '../sizing/instance-size';
import type { ImageModel } from './image';

/** A Bento, whether read from a file or stated by hand. */
export interface BentoModel {
  readonly image: ImageModel;
  /** The name of the Bento, for labels. */
  readonly name: string;
  readonly version?: string;
  readonly entryService: string;
  readonly services: { readonly [name: string]: BentoServiceModel };
  /** Variables that every pod must have, or its start fails. */
  readonly requiredEnv: readonly string[];
  /** Python requirements as the file states them; undefined where nobody knows. */
  readonly requirements?: string;
  /** Where it was read: for messages. */
  readonly source: string;
}

/** One service of a Bento: what its author stated, in our units. Absent means: BentoML's default, or ours. */
export interface BentoServiceModel {
  readonly name: string;
  /** What its objects and hosts are called. */
  readonly label: string;
  /** Services of the same Bento that it calls by name. */
  readonly dependencies: readonly string[];
  /** Services it calls by an address that its code states, with their timeouts in our hands. */
  readonly urls: readonly string[];
  readonly size?: SizeModel;
  /** Why its resources cannot be had: an error only where the definition states no size of its own. */
  readonly sizeProblem?: BentoError;
  readonly timeoutSeconds?: number;
  readonly maxConcurrency?: number;
  /** What a replica is good at working on at the same time: what an autoscaler aims at. */
  readonly targetConcurrency?: number;
  /** `cpu_count` counts the cores of the node where there is no CPU limit. */
  readonly workers?: number | 'cpu_count';
  /** What stands before every path: `/v1`, or nothing. */
  readonly pathPrefix: string;
  readonly metricsEnabled: boolean;
  readonly metricsNamespace: string;
  /** Where the buckets of its latencies end, in seconds; undefined where BentoML's own do. */
  readonly lastBucketSeconds?: number;
  /** All paths that it answers, prefix included; undefined where nobody states them. */
  readonly routes?: readonly string[];
  readonly hasTasks: boolean;
  readonly extraPorts: readonly number[];
  /** Whether its monitor writes files into the working directory. */
  readonly monitorsToFiles: boolean;
}
