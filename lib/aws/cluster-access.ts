import { requireNamespace, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { ClusterAccessModel } from './models';
import { isToken } from './tokens';

/**
 * Who may use the Kubernetes API of a cluster: a principal of IAM with one of the policies that EKS has for it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html
 */
export class ClusterAccess {
  /**
   * May do everything.
   *
   * @param principalArn the role or user, as `arn:aws:iam::111122223333:role/deploy`
   * @throws InvalidText
   */
  public static administrator(principalArn: string): ClusterAccess {
    return new ClusterAccess(principalArn, 'AmazonEKSClusterAdminPolicy', []);
  }

  /**
   * May change what lies in these namespaces, but not who else may.
   *
   * @param principalArn the role or user
   * @param namespaces at least one, each once
   * @throws InvalidText, InvalidName, EmptyList, DuplicateKey
   */
  public static editor(principalArn: string, namespaces: string[]): ClusterAccess {
    if (namespaces.length === 0) throw errors.emptyList('namespaces', 'name those that it may change');
    for (const namespace of namespaces) requireNamespace('namespaces', namespace);
    requireUnique('namespaces', namespaces);
    return new ClusterAccess(principalArn, 'AmazonEKSEditPolicy', namespaces);
  }

  /**
   * May read all but Secrets.
   *
   * @param principalArn the role or user
   * @throws InvalidText
   */
  public static viewer(principalArn: string): ClusterAccess {
    return new ClusterAccess(principalArn, 'AmazonEKSViewPolicy', []);
  }

  /** @internal */
  public readonly _model: ClusterAccessModel;

  private constructor(principalArn: string, policyName: ClusterAccessModel['policyName'], namespaces: string[]) {
    requirePrincipal('principalArn', principalArn);
    this._model = { principalArn, policyName, namespaces: [...namespaces] };
  }
}

function requirePrincipal(property: string, arn: string): void {
  if (isToken(arn)) return;
  if (typeof arn !== 'string' || !/^arn:aws[-a-z]*:iam::[0-9]{12}:(role|user)\/.+$/.test(arn)) {
    throw errors.invalidText(property, 'the ARN of a role or user, as arn:aws:iam::111122223333:role/deploy', arn);
  }
}
