import { errorCode, messageOf, UserError } from './error.js';

/**
 * Runs a command line of commander's. Sets the exit status: 0, or 1 after an error, which is one line on stderr where the
 * user can act on it.
 * @param parse what parses and runs it; of `exitOverride()`, commander's own errors are written already
 */
export async function runProgram(parse: () => Promise<unknown>): Promise<void> {
  // Whoever reads along (`| head`) may stop reading; the work goes on.
  process.stdout.on('error', (thrown) => {
    if (errorCode(thrown) !== 'EPIPE') throw thrown;
  });
  try {
    await parse();
  } catch (thrown) {
    if (thrown instanceof UserError) {
      process.stderr.write(`error: ${messageOf(thrown)}\n`);
      process.exitCode = 1;
    } else if (errorCode(thrown)?.startsWith('commander.')) {
      process.exitCode = (thrown as { exitCode: number }).exitCode === 0 ? 0 : 1;
    } else throw thrown;
  }
}
