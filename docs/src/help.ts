import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projects } from './workspace.js';

const execute = promisify(execFile);

/** Option in a command's help. */
export interface Flag {
  /** Allowed values, if they are restricted. */
  readonly choices?: readonly string[];
}

/** Options of a command by their names, "--out" and "-o". */
export type Flags = ReadonlyMap<string, Flag>;

let known: Promise<ReadonlyMap<string, Flags>> | undefined;

/**
 * Reads the options of every command line in the repository from its output for --help.
 * @returns options by program and subcommand, "packages/durn/dist/cli.js train"
 */
export function allFlags(): Promise<ReadonlyMap<string, Flags>> {
  known ??= read();
  return known;
}

/** Command that nx runs for a target, without the word node. */
export function commandOf(line: string): string {
  return line.replace(/^node /, '');
}

async function read(): Promise<ReadonlyMap<string, Flags>> {
  const lines = (await projects()).flatMap(({ targets }) => [...targets.values()]);
  const commands = lines.filter((line) => line !== undefined && /dist\/cli\.js \w/.test(line));
  const script = fileURLToPath(new URL('./print-help.js', import.meta.url));
  const { stdout } = await execute(process.execPath, [script, ...commands.map((line) => commandOf(line!))]);
  return new Map(
    Object.entries(JSON.parse(stdout) as Record<string, string>).map(([command, text]) => [command, flagsIn(text)]),
  );
}

function flagsIn(help: string): Flags {
  const flags = new Map<string, Flag>();
  // A command's own options come first, then those of its program. An option begins a line; continuation lines of its description are indented further.
  const listed = help
    .split(/(?:Global )?Options:\n/)
    .slice(1)
    .join('\n  ');
  for (const entry of listed.split(/\n? {2}(?=-)/)) {
    const text = entry.replace(/\s+/g, ' ').trim();
    const [names] = /^(-\w, )?--[\w-]+/.exec(text) ?? [];
    const choices = /choices: ("[^)]*?")(?:, default|\))/.exec(text)?.[1];
    const flag = choices === undefined ? {} : { choices: choices.split(', ').map((name) => name.slice(1, -1)) };
    for (const name of names?.split(', ') ?? []) flags.set(name, flag);
  }
  return flags;
}
