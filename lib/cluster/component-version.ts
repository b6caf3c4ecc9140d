import { errors } from '../internal/errors';

/** The version of something that is installed in a cluster, as far as fields depend on it. */
export class ComponentVersion {
  private readonly parts: readonly [number, number];

  /** Throws unless it is a version, and none below `floor`. */
  public constructor(
    property: string,
    public readonly text: string,
    floor: string,
  ) {
    const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.\d{1,4})?(?:[-+].*)?$/.exec(text);
    if (match === null) throw errors.invalidText(property, `a version as '${floor}'`, text);
    this.parts = [Number(match[1]), Number(match[2])];
    if (!this.isAtLeast(floor)) throw errors.outOfRange(property, `${floor} or newer`, text);
  }

  public isAtLeast(version: string): boolean {
    const [major, minor] = version.split('.').map(Number);
    return this.parts[0] > major! || (this.parts[0] === major && this.parts[1] >= minor!);
  }
}
