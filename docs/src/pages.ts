import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import { existsInside, projects, ROOT } from './workspace.js';

/** A page of the documentation. */
export interface Page {
  /** Path below the repository's folder. */
  readonly file: string;
  readonly tokens: readonly Token[];
}

/** A fenced block of a page. */
export interface Block {
  readonly file: string;
  /** Line of the fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Reason why it cannot be run here: `<!-- not run: … -->` before it. */
  readonly notRun?: string;
  /** Code to put before it for the check: `<!-- given: … -->`. */
  readonly given: string;
  /** True if its commands are run, not only read: `<!-- run -->`. */
  readonly run: boolean;
}

const markdown = new MarkdownIt({ html: true });

/** Reads every page: those at the top, those in docs/, every workspace's README. */
export async function pages(): Promise<Page[]> {
  const within = async (folder: string) =>
    (await readdir(join(ROOT, folder))).filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
  const readmes = (await projects()).map(({ folder }) => `${folder}/README.md`);
  const there = await Promise.all(readmes.map(existsInside));
  const files = new Set([...(await within('')), ...(await within('docs')), ...readmes.filter((_, i) => there[i])]);
  return Promise.all([...files].sort().map(pageOf));
}

async function pageOf(file: string): Promise<Page> {
  return { file, tokens: markdown.parse(await readFile(join(ROOT, file), 'utf8'), {}) };
}

/** The fenced blocks of a page, each with the comments right before it. */
export function blocksOf({ file, tokens }: Page): Block[] {
  return tokens.flatMap((token, i) => {
    if (token.type !== 'fence') return [];
    const comments = commentsBefore(tokens, i);
    const after = (mark: string) =>
      comments.filter((text) => text.startsWith(mark)).map((text) => text.slice(mark.length).trim());
    const [notRun] = after('not run:');
    const given = after('given:').join('\n');
    return {
      file,
      line: (token.map?.[0] ?? 0) + 1,
      language: token.info.trim(),
      text: token.content,
      ...(notRun !== undefined && { notRun }),
      given,
      run: comments.includes('run'),
    };
  });
}

function commentsBefore(tokens: readonly Token[], at: number): string[] {
  const found: string[] = [];
  for (let i = at - 1; tokens[i]?.type === 'html_block'; i--)
    found.unshift(...[...tokens[i]!.content.matchAll(/<!--([\s\S]*?)-->/g)].map((match) => match[1]!.trim()));
  return found;
}

/** Texts of the code spans in tokens. */
export function codeSpans(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ children }) =>
    (children ?? []).filter(({ type }) => type === 'code_inline').map(({ content }) => content),
  );
}
