// What jsii accepts and other languages cannot say, or not well: it cannot be repaired after a release.

/** As far as the rules read a `.jsii` assembly. */
export interface Assembly {
  readonly types?: { readonly [fqn: string]: AssemblyType };
}

export interface AssemblyType {
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly namespace?: string;
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly properties?: readonly Property[];
  readonly methods?: readonly Method[];
  readonly members?: readonly { readonly name: string; readonly docs?: Docs }[];
  readonly initializer?: Omit<Method, 'name'>;
}

interface Docs {
  readonly summary?: string;
  readonly default?: string;
}

interface Property {
  readonly name: string;
  readonly type: TypeReference;
  readonly optional?: boolean;
  readonly immutable?: boolean;
  readonly docs?: Docs;
}

interface Method {
  readonly name: string;
  readonly static?: boolean;
  readonly docs?: Docs;
  readonly parameters?: readonly { readonly name: string; readonly type: TypeReference; readonly optional?: boolean }[];
  readonly returns?: { readonly type: TypeReference };
}

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: string; readonly elementtype: TypeReference };
  readonly union?: unknown;
}

/** The one place that another program, not a user, calls with a value of its own. */
const ALLOWED_ANY = new Set(['ManifestValidation.validate(context)']);

/** Keywords of C#, Java, Python and Go; `namespace` is cdk8s's own word. */
const KEYWORDS = new Set(
  (
    'abstract and as assert async await base bool boolean break byte case catch chan char checked class const continue ' +
    'decimal def default defer del delegate do double elif else enum event except explicit extends extern fallthrough ' +
    'false final finally fixed float for foreach from func global go goto if implements implicit import in instanceof int ' +
    'interface internal is lambda lock long map native new none nonlocal not null object operator or out override package ' +
    'params pass private protected public raise range readonly ref return sbyte sealed select short sizeof stackalloc ' +
    'static strictfp string struct super switch synchronized this throw throws transient true try type typeof uint ulong ' +
    'unchecked unsafe ushort using var virtual void volatile while with yield'
  ).split(' '),
);

/** Findings, each with the type and member it is about. */
export function lint(assembly: Assembly): string[] {
  const types = Object.values(assembly.types ?? {});
  const isStruct = (reference: TypeReference): boolean => assembly.types?.[reference.fqn ?? '']?.datatype === true;
  return [...types.flatMap((type) => lintType(type, isStruct)), ...structsBothWays(types, isStruct), ...modules(types)];
}

type IsStruct = (reference: TypeReference) => boolean;

function lintType(type: AssemblyType, isStruct: IsStruct): string[] {
  const name = shortName(type.fqn);
  const findings: string[] = [];
  const say = (member: string, text: string): void => {
    findings.push(`${member}: ${text}`);
  };
  if (type.docs?.summary === undefined) say(name, 'has no documentation');
  const dataOnly = (type.methods ?? []).length === 0 && (type.properties ?? []).every(({ immutable }) => immutable);
  if (type.kind === 'interface' && type.datatype !== true && dataOnly)
    say(name, 'is an I-interface without behaviour: Python loses its keywords');
  for (const member of type.members ?? [])
    if (member.docs?.summary === undefined) say(`${name}.${member.name}`, 'has no documentation');
  for (const property of type.properties ?? []) {
    const member = `${name}.${property.name}`;
    if (property.docs?.summary === undefined) say(member, 'has no documentation');
    if (type.datatype === true && property.optional === true && property.docs?.default === undefined)
      say(member, 'is optional and has no @default');
    if (KEYWORDS.has(property.name)) say(member, 'is a keyword somewhere');
    for (const text of shapes(property.type, isStruct)) say(member, text);
  }
  const methods = [
    ...(type.methods ?? []),
    ...(type.initializer === undefined ? [] : [{ ...type.initializer, name: 'new' }]),
  ];
  for (const method of methods) findings.push(...lintMethod(name, type, method, isStruct));
  return findings;
}

