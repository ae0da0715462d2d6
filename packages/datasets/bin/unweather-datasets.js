#!/usr/bin/env node
// A file of the repository, since npm links no command whose file is not there when it installs; dist is built later.
import { startCommand } from '@unweather/core-tensor/start';

await startCommand(() => import('../dist/cli.js'));
