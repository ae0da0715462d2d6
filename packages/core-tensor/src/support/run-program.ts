import { errorCode, UserError } from './error.js';
import { tolerateOutputErrors } from './output-errors.js';
import { withPaths } from './path.js';
import { printError } from './print-error.js';

/** A command line of commander's; this package does not depend on commander. */
interface Program {
  parseAsync(argv: readonly string[], options: { from: 'user' }): Promise<unknown>;
  /** Options that were parsed; with `--debug`, `debug` asks for the stacks of errors. */
  opts(): { readonly debug?: boolean };
}

/**
 * Runs a commander command line. Sets the exit status: 0, or 1 after an error, which is printed as one line on stderr
 * if the user can act on it. `file:` URLs among the arguments become paths.
 * @param program with `exitOverride()`: commander has already printed its own errors
 */
export async function runProgram(program: Program, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  tolerateOutputErrors();
  try {
    await program.parseAsync(withPaths(argv), { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof UserError) {
      printError(thrown, program.opts().debug);
      process.exitCode = 1;
    } else if (errorCode(thrown)?.startsWith('commander.')) {
      process.exitCode = (thrown as { exitCode: number }).exitCode === 0 ? 0 : 1;
    } else throw thrown;
  }
}
