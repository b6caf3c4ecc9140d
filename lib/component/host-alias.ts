import { isIP } from 'node:net';
import { requireDnsName } from '../internal/checks';
import { errors } from '../internal/errors';

/** A line of the pods' /etc/hosts. */
export class HostAlias {
  /**
   * Names for an address.
   *
   * @throws InvalidText, InvalidName, EmptyList
   */
  public static of(ip: string, hostnames: string[]): HostAlias {
    if (isIP(ip) === 0) throw errors.invalidText('ip', 'an IP address', ip);
    if (hostnames.length === 0) throw errors.emptyList('hostnames', 'state at least one name');
    for (const hostname of hostnames) requireDnsName('hostnames', hostname);
    return new HostAlias({ ip, hostnames: [...hostnames] });
  }

  private constructor(
    /** @internal */
    public readonly _model: { readonly ip: string; readonly hostnames: string[] },
  ) {}
}
