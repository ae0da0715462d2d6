#!/usr/bin/env node
// A file of the repository, since npm links no command whose file is not there when it installs; dist is built later.
import('../dist/cli.js').catch((thrown) => {
  // Node opens the files of many modules at once; nothing of ours is loaded then that could tell it.
  if (thrown?.code !== 'EMFILE' && thrown?.code !== 'ENFILE') throw thrown;
  process.stderr.write('error: too many open files; allow more, for instance with "ulimit -n 1024"\n');
  process.exitCode = 1;
});
