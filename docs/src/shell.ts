import { parse } from 'shell-quote';
import type { Block } from './pages.js';

/** One command of a shell block. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Position for the reader: "README.md:17". */
  readonly place: string;
}

/** The commands of a block, without comments and redirections. */
export function commandsOf({ file, line, text }: Block): ShellCommand[] {
  return text.split('\n').flatMap((row, i) => {
    const place = `${file}:${line + i + 1}`;
    const commands: string[][] = [[]];
    for (const part of parse(row, (name) => `$${name}`))
      if (typeof part === 'string') commands.at(-1)!.push(part);
      else if ('pattern' in part) commands.at(-1)!.push(part.pattern);
      else if ('op' in part) commands.push(part.op === '>' ? ['>'] : []);
    return commands.filter(([program]) => program !== undefined && program !== '>').map((words) => ({ words, place }));
  });
}
