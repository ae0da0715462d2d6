import { errorCode, UserError } from './error.js';
import { printError } from './print-error.js';

/**
 * Runs a commander command line. Sets the exit status: 0, or 1 after an error, which is printed as one line on stderr
 * if the user can act on it.
 * @param parse parses and runs the command line; with `exitOverride()`, commander has already printed its own errors
 * @param debug tells, once the line is parsed, whether it asks for the stacks of errors (`--debug`)
 */
export async function runProgram(parse: () => Promise<unknown>, debug: () => boolean = () => false): Promise<void> {
  // A reader of stdout (`| head`) may stop reading; the work goes on.
  process.stdout.on('error', (thrown) => {
    if (errorCode(thrown) !== 'EPIPE') throw thrown;
  });
  try {
    await parse();
  } catch (thrown) {
    if (thrown instanceof UserError) {
      printError(thrown, debug());
      process.exitCode = 1;
    } else if (errorCode(thrown)?.startsWith('commander.')) {
      process.exitCode = (thrown as { exitCode: number }).exitCode === 0 ? 0 : 1;
    } else throw thrown;
  }
}
