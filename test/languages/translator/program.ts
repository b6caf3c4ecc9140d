// A part of the broad app as plain data, read from its TypeScript: constants, loops and calls of public members.
import ts from 'typescript';
import { type Callable, OURS, type Parameter, type Reference, type Types } from './assemblies';

export type Expression =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'new'; readonly fqn: string; readonly args: readonly Argument[] }
  | { readonly kind: 'static'; readonly fqn: string; readonly method: string; readonly args: readonly Argument[] }
  | { readonly kind: 'call'; readonly on: Expression; readonly method: string; readonly args: readonly Argument[] }
  | { readonly kind: 'constant'; readonly fqn: string; readonly name: string; readonly form: ConstantForm }
  | { readonly kind: 'get'; readonly on: Expression; readonly property: string; readonly ofStruct: boolean }
  | { readonly kind: 'struct'; readonly fqn: string; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly element: Reference; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly element: Reference; readonly entries: readonly Field[] };

/** A member of an enum, a constant of a class, or a static property that is asked for. */
export type ConstantForm = 'enum' | 'constant' | 'computed';

export interface Field {
  readonly name: string;
  readonly value: Expression;
}

/** `undefined` is an optional argument that is left out. */
export type Argument = Expression | undefined;

/** What stands before a statement. */
export interface Lead {
  readonly isApart: boolean;
  readonly comments: readonly string[];
}

export type Statement =
  | { readonly kind: 'let'; readonly lead: Lead; readonly name: string; readonly value: Expression }
  | { readonly kind: 'do'; readonly lead: Lead; readonly value: Expression }
  | {
      readonly kind: 'each';
      readonly lead: Lead;
      readonly name: string;
      readonly fqn: string;
      readonly list: Expression;
      readonly body: readonly Statement[];
    };

export interface Program {
  readonly name: string;
  readonly comments: string[];
  readonly statements: readonly Statement[];
  /** `Type`, `Type.member`, for ours. */
  readonly touched: ReadonlySet<string>;
}

/** What a part writes about its objects; each language has its own. */
const REPORT = '../report.Report';
const REPORT_METHODS: { readonly [name: string]: Reference } = {
  text: { primitive: 'string' },
  number: { primitive: 'number' },
  flag: { primitive: 'boolean' },
  duration: { fqn: 'cdk8s.Duration' },
  texts: { collection: { kind: 'array', elementtype: { primitive: 'string' } } },
  numbers: { collection: { kind: 'map', elementtype: { primitive: 'number' } } },
  map: { collection: { kind: 'map', elementtype: { primitive: 'string' } } },
};

export function readProgram(source: string, types: Types): Program {
  return new Reader(source, types).read();
}

interface Typed {
  readonly value: Expression;
  readonly type: Reference | undefined;
}

class Reader {
  private readonly file: ts.SourceFile;
  private readonly names = new Map<string, string>();
  private readonly scope = new Map<string, Reference>();
  private readonly touched = new Set<string>();

  constructor(
    private readonly source: string,
    private readonly types: Types,
  ) {
    this.file = ts.createSourceFile('part.ts', source, ts.ScriptTarget.Latest, true);
  }

  public read(): Program {
    let found: ts.FunctionDeclaration | undefined;
    for (const statement of this.file.statements) {
      if (ts.isImportDeclaration(statement)) this.readImport(statement);
      else if (ts.isFunctionDeclaration(statement) && found === undefined) found = statement;
      else this.refuse(statement);
    }
    if (found?.name === undefined || found.body === undefined) throw new Error('a part exports one function');
    for (const parameter of found.parameters)
      this.scope.set(parameter.name.getText(), { fqn: this.names.get(parameter.type!.getText())! });
    return {
      name: found.name.text,
      comments: this.comments(found),
      statements: found.body.statements.map((statement) => this.statement(statement)),
      touched: this.touched,
    };
  }

