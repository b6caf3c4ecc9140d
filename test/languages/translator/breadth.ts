import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OURS, type Type, type Types } from './assemblies';

// The part that each language has by hand; what it uses is looked for in its text.
const BY_HAND = join(__dirname, '../typescript/by-hand.ts');

/** What is not for users' code, by `Type.member`, with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'AppSynthesizer.synth': 'writes files: `synthYaml` gives the same text',
  'ManifestValidation.new': 'the command line of cdk8s makes it',
  'ManifestValidation.validate': 'the command line of cdk8s calls it',
  'QueueOptions.maxWait': 'an error wherever it is stated',
  'RunnerPool.registerCaller': 'deployments call it',
  'ServingApp.synth': 'writes files: `synthYaml` gives the same text',
  'ServingComponent.toNetworkPolicyPeerConfig': 'cdk8s-plus-27 calls it, for the NetworkPolicy of the part `pods`',
  'ServingComponent.toPodSelector': 'cdk8s-plus-27 calls it',
  'ServingComponent.toPodSelectorConfig': 'cdk8s-plus-27 calls it',
};

/** What users name or state, as `Type` or `Type.member`, and no part of the broad app has. */
export function untouched(types: Types, touched: ReadonlySet<string>): string[] {
  const byHand = new Set(readFileSync(BY_HAND, 'utf8').match(/\w+/g));
  return (
    types.ours
      // What needs more packages than ours is tried apart.
      .filter(({ namespace }) => namespace === undefined)
      .flatMap((type) => {
        const name = type.fqn.slice(OURS.length + 1);
        const isUsed = touched.has(name) || byHand.has(type.name);
        const isMissing = (member: string): boolean =>
          !touched.has(`${name}.${member}`) &&
          !(isUsed && byHand.has(member)) &&
          LEFT_OUT[`${name}.${member}`] === undefined;
        const missing = members(type).filter(isMissing);
        return [...(isUsed ? [] : [name]), ...missing.map((member) => `${name}.${member}`)];
      })
      .sort()
  );
}

function members(type: Type): string[] {
  return [
    ...(type.kind === 'class' && type.abstract !== true && type.initializer !== undefined ? ['new'] : []),
    ...(type.members ?? []).map((member) => member.name),
    ...(type.methods ?? []).map((method) => method.name),
    ...(type.properties ?? []).map((property) => property.name),
  ];
}
