import ts from 'typescript';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A compiled CommonJS module that loads what it imports when it is first used: `const a_1 = require("a")` becomes a
 * function that every use calls. So an import of the library costs one file, and a definition what it takes part in.
 */
export function withLazyRequires(code: string): string {
  const source = ts.createSourceFile('module.js', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const declarations = source.statements.flatMap((statement) => requireOf(statement));
  const names = new Set(declarations.map(({ name }) => name));
  const edits = [
    ...declarations.map(({ edit }) => edit),
    ...source.statements.flatMap(submoduleOf),
    ...usesOf(source, names),
  ];
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: edited }) => text.slice(0, start) + edited + text.slice(end), code);
}

function requireOf(statement: ts.Statement): { readonly name: string; readonly edit: Edit }[] {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return [];
  const [{ name, initializer }] = statement.declarationList.declarations as unknown as [ts.VariableDeclaration];
  if (!ts.isIdentifier(name) || initializer === undefined || !isRequire(initializer)) return [];
  const loader = `{ const loaded = ${initializer.getText()}; ${name.text} = () => loaded; return loaded; }`;
  const edit = { start: statement.getStart(), end: statement.end, text: `let ${name.text} = () => ${loader};` };
  return [{ name: name.text, edit }];
}

/** `exports.aws = __importStar(require("./aws"))`, which is what `export * as aws` becomes. */
function submoduleOf(statement: ts.Statement): Edit[] {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
  const { left, right } = statement.expression;
  const [module] = ts.isCallExpression(right) && right.expression.getText() === '__importStar' ? right.arguments : [];
  if (module === undefined || !isRequire(module) || !ts.isPropertyAccessExpression(left)) return [];
  const get = `get: function () { return ${module.getText()}; }`;
  const text = `Object.defineProperty(exports, ("${left.name.text}"), { enumerable: true, ${get} });`;
  return [{ start: statement.getStart(), end: statement.end, text }];
}

function isRequire(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require';
}

function usesOf(source: ts.SourceFile, names: ReadonlySet<string>): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !ts.isVariableDeclaration(node.parent)) {
      // The compiler writes nothing else; what it may write one day should not pass in silence.
      if (!ts.isPropertyAccessExpression(node.parent) || node.parent.expression !== node)
        throw new Error(`'${node.text}' is used otherwise than by '${node.text}.name': ${node.parent.getText()}`);
      const call = `${node.text}()`;
      edits.push({ start: node.getStart(), end: node.end, text: isConstructed(node.parent) ? `(${call})` : call });
    }
    if (isGetterOfExport(node)) edits.push({ start: node.getStart(), end: node.end, text: `(${node.getText()})` });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits;
}

/** `new a_1().B()` would be a new `a_1`. */
function isConstructed(access: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(access.parent) && access.parent.expression === access)
    return isConstructed(access.parent);
  return ts.isNewExpression(access.parent) && access.parent.expression === access;
}

/**
 * The name in `Object.defineProperty(exports, 'Name', { get })`. Node finds names of exports for `import { Name }` in the text,
 * and passes over those whose getters are not as simple as the compiler wrote them, unless they are no such text at all.
 */
function isGetterOfExport(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node) || !ts.isCallExpression(node.parent)) return false;
  const [target, name, descriptor] = node.parent.arguments;
  return target?.getText() === 'exports' && name === node && /\bget\b/.test(descriptor?.getText() ?? '');
}
