import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './workspace.js';

// Prints, as JSON, the --help output of each command in the arguments. One process serves all: shared modules are
// loaded once, and every import with a new query runs a command line again.
const commands = process.argv.slice(2);
/** Thrown where a command line would end the process. */
const ENDED = new Error('ended');
process.exit = () => {
  throw ENDED;
};
const texts: Record<string, string> = {};
const write = process.stdout.write;
process.stdout.setMaxListeners(0);
for (const [i, command] of commands.entries()) {
  const [file = '', ...words] = command.split(' ');
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  process.argv = [process.execPath, file, ...words, '--help'];
  await import(`${pathToFileURL(join(ROOT, file)).href}?${i}`).catch((thrown: unknown) => {
    if (thrown !== ENDED) throw thrown;
  });
  texts[command] = text;
}
process.stdout.write = write;
process.stdout.write(JSON.stringify(texts));
