import { errorCode } from './error.js';
import { fileReason } from './files.js';

/** Streams whose errors need not be told: they have been, or who writes tells them. */
const told = new Set<NodeJS.WriteStream>();

/** Leaves the errors of a stream to who writes to it. */
export function tellOwnErrors(stream: NodeJS.WriteStream): void {
  told.add(stream);
}

/**
 * Lets a command go on whatever happens to its output. A reader that stops early (`| head`, also of `2>&1`) is no
 * error. Output that cannot be written for another reason, such as a full disk, is told in one line, and the exit
 * status is 1.
 */
export function tolerateOutputErrors(): void {
  for (const [stream, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const)
    stream.on('error', (thrown) => {
      if (errorCode(thrown) === 'EPIPE') return;
      process.exitCode = 1;
      if (told.has(stream)) return;
      told.add(stream);
      const text = `error: ${name}: cannot be written (${fileReason(thrown)}); send it to another place\n`;
      if (stream !== process.stderr) process.stderr.write(text);
    });
}
