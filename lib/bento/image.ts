import { requireText } from '../internal/checks';
import { errors } from '../internal/errors';

/** A container image by its reference. */
export interface ImageModel {
  readonly reference: string;
  /** Whether the same reference may mean another image tomorrow: no tag, or `latest`, and no digest. */
  readonly mutable: boolean;
}

const REFERENCE =
  /^(?:[a-zA-Z0-9][-a-zA-Z0-9.]*(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::(?<tag>[A-Za-z0-9_][-.A-Za-z0-9_]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$/;

/** Reads an image reference; throws where no registry would take it. */
export function imageModel(property: string, reference: string): ImageModel {
  requireText(property, reference, 512);
  const match = REFERENCE.exec(reference);
  if (match === null) {
    throw errors.invalidText(property, 'an image as registry/name:tag or registry/name@sha256:digest', reference);
  }
  const { tag, digest } = match.groups!;
  return { reference, mutable: digest === undefined && (tag === undefined || tag === 'latest') };
}
