import { relative, sep } from 'node:path';
import ts from 'typescript';
import { type Entry, entriesOf } from './entries.js';
import { type Package, ROOT } from './workspace.js';

/**
 * Prints the public types of packages, as text by folder: every entry point with its exported names and their
 * declarations, without comments and private members; then the unexported declarations that these name.
 * @param root the repository, with its packages built
 * @throws Error if a package's declarations do not exist
 */
export function publicTypes(packages: readonly Package[], root = ROOT): Map<string, string> {
  const entries = packages.map((one) => entriesOf(one, root));
  const files = entries.flat().flatMap(({ types }) => types ?? []);
  const { NodeNext: module } = ts.ModuleKind;
  const program = ts.createProgram(files, { module, target: ts.ScriptTarget.ES2022, skipLibCheck: true, types: [] });
  return new Map(packages.map(({ folder }, i) => [folder, new Page(program, root, folder).text(entries[i]!)]));
}

/** Import of a type from a file of its own package; the file depends on the compiler's earlier work, so it is cut. */
const INNER_IMPORT = /import\("\.[^"]*"\)\./g;

/** Members of an inferred enum of zod, whose order depends on the compiler's earlier work, too. */
const ENUM = /ZodEnum<\{\n((?: +[^\n]+: "[^"\n]*";\n)+)( *)\}>/g;

function sortedLines(lines: string): string {
  return lines
    .split(/(?<=\n)/)
    .sort()
    .join('');
}

/** The page of one package. */
class Page {
  private readonly checker: ts.TypeChecker;
  private readonly printer = ts.createPrinter({ removeComments: true });
  /** Entry point in which each symbol appeared first. */
  private readonly first = new Map<ts.Symbol, string>();
  private readonly exported = new Set<ts.Symbol>();
  /** Symbols that printed declarations name. */
  private readonly named = new Set<ts.Symbol>();

  constructor(
    private readonly program: ts.Program,
    private readonly root: string,
    private readonly folder: string,
  ) {
    this.checker = program.getTypeChecker();
  }

  text(entries: readonly Entry[]): string {
    for (const entry of entries) for (const [, symbol] of this.exportsOf(entry)) this.exported.add(symbol);
    const parts = entries.flatMap((entry) => [
      `=== ${entry.name}: ${entry.file}`,
      ...this.exportsOf(entry).map(([name, symbol]) => this.line(name, symbol, entry)),
    ]);
    const inner: string[] = [];
    // Printing a declaration may name more symbols: the set grows during the loop.
    for (const symbol of this.named)
      if (!this.exported.has(symbol) && this.ownerOf(symbol) === this.folder) inner.push(this.declared(symbol));
    if (inner.length > 0) parts.push('=== named above, not exported', ...inner.sort());
    return `${parts.join('\n')}\n`;
  }

  private exportsOf({ types }: Entry): [string, ts.Symbol][] {
    if (types === undefined) return [];
    const file = this.program.getSourceFile(types);
    const module = file && this.checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${types}: no module; build the packages first (npm run build)`);
    const found = this.checker.getExportsOfModule(module);
    return found
      .map((symbol): [string, ts.Symbol] => [symbol.name, this.resolved(symbol)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private line(name: string, symbol: ts.Symbol, entry: Entry): string {
    const before = this.first.get(symbol);
    if (before !== undefined) return `${name}: as in ${before}`;
    const owner = this.ownerOf(symbol);
    if (owner !== this.folder) return `${name}: of ${owner}`;
    this.first.set(symbol, entry.name);
    return name === symbol.name ? this.declared(symbol) : `${name}: ${this.declared(symbol)}`;
  }

  /** Folder of the package, or the package of node_modules, that declares a symbol. */
  private ownerOf(symbol: ts.Symbol): string {
    const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
    const [, foreign] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return foreign ?? relative(this.root, file).split(sep)[1] ?? file;
  }

  private declared(symbol: ts.Symbol): string {
    const texts = (symbol.declarations ?? []).map((declaration) => {
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      this.collect(node);
      const { transformed } = ts.transform(node, [withoutPrivate, withSortedUnions]);
      const text = this.printer.printNode(ts.EmitHint.Unspecified, transformed[0]!, node.getSourceFile());
      return text
        .replace(/^export /, '')
        .replace(/^(default )?declare /, '')
        .replace(INNER_IMPORT, '')
        .replace(ENUM, (_, members: string, indent: string) => `ZodEnum<{\n${sortedLines(members)}${indent}}>`);
    });
    return texts.join('\n');
  }

  /** Notes the declarations of this program's modules that a node names. */
  private collect(node: ts.Node): void {
    if (isPrivate(node)) return;
    if (ts.isIdentifier(node)) {
      const symbol = this.checker.getSymbolAtLocation(node);
      const found = symbol && this.resolved(symbol);
      const [declaration] = found?.declarations ?? [];
      const statement = declaration && ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      if (found && statement?.parent && ts.isSourceFile(statement.parent)) this.named.add(found);
    }
    ts.forEachChild(node, (child) => this.collect(child));
  }
}

/** True if a node is a member that users of the class cannot reach; false for constructors, which concern users. */
function isPrivate(node: ts.Node): boolean {
  if (!ts.isClassElement(node) || ts.isConstructorDeclaration(node)) return false;
  const hidden = node.name !== undefined && ts.isPrivateIdentifier(node.name);
  return hidden || (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

function withoutPrivate(context: ts.TransformationContext): (node: ts.Node) => ts.Node {
  const visit = (node: ts.Node): ts.Node | undefined =>
    isPrivate(node) ? undefined : ts.visitEachChild(node, visit, context);
  return (node) => visit(node)!;
}

/** Sorts unions, because the compiler's order of an inferred union depends on its earlier work. */
function withSortedUnions(context: ts.TransformationContext): (node: ts.Node) => ts.Node {
  const printer = ts.createPrinter({ removeComments: true });
  const visit = (node: ts.Node): ts.Node => {
    const file = node.getSourceFile();
    const text = (type: ts.TypeNode) =>
      printer.printNode(ts.EmitHint.Unspecified, type, file).replace(INNER_IMPORT, '');
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isUnionTypeNode(visited) || !ts.isUnionTypeNode(node)) return visited;
    const types = visited.types.map((type, i) => [text(node.types[i]!), type] as const);
    types.sort(([a], [b]) => (a < b ? -1 : 1));
    return context.factory.updateUnionTypeNode(visited, context.factory.createNodeArray(types.map(([, type]) => type)));
  };
  return visit;
}
