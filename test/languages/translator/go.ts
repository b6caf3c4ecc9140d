import { spawnSync } from 'node:child_process';
import { OURS, type Reference, type Types } from './assemblies';
import { pascal } from './java';
import { around, type Code, flat, group, lay, leadLines, type Style } from './layout';
import type { Argument, Expression, Program, Statement } from './program';

const STYLE: Style = { indent: '\t', trailing: ',' };
const MODULES: Readonly<Record<string, { readonly name: string; readonly path: string }>> = {
  [OURS]: { name: 'cdk8sbento', path: 'github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento' },
  cdk8s: { name: 'cdk8s', path: 'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2' },
  'cdk8s-plus-27': { name: 'cdk8splus27', path: 'github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2' },
  constructs: { name: 'constructs', path: 'github.com/aws/constructs-go/constructs/v10' },
};
const RUNTIME = 'github.com/aws/jsii-runtime-go';
const PRIMITIVES: Readonly<Record<string, string>> = { string: '*string', number: '*float64', boolean: '*bool' };

export function toGo(program: Program, types: Types): string {
  const writer = new GoWriter(types);
  const body = program.statements.flatMap((statement) => writer.statement(statement, 1));
  const imports = [...writer.paths].sort().map((path) => `\t${JSON.stringify(path)}`);
  const lines = [
    'package main',
    '',
    'import (',
    ...imports,
    ')',
    '',
    ...program.comments.map((comment) => `// ${comment}`),
    `func ${program.name}(app cdk8s.App, report *Report) {`,
    ...body,
    '}',
  ];
  return formatted(`${lines.join('\n')}\n`);
}

function formatted(source: string): string {
  const { status, stdout, stderr } = spawnSync('gofmt', [], { input: source, encoding: 'utf8' });
  if (status !== 0) throw new Error(`gofmt: ${stderr}\n${source}`);
  return stdout;
}

class GoWriter {
  public readonly paths = new Set([MODULES.cdk8s!.path]);

  constructor(private readonly types: Types) {}

  public statement(statement: Statement, depth: number): string[] {
    const comments = leadLines(statement.lead, '//', '');
    if (statement.kind === 'each')
      return [
        ...comments,
        `for _, ${statement.name} := range *${flat(this.code(statement.list))} {`,
        ...statement.body.flatMap((inner) => this.statement(inner, depth + 1)),
        '}',
      ];
    const code = this.code(statement.value);
    const whole = statement.kind === 'let' ? around(`${statement.name} := `, code) : code;
    return [...comments, lay(whole, STYLE, depth)];
  }

  private code(expression: Expression): Code {
    switch (expression.kind) {
      case 'text':
        return this.runtime(`String(${JSON.stringify(expression.value)})`);
      case 'number':
        return this.runtime(`Number(${expression.value})`);
      case 'flag':
        return this.runtime(`Bool(${expression.value})`);
      case 'name':
        return expression.name;
      case 'new':
        return this.construction(expression.fqn, expression.args);
      case 'static':
        return this.call(`${this.name(expression.fqn)}_${pascal(expression.method)}`, expression.args);
      case 'call':
        return this.call(`${flat(this.code(expression.on))}.${pascal(expression.method)}`, expression.args);
      case 'constant':
        return this.constant(expression);
      case 'get':
        return `${flat(this.code(expression.on))}.${pascal(expression.property)}${expression.ofStruct ? '' : '()'}`;
      case 'struct':
        return group(`&${this.name(expression.fqn)}{`, this.fields(expression), '}');
      case 'list':
        return group(
          `&[]${this.element(expression.element)}{`,
          expression.items.map((item) => this.code(item)),
          '}',
        );
      case 'map':
        return group(
          `&map[string]${this.element(expression.element)}{`,
          expression.entries.map(({ name, value }) => around(`${JSON.stringify(name)}: `, this.code(value))),
          '}',
        );
    }
  }

  private constant({ fqn, name, form }: Expression & { kind: 'constant' }): Code {
    if (form === 'enum') return `${this.name(fqn)}_${name}`;
    return `${this.name(fqn)}_${form === 'computed' ? pascal(name) : name}()`;
  }

  private construction(fqn: string, args: readonly Argument[]): Code {
    const [module, name] = this.name(fqn).split('.');
    return this.call(`${module}.New${name}`, args);
  }

  private call(callee: string, args: readonly Argument[]): Code {
    const items = args.map((arg) => (arg === undefined ? 'nil' : this.code(arg)));
    return group(`${callee}(`, items, ')');
  }

  private fields(struct: Expression & { kind: 'struct' }): Code[] {
    return struct.fields.map(({ name, value }) => around(`${pascal(name)}: `, this.code(value)));
  }

  private element(reference: Reference): string {
    if (reference.primitive !== undefined) return PRIMITIVES[reference.primitive]!;
    return `${this.types.isStruct(reference) ? '*' : ''}${this.name(reference.fqn!)}`;
  }

  private runtime(code: string): string {
    this.paths.add(RUNTIME);
    return `jsii.${code}`;
  }

  private name(fqn: string): string {
    const { assembly, namespace, name } = this.types.get(fqn);
    const module = MODULES[assembly]!;
    const inner = namespace?.split('.') ?? [];
    this.paths.add([module.path, ...inner].join('/'));
    return `${inner.at(-1) ?? module.name}.${name}`;
  }
}
