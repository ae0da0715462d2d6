import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './workspace.js';

const execute = promisify(execFile);

/** An option as a command's help describes it. */
export interface Flag {
  /** The values it takes, where it takes no others. */
  readonly choices?: readonly string[];
  readonly description: string;
}

const known = new Map<string, Promise<ReadonlyMap<string, Flag>>>();

/**
 * The options of a command by their names, "--out" and "-o", from what it prints for --help.
 * @param command program and subcommand, "packages/durn/dist/cli.js train", below the repository's folder
 */
export function flagsOf(command: string): Promise<ReadonlyMap<string, Flag>> {
  const flags = known.get(command) ?? read(command);
  known.set(command, flags);
  return flags;
}

async function read(command: string): Promise<ReadonlyMap<string, Flag>> {
  const { stdout } = await execute(process.execPath, [...command.split(' '), '--help'], { cwd: ROOT });
  const flags = new Map<string, Flag>();
  // An option begins a line; what continues its description is indented further.
  for (const entry of (stdout.split('Options:\n')[1] ?? '').split(/\n {2}(?=-)/)) {
    const text = entry.replace(/\s+/g, ' ').trim();
    const [names] = /^(-\w, )?--[\w-]+/.exec(text) ?? [];
    const choices = /choices: ("[^)]*?")(?:, default|\))/.exec(text)?.[1];
    const flag = {
      description: text,
      ...(choices && { choices: choices.split(', ').map((name) => name.slice(1, -1)) }),
    };
    for (const name of names?.split(', ') ?? []) flags.set(name, flag);
  }
  return flags;
}
