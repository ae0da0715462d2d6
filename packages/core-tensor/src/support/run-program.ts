import { errorCode, messageOf, UserError } from './error.js';

/**
 * Runs a commander command line. Sets the exit status: 0, or 1 after an error, which is printed as one line on stderr
 * if the user can act on it.
 * @param parse parses and runs the command line; with `exitOverride()`, commander has already printed its own errors
 */
export async function runProgram(parse: () => Promise<unknown>): Promise<void> {
  // A reader of stdout (`| head`) may stop reading; the work goes on.
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
