/** Shapes of credentials that their issuers document; each with what it is, for messages never show the value. */
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key id', /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/],
  ['a Hugging Face token', /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}/],
  ['a GitHub token', /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/],
  ['a GitLab token', /(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,}/],
  ['a Slack token', /(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/],
];

/** OpenAI and those who imitate it; words like `sk-learn-pipeline` have no digit beside a capital. */
const SK_KEY = /(?<![A-Za-z0-9_-])sk-(?=[A-Za-z0-9_-]*[0-9])(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{20,}/;

const URL_PASSWORD = /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/:@"'?#]*:(?<password>[^\s/@"']+)@/g;

/** What credential a text contains, or undefined. */
export function credentialIn(text: string): string | undefined {
  const shape = SHAPES.find(([, pattern]) => pattern.test(text));
  if (shape !== undefined) return shape[0];
  if (SK_KEY.test(text)) return 'an API key';
  for (const { groups } of text.matchAll(URL_PASSWORD)) {
    if (!isReference(groups!.password!)) return 'a URL with a password';
  }
  return undefined;
}

// At the end of the name: API_KEY_HEADER, TOKENIZERS_PARALLELISM and SECRET_NAME say something about a secret.
const SECRET_NAME =
  /(?:^|_)(?:ACCESS_?KEY(?:_ID)?|API_?KEY|CREDENTIALS?|PASSPHRASE|PASSWD|PASSWORD|PRIVATE_?KEY|SECRETS?|SECRET_?KEY(?:_BASE)?|TOKEN)(?:_(?:[0-9]+|B64|BASE64|VALUE))?$/;

/** Tokens of a language model's vocabulary, and numbers of them. */
const TOKEN_OF_MODEL =
  /(?:^|_)(?:BOS|CLS|END|EOS|IMAGE|MASK|MAX(?:_NEW)?|MIN|NUM|PAD|PER|SEP|SPECIAL|START|STOP|UNK)_TOKEN$/;

/** A switch about secrets, as REQUIRE_PASSWORD. */
const SWITCH = /^(?:true|false|yes|no|on|off|none|null|0|1)$/i;

/** Whether a variable, key or flag of this name with this literal value gives a secret away. */
export function isSecretByName(name: string, value: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toUpperCase();
  if (!SECRET_NAME.test(words) || TOKEN_OF_MODEL.test(words)) return false;
  return value.trim() !== '' && !SWITCH.test(value.trim()) && !isReference(value.trim());
}

/** Filled in later: by Kubernetes, a template, or a secret store. */
function isReference(value: string): boolean {
  return (
    /^(?:\$\(.*\)|\$\{.*\}|\$[A-Z_][A-Z0-9_]*|\{\{.*\}\}|<.*>|\*+|ENC\[.*\])$/s.test(value) ||
    /^(?:arn:aws:|op:\/\/|projects\/[^/]+\/secrets\/|ref\+|secretref:|vault:)/.test(value)
  );
}
