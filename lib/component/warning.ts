/** A doubt that a construct will tell. */
export interface Warning {
  readonly id: string;
  readonly text: string;
}
