import { tolerateOutputErrors, withPaths } from '@unweather/core-tensor/command-line';
import { CommanderError } from 'commander';
import { programOf } from './program.js';

/** Exit status of a command line that cannot be carried out. */
const USAGE = 2;

/** Runs the command line and sets the exit status; an error is one line on stderr. */
async function run(): Promise<void> {
  tolerateOutputErrors();
  let argv: string[] | undefined;
  const program = programOf();
  try {
    argv = withPaths(process.argv.slice(2));
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      process.exitCode = thrown.exitCode === 0 ? 0 : USAGE;
      return;
    }
    // Loaded only here: code that throws these errors has loaded the library already.
    const [{ printError, UserError }, { UsageError }] = await Promise.all([
      import('@unweather/core-tensor'),
      import('./usage-error.js'),
    ]);
    if (!(thrown instanceof UserError)) throw thrown;
    printError(thrown, program.opts<{ debug?: boolean }>().debug);
    process.exitCode = thrown instanceof UsageError || argv === undefined ? USAGE : 1;
  }
}

await run();