function lintMethod(name: string, type: AssemblyType, method: Method, isStruct: IsStruct): string[] {
  const member = `${name}.${method.name}`;
  const parameters = method.parameters ?? [];
  const findings: string[] = [];
  if (method.name !== 'new' && method.docs?.summary === undefined) findings.push(`${member}(): has no documentation`);
  if (method.name !== 'new' && KEYWORDS.has(method.name)) findings.push(`${member}(): is a keyword somewhere`);
  if (method.name !== 'new' && method.static !== true && method.returns?.type.fqn === type.fqn)
    findings.push(`${member}(): returns its own type`);
  const factory = method.static === true && method.returns?.type.fqn === type.fqn;
  const positional = parameters.filter(({ type: reference }) => !isStruct(reference));
  if (factory && positional.length > 2) findings.push(`${member}(): has more than two positional parameters`);
  parameters.forEach((parameter, index) => {
    const place = `${member}(${parameter.name})`;
    if (KEYWORDS.has(parameter.name)) findings.push(`${place}: is a keyword somewhere`);
    if (parameter.optional === true && !isStruct(parameter.type))
      findings.push(`${place}: is an optional positional: a second one would break Go`);
    if (isStruct(parameter.type) && index < parameters.length - 1)
      findings.push(`${place}: is a struct that is not last`);
    if (!ALLOWED_ANY.has(place)) findings.push(...shapes(parameter.type, isStruct).map((text) => `${place}: ${text}`));
  });
  if (method.returns !== undefined)
    findings.push(...shapes(method.returns.type, isStruct).map((text) => `${member}(): ${text}`));
  return findings;
}

/** Unions and `any` are lost abroad; Python drops what lies in a map or list of structs without a word. */
function shapes(reference: TypeReference, isStruct: IsStruct): string[] {
  if (reference.union !== undefined) return ['is a union'];
  if (reference.primitive === 'any' || reference.primitive === 'json') return ['is any'];
  if (reference.collection === undefined) return [];
  const { kind, elementtype } = reference.collection;
  return isStruct(elementtype) ? [`is a ${kind} of structs`] : shapes(elementtype, isStruct);
}

/** A struct that is handed out cannot grow a required field, one that is taken cannot lose one: both at once is stuck. */
function structsBothWays(types: readonly AssemblyType[], isStruct: IsStruct): string[] {
  const taken = new Set<string>();
  const handedOut = new Set<string>();
  for (const type of types) {
    for (const method of [...(type.methods ?? []), ...(type.initializer === undefined ? [] : [type.initializer])]) {
      for (const parameter of method.parameters ?? []) if (isStruct(parameter.type)) taken.add(parameter.type.fqn!);
      const returns = 'returns' in method ? method.returns?.type : undefined;
      if (returns !== undefined && isStruct(returns)) handedOut.add(returns.fqn!);
    }
    for (const property of type.properties ?? []) {
      if (isStruct(property.type)) (type.datatype === true ? taken : handedOut).add(property.type.fqn!);
    }
  }
  return [...handedOut]
    .filter((fqn) => taken.has(fqn))
    .map((fqn) => `${shortName(fqn)}: is a struct that is taken and handed out`);
}

/** Go does not compile import cycles: the root knows no submodule, no submodule another. */
function modules(types: readonly AssemblyType[]): string[] {
  const moduleOf = new Map(types.map(({ fqn, namespace }) => [fqn, namespace ?? '']));
  return types.flatMap((type) => {
    const own = type.namespace ?? '';
    return [...new Set(mentioned(type))]
      .filter((fqn) => moduleOf.has(fqn) && moduleOf.get(fqn) !== own && moduleOf.get(fqn) !== '')
      .map((fqn) => `${shortName(type.fqn)}: mentions ${shortName(fqn)} of another submodule`);
  });
}

function mentioned(type: AssemblyType): string[] {
  const found = JSON.stringify([type.properties, type.methods, type.initializer]).matchAll(/"fqn":"([^"]+)"/g);
  return [...found].map((match) => match[1]!);
}

function shortName(fqn: string): string {
  return fqn.split('.').slice(1).join('.');
}
