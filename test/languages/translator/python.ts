import { OURS, type Types } from './assemblies';
import { around, type Code, flat, group, lay, leadLines, type Style } from './layout';
import type { Argument, ConstantForm, Expression, Program, Statement } from './program';

const STYLE: Style = { indent: '    ', trailing: ',' };
const MODULES: Readonly<Record<string, string>> = {
  [OURS]: 'cdk8s_bento',
  cdk8s: 'cdk8s',
  'cdk8s-plus-27': 'cdk8s_plus_27',
  constructs: 'constructs',
};

/** As pacmak does it, for constants too: `NVIDIA_A10G` is NVIDIA_A10_G abroad. */
export const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z]+)/g, '$1_$2')
    .toLowerCase();

export const constantName = (name: string, form: ConstantForm): string => {
  if (form === 'enum') return name;
  return form === 'constant' ? snake(name).toUpperCase() : snake(name);
};

export function toPython(program: Program, types: Types): string {
  const writer = new PythonWriter(types);
  const name = snake(program.name);
  const body = program.statements.flatMap((statement) => writer.statement(statement, 1));
  const lines = [
    ...writer.imports(),
    'from report import Report',
    '',
    '',
    ...program.comments.map((comment) => `# ${comment}`),
    `def ${name}(app: App, report: Report) -> None:`,
    ...body,
  ];
  return `${lines.join('\n')}\n`;
}

class PythonWriter {
  private readonly used = new Set(['cdk8s.App']);

  constructor(private readonly types: Types) {}

  public imports(): string[] {
    const modules = new Map<string, Set<string>>();
    for (const fqn of this.used) {
      const { assembly, name, namespace } = this.types.get(fqn);
      const names = modules.get(MODULES[assembly]!) ?? new Set();
      modules.set(MODULES[assembly]!, names.add(namespace?.split('.')[0] ?? name));
    }
    return [...modules.keys()]
      .sort()
      .map((module) => lay(importOf(module, [...modules.get(module)!].sort()), STYLE, 0));
  }

  public statement(statement: Statement, depth: number): string[] {
    const indent = STYLE.indent.repeat(depth);
    const comments = leadLines(statement.lead, '#', indent);
    if (statement.kind === 'each')
      return [
        ...comments,
        `${indent}for ${snake(statement.name)} in ${lay(this.code(statement.list), STYLE, depth)}:`,
        ...statement.body.flatMap((inner) => this.statement(inner, depth + 1)),
      ];
    const code = this.code(statement.value);
    const whole = statement.kind === 'let' ? around(`${snake(statement.name)} = `, code) : code;
    return [...comments, indent + lay(whole, STYLE, depth)];
  }

  private code(expression: Expression): Code {
    switch (expression.kind) {
      case 'text':
        return JSON.stringify(expression.value);
      case 'number':
        return expression.value;
      case 'flag':
        return expression.value ? 'True' : 'False';
      case 'name':
        return snake(expression.name);
      case 'new':
        return this.call(this.name(expression.fqn), expression.args);
      case 'static':
        return this.call(`${this.name(expression.fqn)}.${snake(expression.method)}`, expression.args);
      case 'call':
        return this.call(`${flat(this.code(expression.on))}.${snake(expression.method)}`, expression.args);
      case 'constant':
        return `${this.name(expression.fqn)}.${constantName(expression.name, expression.form)}`;
      case 'get':
        return `${flat(this.code(expression.on))}.${snake(expression.property)}`;
      case 'struct':
        return group(`${this.name(expression.fqn)}(`, this.keywords(expression), ')');
      case 'list':
        return group(
          '[',
          expression.items.map((item) => this.code(item)),
          ']',
        );
      case 'map':
        return group(
          '{',
          expression.entries.map(({ name, value }) => around(`${JSON.stringify(name)}: `, this.code(value))),
          '}',
        );
    }
  }

  /** A struct in the last place becomes keywords. */
  private call(callee: string, args: readonly Argument[]): Code {
    const items = args.flatMap((arg, index) => {
      if (arg === undefined) return [];
      return index === args.length - 1 && arg.kind === 'struct' ? this.keywords(arg) : [this.code(arg)];
    });
    return group(`${callee}(`, items, ')');
  }

  private keywords(struct: Expression & { kind: 'struct' }): Code[] {
    return struct.fields.map(({ name, value }) => around(`${snake(name)}=`, this.code(value)));
  }

  private name(fqn: string): string {
    this.used.add(fqn);
    const { namespace, name } = this.types.get(fqn);
    return namespace === undefined ? name : `${namespace}.${name}`;
  }
}

const importOf = (module: string, names: readonly string[]): Code => {
  const line = `from ${module} import ${names.join(', ')}`;
  return line.length <= 110 ? line : group(`from ${module} import (`, names, ')');
};
