import { isBuiltin } from 'node:module';
import ts from 'typescript';

/** Packages that a TypeScript or JavaScript text imports, including types, without Node's own modules. */
export function importedPackages(text: string): Set<string> {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) names.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest));
  return new Set(names.filter((name) => !/^[./]/.test(name) && !isBuiltin(name)).map(packageOf));
}

/**
 * Module specifier of an import: a declaration, `import()` in code or in types, `import.meta.resolve()`,
 * `createRequire().resolve()`.
 */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const resolves =
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'resolve' &&
    (ts.isMetaProperty(expression.expression) || isCreateRequire(expression.expression));
  return resolves || expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

function isCreateRequire(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'createRequire';
}

/** Package of a module: "@a/b" of "@a/b/c", "a" of "a/b". */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
