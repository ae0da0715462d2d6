import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Block } from './pages.js';
import { ROOT } from './workspace.js';

/** Where blocks become files: inside of the workspace, so that they find the packages. */
const FOLDER = fileURLToPath(new URL('./blocks/', import.meta.url));

/** A block as a module that a compiler and Node read. */
export interface Snippet {
  readonly block: Block;
  /** The block with what is given to it; .ts or .mjs. */
  readonly file: string;
  /** The name under which its page hands it out (`// make-meta.mjs` in its first line). */
  readonly name?: string;
}

/** Whether a block is TypeScript or JavaScript. */
export function isCode({ language }: Block): boolean {
  return language === 'ts' || language === 'js';
}

/** The folder in which the blocks of a page are run, empty at first. */
export function folderOf(page: string): string {
  return join(FOLDER, page.replace(/\.md$/, '').replaceAll('/', '-'));
}

/** Writes the code blocks of pages as modules, in place of those of the last time. */
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

/** What the compiler says about snippets, at the lines of their pages. */
export function typeProblems(snippets: readonly Snippet[]): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...(ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile).config as { compilerOptions: object })
        .compilerOptions,
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      // A block that shows what there is to import uses none of it.
      noUnusedLocals: false,
      noUnusedParameters: false,
      allowJs: true,
      checkJs: true,
      // Blocks without an import are modules, too: theirs may await.
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

/** A snippet as JavaScript beside it. @returns the file to run */
export async function compiled({ file, block }: Snippet): Promise<string> {
  if (block.language === 'js') return file;
  const { outputText } = ts.transpileModule(ts.sys.readFile(file)!, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  const script = file.replace(/\.ts$/, '.mjs');
  await writeFile(script, outputText);
  return script;
}
