import type { Finding } from './judges';

export interface Exclusion {
  readonly rule: string;
  /** Part of the name of the definition, where only one is meant. @default - all */
  readonly only?: string;
  /** Why the output is right all the same; docs/decisions says it in the same words. */
  readonly reason: string;
}

/** What checkov finds and we mean to keep. An entry that finds nothing any more is an error. */
export const EXCLUSIONS: Exclusion[] = [
  {
    rule: 'CKV_AWS_39',
    only: 'a cluster with everything stated',
    reason:
      'The API of a cluster is private unless the user names addresses of the internet that may reach it, which cannot be all of them.',
  },
  {
    rule: 'CKV_AWS_91',
    reason:
      'Access logs of a load balancer go to a bucket of its region that the user has: `accessLogBuckets` names it, and we make none, for it would hold addresses of clients.',
  },
  {
    rule: 'CKV_AWS_75',
    only: 'an accelerator beside clusters',
    reason: 'Flow logs of an accelerator go to a bucket that the user has: `flowLogBucket` names it.',
  },
  {
    rule: 'CKV2_AWS_28',
    only: 'records by',
    reason:
      'Rules of a firewall are about the application: who has some associates a web ACL with the load balancer. Behind an accelerator Application Load Balancers are not reached from the internet.',
  },
  {
    rule: 'CKV2_AWS_23',
    only: 'records by failover',
    reason:
      'Of more than two regions each record fails over to the next one, which is an alias of a record and not of a resource.',
  },
  {
    rule: 'CKV_AWS_144',
    reason: 'Weights can be pushed again: a copy in another region is a bucket there, which its own pods read.',
  },
  {
    rule: 'CKV2_AWS_62',
    reason: 'Nothing here acts on new weights: a release names those that it wants.',
  },
];

export function excludes({ rule, only = '' }: Exclusion, name: string, finding: Finding): boolean {
  return finding.rule === rule && name.includes(only);
}
