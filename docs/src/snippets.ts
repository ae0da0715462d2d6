import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Block } from './pages.js';
import { ROOT } from './workspace.js';

/** Folder for blocks as files, inside the workspace so that they find the packages. */
const FOLDER = fileURLToPath(new URL('./blocks/', import.meta.url));

/** Block as a module for the compiler and Node. */
export interface Snippet {
  readonly block: Block;
  /** File with the block and the code given before it; .ts or .mjs. */
  readonly file: string;
  /** Name that its page gives it (`// make-meta.mjs` in its first line). */
  readonly name?: string;
}

/** True if a block is TypeScript or JavaScript. */
export function isCode({ language }: Block): boolean {
  return language === 'ts' || language === 'js';
}

/** Folder in which the blocks of a page are run, empty at first. */
export function folderOf(page: string): string {
  return join(FOLDER, page.replace(/\.md$/, '').replaceAll('/', '-'));
}

/** Writes the code blocks of pages as modules, in place of those from the last run. */
export async function writeSnippets(blocks: readonly Block[]): Promise<Snippet[]> {
  await rm(FOLDER, { recursive: true, force: true });
  return Promise.all(
    blocks.filter(isCode).map(async (block) => {
      const [, name] = /^\/\/ ([\w-]+\.mjs)\n/.exec(block.text) ?? [];
      const ending = block.language === 'ts' ? 'ts' : 'mjs';
      const file = join(folderOf(block.file), name ?? `line-${block.line}.${ending}`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${block.given === '' ? '' : `${block.given}\n`}${block.text}`);
      return { block, file, ...(name !== undefined && { name }) };
    }),
  );
}

/** Compiler errors in snippets, at the lines of their pages. */
export function typeProblems(snippets: readonly Snippet[]): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...(ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile).config as { compilerOptions: object })
        .compilerOptions,
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      // Some blocks only show imports and use none of them.
      noUnusedLocals: false,
      noUnusedParameters: false,
      allowJs: true,
      checkJs: true,
      // Blocks without an import are modules, too, and may use await.
      moduleDetection: 'force',
    },
    ROOT,
  );
  const program = ts.createProgram(
    snippets.map(({ file }) => file),
    options,
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    const snippet = snippets.find((one) => one.file === file?.fileName);
    if (file === undefined || snippet === undefined) return `${relative(ROOT, file?.fileName ?? '')}: ${text}`;
    const { block } = snippet;
    const given = block.given === '' ? 0 : block.given.split('\n').length;
    const row = file.getLineAndCharacterOfPosition(start ?? 0).line;
    return `${block.file}:${block.line + 1 + row - given}: ${text}`;
  });
}

/** Compiles a snippet to JavaScript beside it. @returns the file to run */
export async function compiled({ file, block }: Snippet): Promise<string> {
  if (block.language === 'js') return file;
  const { outputText } = ts.transpileModule(ts.sys.readFile(file)!, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  const script = file.replace(/\.ts$/, '.mjs');
  await writeFile(script, outputText);
  return script;
}
