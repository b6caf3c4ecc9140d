// Writes lib/scaling/keda-scaler-data.ts from KEDA's own schema: node --import tsx test/scaling/generate-keda-scalers.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(__dirname, '../..');
const SCHEMA = join(repository, 'test/schemas/keda-2.21.0/scalers-schema.json');
export const DATA = join(repository, 'lib/scaling/keda-scaler-data.ts');

/** As KEDA's schema/generate_scaler_schema.go writes them. */
export interface Scaler {
  readonly type: string;
  readonly parameters: Parameter[];
}

export interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly default?: string;
  readonly allowedValue?: string[];
  /** KEDA refuses the key, and says this. */
  readonly deprecated?: string;
  readonly metadataVariableReadable?: boolean;
  readonly envVariableReadable?: boolean;
  readonly triggerAuthenticationVariableReadable?: boolean;
}

export function readScalers(): Scaler[] {
  return (JSON.parse(readFileSync(SCHEMA, 'utf8')) as { scalers: Scaler[] }).scalers;
}

export function isRequired({ optional, default: value, deprecated }: Parameter): boolean {
  return optional !== true && value === undefined && deprecated === undefined;
}

function parameterText(parameter: Parameter): string {
  const flags = [
    parameter.metadataVariableReadable && 'm',
    parameter.envVariableReadable && 'e',
    parameter.triggerAuthenticationVariableReadable && 'a',
    isRequired(parameter) && 'r',
    parameter.deprecated !== undefined && 'd',
  ];
  const values = parameter.allowedValue === undefined ? '' : `=${parameter.allowedValue.join('|')}`;
  return `${parameter.name}:${flags.filter((flag) => flag).join('')}${values}`;
}

export function scalerData(scalers: readonly Scaler[]): string {
  const lines = scalers.map(({ type, parameters }) => [type, ...parameters.map(parameterText)].join(' ')).sort();
  return `// Made by test/scaling/generate-keda-scalers.ts from the schema of KEDA 2.21.0 (Apache-2.0): do not edit.

/**
 * A line per scaler: its name and its keys. Behind the colon is where KEDA reads a key (m metadata, e environment of the
 * pods by \`<key>FromEnv\`, a authentication), r where it must be there, d where it is refused; behind the equals sign are
 * the values it may have.
 */
export const KEDA_SCALERS = \`
${lines.join('\n')}
\`;
`;
}

if (process.argv[1] === __filename) writeFileSync(DATA, scalerData(readScalers()));
