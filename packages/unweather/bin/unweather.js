#!/usr/bin/env node
// A file of the repository, since npm links no command whose file is not there when it installs; dist is built later.
import '../dist/cli.js';
