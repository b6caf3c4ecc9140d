import { errors } from './errors';

const BINARY: [string, number][] = [
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
];

const DECIMAL: [string, number][] = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

// The API server keeps the canonical form: whatever else is written shows as drift for ever.

/** Bytes as Kubernetes writes them: the largest binary unit that leaves a whole number. */
export function bytesQuantity(bytes: number): string {
  return withUnit(bytes, BINARY) ?? withUnit(bytes, DECIMAL) ?? String(bytes);
}

/** A count as Kubernetes writes it, by thousandths at the finest: 4, 1500m, 20k. */
export function milliQuantity(property: string, value: number): string {
  const milli = Math.round(value * 1000);
  // Relative: what is left of 0.1 + 0.2 is no fourth decimal, but a billionth is not 0.
  if (!Number.isSafeInteger(milli) || Math.abs(milli - value * 1000) > Math.abs(value) * 1e-9) {
    throw errors.outOfRange(property, 'a number with at most three decimals', value);
  }
  return milli % 1000 === 0 ? (withUnit(milli / 1000, DECIMAL) ?? String(milli / 1000)) : `${milli}m`;
}

function withUnit(value: number, units: [string, number][]): string | undefined {
  const unit = value === 0 ? undefined : units.find(([, factor]) => value % factor === 0);
  return unit && `${value / unit[1]}${unit[0]}`;
}

const SUFFIXES: { [suffix: string]: number } = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a quantity of Kubernetes stands for, or undefined where it is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([-+]?[0-9]+))?$/.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix = '', exponent] = match;
  return exponent === undefined ? Number(digits) * SUFFIXES[suffix]! : Number(`${digits}e${exponent}`);
}
