// What jsii assemblies say of types: ours, and those of the peers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const repository = join(__dirname, '../../..');
const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-27'];
export const OURS = 'cdk8s-bento';

export interface Reference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: Reference };
}

export interface Parameter {
  readonly name: string;
  readonly type: Reference;
  readonly optional?: boolean;
}

export interface Callable {
  readonly name: string;
  readonly static?: boolean;
  readonly abstract?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly returns?: { readonly type: Reference };
}

export interface Member {
  readonly name: string;
  readonly static?: boolean;
  readonly optional?: boolean;
  /** A static property that is computed once. */
  readonly const?: boolean;
  readonly type: Reference;
}

export interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly assembly: string;
  readonly namespace?: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly abstract?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly initializer?: Omit<Callable, 'name'>;
  readonly methods?: readonly Callable[];
  readonly properties?: readonly Member[];
  readonly members?: readonly { readonly name: string }[];
}

export interface AssemblyFile {
  readonly name: string;
  readonly types: { readonly [fqn: string]: Type };
}

export function readAssembly(folder: string): AssemblyFile {
  const text = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8'));
  if (text.schema !== 'jsii/file-redirect') return text;
  return JSON.parse(gunzipSync(readFileSync(join(folder, text.filename))).toString());
}

/** The types of several assemblies under one roof. */
export class Types {
  public static ofLibrary(): Types {
    return new Types([repository, ...PEERS.map((name) => join(repository, 'node_modules', name))].map(readAssembly));
  }

  private readonly all = new Map<string, Type>();

  constructor(assemblies: readonly AssemblyFile[]) {
    for (const { types } of assemblies) for (const type of Object.values(types)) this.all.set(type.fqn, type);
  }

  public get ours(): Type[] {
    return [...this.all.values()].filter(({ assembly }) => assembly === OURS);
  }

  public get(fqn: string): Type {
    const type = this.all.get(fqn);
    if (type === undefined) throw new Error(`no type ${fqn}`);
    return type;
  }

  public has(fqn: string): boolean {
    return this.all.has(fqn);
  }

  public isStruct({ fqn }: Reference): boolean {
    return fqn !== undefined && this.get(fqn).datatype === true;
  }

  /** A method, with the type that declares it. */
  public method(fqn: string, name: string): { readonly owner: Type; readonly method: Callable } {
    for (const owner of this.lineage(fqn)) {
      const method = owner.methods?.find((candidate) => candidate.name === name);
      if (method !== undefined) return { owner, method };
    }
    throw new Error(`${fqn} has no method ${name}`);
  }

  public property(fqn: string, name: string): { readonly owner: Type; readonly property: Member } {
    for (const owner of this.lineage(fqn)) {
      const property = owner.properties?.find((candidate) => candidate.name === name);
      if (property !== undefined) return { owner, property };
    }
    throw new Error(`${fqn} has no property ${name}`);
  }

  public properties(fqn: string): Member[] {
    return this.lineage(fqn).flatMap(({ properties }) => properties ?? []);
  }

  /** The type, what it extends and what it implements. */
  private lineage(fqn: string): Type[] {
    if (!this.all.has(fqn)) return [];
    const type = this.get(fqn);
    const parents = [...(type.base === undefined ? [] : [type.base]), ...(type.interfaces ?? [])];
    return [type, ...parents.flatMap((parent) => this.lineage(parent))];
  }
}
