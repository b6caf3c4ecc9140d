import { OURS, type Types } from './assemblies';
import { around, type Code, chain, flat, group, lay, leadLines, type Style } from './layout';
import type { Argument, Expression, Program, Statement } from './program';
import { constantName } from './python';

const STYLE: Style = { indent: '  ', trailing: '' };
const PACKAGES: Readonly<Record<string, string>> = {
  [OURS]: 'io.github.cdk8sbento',
  cdk8s: 'org.cdk8s',
  'cdk8s-plus-27': 'org.cdk8s.plus27',
  constructs: 'software.constructs',
};

export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Not that of the library's own `Exposure`. */
export const className = ({ name }: Program): string => `${pascal(name)}Part`;

export function toJava(program: Program, types: Types): string {
  const writer = new JavaWriter(types);
  const body = program.statements.flatMap((statement) => writer.statement(statement, 2));
  const name = className(program);
  const lines = [
    'package com.example;',
    '',
    ...writer.imports(),
    '',
    ...program.comments.map((comment) => `// ${comment}`),
    `final class ${name} {`,
    `  private ${name}() {}`,
    '',
    '  static void run(App app, Report report) {',
    ...body,
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

class JavaWriter {
  private readonly used = new Set(['cdk8s.App']);
  private readonly utilities = new Set<string>();

  constructor(private readonly types: Types) {}

  public imports(): string[] {
    const names = [...this.used].map((fqn) => {
      const { assembly, name, namespace } = this.types.get(fqn);
      return [PACKAGES[assembly], ...(namespace?.split('.') ?? []), name].join('.');
    });
    return [...new Set([...names, ...this.utilities])].sort().map((name) => `import ${name};`);
  }

  public statement(statement: Statement, depth: number): string[] {
    const indent = STYLE.indent.repeat(depth);
    const comments = leadLines(statement.lead, '//', indent);
    if (statement.kind === 'each')
      return [
        ...comments,
        `${indent}for (${this.name(statement.fqn)} ${statement.name} : ${flat(this.code(statement.list))}) {`,
        ...statement.body.flatMap((inner) => this.statement(inner, depth + 1)),
        `${indent}}`,
      ];
    const code = this.code(statement.value);
    const whole = statement.kind === 'let' ? around(`var ${statement.name} = `, code) : code;
    return [...comments, indent + lay(around('', whole, ';'), STYLE, depth)];
  }

  private code(expression: Expression): Code {
    switch (expression.kind) {
      case 'text':
        return JSON.stringify(expression.value);
      case 'number':
        return expression.value;
      case 'flag':
        return String(expression.value);
      case 'name':
        return expression.name;
      case 'new':
        return this.call(`new ${this.name(expression.fqn)}`, expression.args);
      case 'static':
        return this.call(`${this.name(expression.fqn)}.${expression.method}`, expression.args);
      case 'call':
        return this.call(`${flat(this.code(expression.on))}.${expression.method}`, expression.args);
      case 'constant':
        return this.constant(expression);
      case 'get':
        return `${flat(this.code(expression.on))}.get${pascal(expression.property)}()`;
      case 'struct':
        return this.builder(expression);
      case 'list':
        this.utilities.add('java.util.List');
        return group(
          'List.of(',
          expression.items.map((item) => this.code(item)),
          ')',
        );
      case 'map':
        return this.map(expression);
    }
  }

  private constant({ fqn, name, form }: Expression & { kind: 'constant' }): Code {
    if (form === 'computed') return `${this.name(fqn)}.get${pascal(name)}()`;
    return `${this.name(fqn)}.${constantName(name, form)}`;
  }

  private map({ entries }: Expression & { kind: 'map' }): Code {
    this.utilities.add('java.util.Map');
    return group(
      'Map.of(',
      entries.map(({ name, value }) => around(`${JSON.stringify(name)}, `, this.code(value))),
      ')',
    );
  }

  private builder({ fqn, fields }: Expression & { kind: 'struct' }): Code {
    const setters = fields.map(({ name, value }) => around(`.${name}(`, this.code(value), ')'));
    return chain(`${this.name(fqn)}.builder()`, [...setters, '.build()']);
  }

  private call(callee: string, args: readonly Argument[]): Code {
    const items = args.flatMap((arg) => (arg === undefined ? [] : [this.code(arg)]));
    return group(`${callee}(`, items, ')');
  }

  private name(fqn: string): string {
    this.used.add(fqn);
    return this.types.get(fqn).name;
  }
}
