import type { WarningId } from '../internal/warnings';

/** A doubt that a construct will tell. */
export interface Warning {
  readonly id: WarningId;
  readonly text: string;
}
