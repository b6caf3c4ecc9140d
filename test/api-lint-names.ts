// What names must not be: keywords somewhere, another thing in another language, or another word for what has one here.

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

/** Every object in Java has these; Python's methods name their object so. */
const METHODS_OF_JAVA = new Set(['clone', 'equals', 'finalize', 'getClass', 'hashCode', 'notify', 'notifyAll', 'wait']);
const PYTHON = new Set(['cls', 'self']);

/** Kubernetes' own `serviceName`; a service of a Bento is a `bentoService`. */
const SERVICES_OF_KUBERNETES = new Set(['AdoptOptions.serviceName', 'ExposureTarget.serviceName']);

/** Constants that read otherwise in Python and Java, as the products are called so. */
const KNOWN_CONSTANTS = new Set(
  ['AMD_MI300X', 'AMD_MI325X', 'AMD_MI355X', 'NVIDIA_A100_80GB', 'NVIDIA_A10G', 'NVIDIA_L40S'].map(
    (name) => `Gpu.${name}`,
  ),
);

/** Types that each file of C# or Java has without an import, as far as a library could have the same. */
const TYPES_ELSEWHERE = new Set(
  (
    'Action Attribute Barrier Buffer Console Delegate Environment Error Exception File Func Half Index Integer Iterable ' +
    'Lazy List Lock Math Module Monitor Number Object Path Process Progress Queue Random Range Record Runtime Stack String ' +
    'System Task Thread Timer Tuple Type Uri Version Void'
  ).split(' '),
);

/** `System.Version` of C#: a file that has both names the one it means. */
const KNOWN_TYPES = new Set(['Version']);

export function typeFindings(name: string): string[] {
  return TYPES_ELSEWHERE.has(name) && !KNOWN_TYPES.has(name) ? ['is a type of every file in C# or Java'] : [];
}

const isKeyword = (name: string): boolean => KEYWORDS.has(name);

/** What a property or parameter must not be called. `member` is its whole name, as `Foo.bar`. */
export function nameFindings(member: string, name: string, isNumber: boolean): string[] {
  const findings: string[] = [];
  if (isKeyword(name) || PYTHON.has(name)) findings.push('is a keyword somewhere');
  if (name === 'serviceName' && !SERVICES_OF_KUBERNETES.has(member))
    findings.push("reads as Kubernetes' Service; a service of a Bento is `bentoService`");
  if (/^concurrency|Concurrency(?!$)|^(?!target|max)\w+Concurrency$/.test(name))
    findings.push('is neither `targetConcurrency`, which scaling aims at, nor `maxConcurrency`, the limit');
  if (/factor$|multiplier$|times$/i.test(name) && isNumber) findings.push('is a ratio: call it so, as `maxRatio`');
  if (/^scaleOut|^scaleIn(?!to)/.test(name)) findings.push('is `scaleUp` or `scaleDown`, as the HPA has them');
  if (isNumber && /(timeout|delay|interval|period|duration|window|ttl|memory|bytes)$/i.test(name))
    findings.push('is a number without a unit: a type, or a suffix');
  return findings;
}

export function methodFindings(name: string, isQuestion: boolean): string[] {
  if (isKeyword(name)) return ['is a keyword somewhere'];
  if (/^(is|has)[A-Z]/.test(name) && !isQuestion) return ['reads as a question, and answers none'];
  return METHODS_OF_JAVA.has(name) ? ['is a method of every object in Java'] : [];
}

/** Python and Java take constants for camel case, and set them apart after each digit. */
export function constantFindings(member: string, name: string): string[] {
  const abroad = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return abroad === name || KNOWN_CONSTANTS.has(member) ? [] : [`is ${abroad} in Python and Java`];
}
