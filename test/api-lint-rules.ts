// What jsii accepts and other languages cannot say, or not well: it cannot be repaired after a release.
import { constantFindings, methodFindings, nameFindings, typeFindings } from './api-lint-names';

/** As far as the rules read a `.jsii` assembly. */
export interface Assembly {
  readonly types?: { readonly [fqn: string]: AssemblyType };
}

export interface AssemblyType {
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly namespace?: string;
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
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
  readonly const?: boolean;
  readonly docs?: Docs;
}

interface Method {
  readonly name: string;
  readonly static?: boolean;
  readonly async?: boolean;
  readonly variadic?: boolean;
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

/** The one place that another program, not a user, calls: with a value of its own, and waiting for the answer. */
const ALLOWED_ANY = new Set(['ManifestValidation.validate(context)']);
const ALLOWED_ASYNC = new Set(['ManifestValidation.validate']);
/** References are made of objects of cdk8s-plus-27, whose own policies take our components. */
const ALLOWED_PLUS =
  /^(\w+Ref|EnvVar)\.of$|^ServingComponent\.to(NetworkPolicyPeerConfig|PodSelector|PodSelectorConfig)$/;

/** Findings, each with the type and member it is about. */
export function lint(assembly: Assembly): string[] {
  const types = Object.values(assembly.types ?? {});
  const isStruct = (reference: TypeReference): boolean => assembly.types?.[reference.fqn ?? '']?.datatype === true;
  return [
    ...types.flatMap((type) => lintType(type, isStruct)),
    ...structsBothWays(types, isStruct),
    ...namedTwice(types),
    ...unguardedAnswers(types),
    ...modules(types),
    ...types.flatMap(plus),
  ];
}

type IsStruct = (reference: TypeReference) => boolean;

function lintType(type: AssemblyType, isStruct: IsStruct): string[] {
  const name = shortName(type.fqn);
  const findings: string[] = [];
  const say = (member: string, text: string): void => {
    findings.push(`${member}: ${text}`);
  };
  for (const text of docsFindings(type.docs)) say(name, text);
  for (const text of typeFindings(name)) say(name, text);
  const dataOnly = (type.methods ?? []).length === 0 && (type.properties ?? []).every(({ immutable }) => immutable);
  if (type.kind === 'interface' && type.datatype !== true && dataOnly)
    say(name, 'is an I-interface without behaviour: Python loses its keywords');
  for (const member of type.members ?? [])
    for (const text of docsFindings(member.docs)) say(`${name}.${member.name}`, text);
  for (const property of type.properties ?? []) {
    const member = `${name}.${property.name}`;
    for (const text of docsFindings(property.docs)) say(member, text);
    if (type.datatype === true && property.optional === true && property.docs?.default === undefined)
      say(member, 'is optional and has no @default');
    for (const text of nameFindings(member, property.name, isNumber(property.type))) say(member, text);
    if (property.const === true) for (const text of constantFindings(member, property.name)) say(member, text);
    if (type.kind === 'class' && property.immutable !== true) say(member, 'can be written: objects do not change');
    for (const text of shapes(property.type, isStruct)) say(member, text);
  }
  const methods = [
    ...(type.methods ?? []),
    ...(type.initializer === undefined ? [] : [{ ...type.initializer, name: 'new' }]),
  ];
  for (const method of methods) findings.push(...lintMethod(name, type, method, isStruct));
  return [...findings, ...sameName(name, type)];
}

function lintMethod(name: string, type: AssemblyType, method: Method, isStruct: IsStruct): string[] {
  const member = `${name}.${method.name}`;
  const parameters = method.parameters ?? [];
  const findings: string[] = [];
  if (method.name !== 'new') {
    const isQuestion = method.returns?.type.primitive === 'boolean';
    const texts = [...docsFindings(method.docs), ...methodFindings(method.name, isQuestion)];
    findings.push(...texts.map((text) => `${member}(): ${text}`));
  }
  if (method.async === true && !ALLOWED_ASYNC.has(member))
    findings.push(`${member}(): is asynchronous, which Go cannot wait for`);
  if (method.variadic === true) findings.push(`${member}(): has any number of arguments: no struct can follow them`);
  if (method.name !== 'new' && method.static !== true && method.returns?.type.fqn === type.fqn)
    findings.push(`${member}(): returns its own type`);
  const positional = parameters.filter(({ type: reference }) => !isStruct(reference));
  if (method.static === true && positional.length > 2)
    findings.push(`${member}(): has more than two positional parameters`);
  parameters.forEach((parameter, index) => {
    const place = `${member}(${parameter.name})`;
    findings.push(...nameFindings(place, parameter.name, isNumber(parameter.type)).map((text) => `${place}: ${text}`));
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

/** Links of TypeScript are raw text to readers of Python, Java and Go. */
function docsFindings(docs: Docs | undefined): string[] {
  if (docs?.summary === undefined) return ['has no documentation'];
  return JSON.stringify(docs).includes('{@link') ? ['has a `{@link}` in its documentation'] : [];
}

/** Unions and `any` are lost abroad; Python drops what lies in a map or list of structs without a word. */
function shapes(reference: TypeReference, isStruct: IsStruct): string[] {
  if (reference.union !== undefined) return ['is a union'];
  if (reference.primitive === 'any' || reference.primitive === 'json') return ['is any'];
  if (reference.collection === undefined) return [];
  const { kind, elementtype } = reference.collection;
  return isStruct(elementtype) ? [`is a ${kind} of structs`] : shapes(elementtype, isStruct);
}

const isNumber = ({ primitive }: TypeReference): boolean => primitive === 'number';

/** Python's and Go's own spellings make one name of what differs in case only. */
function sameName(name: string, type: AssemblyType): string[] {
  const names = [...(type.properties ?? []), ...(type.methods ?? [])].map((member) => member.name);
  const spelled = names.map((member) => member.replace(/_/g, '').toLowerCase());
  return names
    .filter((_, index) => spelled.indexOf(spelled[index]!) !== index)
    .map((member) => `${name}.${member}: differs from another member in case only`);
}

/**
 * A struct that is handed out cannot grow a required field, one that is taken cannot lose one: both at once is stuck.
 * What users implement is called by the library: it hands out the parameters, and takes what is returned.
 */
function structsBothWays(types: readonly AssemblyType[], isStruct: IsStruct): string[] {
  const byName = new Map(types.map((type) => [type.fqn, type]));
  const taken = new Set<string>();
  const handedOut = new Set<string>();
  const reach = (found: Set<string>, reference: TypeReference | undefined): void => {
    const { fqn, collection } = reference ?? {};
    if (collection !== undefined) reach(found, collection.elementtype);
    if (fqn === undefined || !isStruct({ fqn }) || found.has(fqn)) return;
    found.add(fqn);
    const { properties, interfaces } = byName.get(fqn)!;
    for (const parent of interfaces ?? []) reach(found, { fqn: parent });
    for (const property of properties ?? []) reach(found, property.type);
  };
  for (const type of types) {
    const isImplemented = type.kind === 'interface' && type.datatype !== true;
    const [given, returned] = isImplemented ? [handedOut, taken] : [taken, handedOut];
    const inherited = (type.interfaces ?? []).flatMap((fqn) => byName.get(fqn)?.methods ?? []).map(({ name }) => name);
    const own = (type.methods ?? []).filter(({ name }) => type.kind !== 'class' || !inherited.includes(name));
    for (const method of [...own, ...(type.initializer === undefined ? [] : [type.initializer])]) {
      for (const parameter of method.parameters ?? []) reach(given, parameter.type);
      reach(returned, 'returns' in method ? method.returns?.type : undefined);
    }
    if (type.datatype !== true) for (const property of type.properties ?? []) reach(returned, property.type);
  }
  return [...handedOut]
    .filter((fqn) => taken.has(fqn))
    .map((fqn) => `${shortName(fqn)}: is a struct that is taken and handed out`);
}

/** In Python the properties of a struct are arguments beside the positional ones, and pacmak renames these. */
function namedTwice(types: readonly AssemblyType[]): string[] {
  const byName = new Map(types.map((type) => [type.fqn, type]));
  const fields = (fqn: string | undefined): string[] => {
    const type = byName.get(fqn ?? '');
    if (type?.datatype !== true) return [];
    return [...(type.interfaces ?? []).flatMap(fields), ...(type.properties ?? []).map(({ name }) => name)];
  };
  return types.flatMap((type) => {
    const methods = [...(type.methods ?? []), { name: 'new', ...type.initializer }];
    return methods.flatMap(({ name, parameters = [] }) => {
      const names = fields(parameters.at(-1)?.type.fqn);
      return parameters
        .filter((parameter) => names.includes(parameter.name))
        .map((parameter) => `${shortName(type.fqn)}.${name}(${parameter.name}): is a property of the struct as well`);
    });
  });
}

/**
 * What users' code returns is not checked by Python: a dict in its own spelling loses `runtime_class_name` without a word,
 * but for a property of several words that is required.
 */
function unguardedAnswers(types: readonly AssemblyType[]): string[] {
  const answers = types
    .filter(({ kind, datatype }) => kind === 'interface' && datatype !== true)
    .flatMap(({ methods }) => (methods ?? []).map(({ returns }) => returns?.type.fqn));
  return types
    .filter(({ fqn, datatype }) => datatype === true && answers.includes(fqn))
    .filter(({ properties = [] }) => {
      const respelled = properties.filter(({ name }) => /[A-Z]/.test(name));
      return respelled.length > 0 && respelled.every(({ optional }) => optional === true);
    })
    .map(({ fqn }) => `${shortName(fqn)}: is returned by users, and no property of several words is required`);
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

/** Users of cdk8s-plus-27 are not the only ones: a type of it in an option would make all of them so. */
function plus(type: AssemblyType): string[] {
  const members = [
    ...(type.properties ?? []),
    ...(type.methods ?? []),
    ...(type.initializer === undefined ? [] : [{ ...type.initializer, name: 'new' }]),
  ];
  return members
    .filter((member) => JSON.stringify(member).includes('"fqn":"cdk8s-plus-27.'))
    .map(({ name }) => `${shortName(type.fqn)}.${name}`)
    .filter((member) => !ALLOWED_PLUS.test(member))
    .map((member) => `${member}: mentions cdk8s-plus-27`);
}

function mentioned(type: AssemblyType): string[] {
  const found = JSON.stringify([type.properties, type.methods, type.initializer]).matchAll(/"fqn":"([^"]+)"/g);
  const parents = [...(type.base === undefined ? [] : [type.base]), ...(type.interfaces ?? [])];
  return [...parents, ...[...found].map((match) => match[1]!)];
}

function shortName(fqn: string): string {
  return fqn.split('.').slice(1).join('.');
}
