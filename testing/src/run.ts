import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Exit status and output of a command. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a separate process. */
export type Run = (
  args: readonly string[],
  watch?: (line: string, child: ChildProcess) => void,
  cwd?: string,
) => Promise<Ended>;

/** Makes a runner of a command. @param cli the command's file */
export function runnerOf(cli: URL, env = process.env): Run {
  return (args, watch = () => undefined, cwd = process.cwd()) => {
    const child = spawn(process.execPath, [fileURLToPath(cli), ...args], { cwd, env });
    let [stdout, stderr, rest] = ['', '', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) watch(line, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    return new Promise((resolve) => {
      child.on('close', (status) => resolve({ status, stdout, stderr }));
    });
  };
}