  private readImport(statement: ts.ImportDeclaration): void {
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const assembly = from.endsWith('/lib') ? OURS : from;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) this.refuse(statement);
    else for (const { name } of bindings.elements) this.names.set(name.text, `${assembly}.${name.text}`);
  }

  private statement(node: ts.Statement): Statement {
    const lead = { isApart: this.isApart(node), comments: this.comments(node) };
    if (ts.isVariableStatement(node)) {
      const [declaration] = node.declarationList.declarations;
      const name = declaration!.name.getText();
      const { value, type } = this.expression(declaration!.initializer!);
      if (type === undefined) return this.refuse(node);
      this.scope.set(name, type);
      return { kind: 'let', lead, name, value };
    }
    if (ts.isForOfStatement(node)) {
      const name = (node.initializer as ts.VariableDeclarationList).declarations[0]!.name.getText();
      const { value, type } = this.expression(node.expression);
      const element = type?.collection?.elementtype;
      if (element?.fqn === undefined) return this.refuse(node);
      this.touch(element.fqn);
      this.scope.set(name, element);
      const inner = ts.isBlock(node.statement) ? [...node.statement.statements] : [node.statement];
      const body = inner.map((statement) => this.statement(statement));
      return { kind: 'each', lead, name, fqn: element.fqn, list: value, body };
    }
    if (ts.isExpressionStatement(node)) return { kind: 'do', lead, value: this.expression(node.expression).value };
    return this.refuse(node);
  }

  private expression(node: ts.Expression, expected?: Reference): Typed {
    if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node))
      return this.expression(node.expression, expected);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
      return { value: { kind: 'text', value: node.text }, type: { primitive: 'string' } };
    if (ts.isNumericLiteral(node))
      return { value: { kind: 'number', value: node.text }, type: { primitive: 'number' } };
    if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
      return {
        value: { kind: 'flag', value: node.kind === ts.SyntaxKind.TrueKeyword },
        type: { primitive: 'boolean' },
      };
    if (ts.isIdentifier(node) && this.scope.has(node.text))
      return { value: { kind: 'name', name: node.text }, type: this.scope.get(node.text) };
    if (ts.isNewExpression(node)) return this.construction(node);
    if (ts.isCallExpression(node)) return this.call(node);
    if (ts.isPropertyAccessExpression(node)) return this.access(node);
    if (ts.isObjectLiteralExpression(node) && expected !== undefined) return this.object(node, expected);
    if (ts.isArrayLiteralExpression(node) && expected?.collection?.kind === 'array') {
      const element = expected.collection.elementtype;
      if (element.fqn !== undefined) this.touch(element.fqn);
      const items = node.elements.map((item) => this.expression(item, element).value);
      return { value: { kind: 'list', element, items }, type: expected };
    }
    return this.refuse(node);
  }

  private construction(node: ts.NewExpression): Typed {
    const fqn = this.typeName(node.expression) ?? this.refuse(node);
    this.touch(fqn, 'new');
    const parameters = this.types.get(fqn).initializer?.parameters ?? [];
    return {
      value: { kind: 'new', fqn, args: this.args(node.arguments ?? ts.factory.createNodeArray(), parameters) },
      type: { fqn },
    };
  }

  private call(node: ts.CallExpression): Typed {
    const callee = node.expression;
    if (!ts.isPropertyAccessExpression(callee)) return this.refuse(node);
    const method = callee.name.text;
    const fqn = this.typeName(callee.expression);
    if (fqn !== undefined) {
      const declared = this.types.method(fqn, method).method;
      this.touch(fqn, method);
      return {
        value: { kind: 'static', fqn, method, args: this.args(node.arguments, declared.parameters) },
        type: declared.returns?.type,
      };
    }
    const { value: on, type } = this.expression(callee.expression);
    const declared = this.instanceMethod(type?.fqn, method) ?? this.refuse(node);
    const args = this.args(node.arguments, declared.parameters);
    return { value: { kind: 'call', on, method, args }, type: declared.returns?.type };
  }

  private instanceMethod(fqn: string | undefined, name: string): Callable | undefined {
    if (fqn === undefined) return undefined;
    if (fqn === REPORT) {
      const parameters = [
        { name: 'name', type: { primitive: 'string' } },
        { name: 'value', type: REPORT_METHODS[name]! },
      ];
      return { name, parameters };
    }
    const { owner, method } = this.types.method(fqn, name);
    this.touch(owner.fqn, name);
    return method;
  }

  private access(node: ts.PropertyAccessExpression): Typed {
    const name = node.name.text;
    const fqn = this.typeName(node.expression);
    if (fqn !== undefined) {
      this.touch(fqn, name);
      if (this.types.get(fqn).kind === 'enum')
        return { value: { kind: 'constant', fqn, name, form: 'enum' }, type: { fqn } };
      const { property } = this.types.property(fqn, name);
      const form = property.const === true ? 'constant' : 'computed';
      return { value: { kind: 'constant', fqn, name, form }, type: property.type };
    }
    const { value: on, type } = this.expression(node.expression);
    if (type?.fqn === undefined) return this.refuse(node);
    const { owner, property } = this.types.property(type.fqn, name);
    this.touch(owner.fqn, name);
    if (property.type.fqn !== undefined) this.touch(property.type.fqn);
    return {
      value: { kind: 'get', on, property: name, ofStruct: owner.datatype === true },
      type: property.type,
    };
  }

  private object(node: ts.ObjectLiteralExpression, expected: Reference): Typed {
    const isStruct = this.types.isStruct(expected);
    const fqn = expected.fqn;
    if (isStruct) this.touch(fqn!);
    const fields = node.properties.map((property) => {
      if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property))
        return this.refuse(property);
      const name = ts.isStringLiteral(property.name!) ? property.name.text : property.name!.getText();
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
      return { name, value: this.expression(value, this.fieldType(expected, name)).value };
    });
    if (isStruct) return { value: { kind: 'struct', fqn: fqn!, fields }, type: expected };
    const element = expected.collection?.elementtype ?? this.refuse(node);
    if (element.fqn !== undefined) this.touch(element.fqn);
    return { value: { kind: 'map', element, entries: fields }, type: expected };
  }

  private fieldType(expected: Reference, name: string): Reference {
    if (expected.fqn === undefined) return expected.collection!.elementtype;
    const { owner, property } = this.types.property(expected.fqn, name);
    this.touch(owner.fqn, name);
    // A struct that inherits the field is used as well.
    this.touch(expected.fqn);
    return property.type;
  }

  private args(given: readonly ts.Expression[], parameters: readonly Parameter[] = []): Argument[] {
    if (given.length > parameters.length) return this.refuse(given[0]!);
    return parameters.map((parameter, index) =>
      given[index] === undefined ? undefined : this.expression(given[index], parameter.type).value,
    );
  }

  /** The full name of a class or enum that the code names; a submodule is a name before it. */
  private typeName(node: ts.Expression): string | undefined {
    const text = node.getText();
    const [first, ...rest] = text.split('.');
    if (this.scope.has(first!)) return undefined;
    const fqn = [this.names.get(first!), ...rest].join('.');
    return this.types.has(fqn) ? fqn : undefined;
  }

  private touch(fqn: string, member?: string): void {
    if (!fqn.startsWith(`${OURS}.`)) return;
    const name = fqn.slice(OURS.length + 1);
    this.touched.add(name);
    if (member !== undefined) this.touched.add(`${name}.${member}`);
  }

  private comments(node: ts.Node): string[] {
    const ranges = ts.getLeadingCommentRanges(this.source, node.pos) ?? [];
    return ranges.map(({ pos, end }) => this.source.slice(pos, end).replace(/^\/\/ ?/, ''));
  }

  private isApart(node: ts.Node): boolean {
    return /\n[ ]*\n/.test(this.source.slice(node.pos, node.getStart()));
  }

  private refuse(node: ts.Node): never {
    const { line } = this.file.getLineAndCharacterOfPosition(node.getStart());
    throw new Error(`line ${line + 1} is not for translation: ${node.getText().slice(0, 80)}`);
  }
}
