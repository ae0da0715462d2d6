#!/usr/bin/env node
import { runCli } from '@unweather/commands';
import { manas } from './paper.js';
import { addSearch } from './search/command.js';

await runCli(manas, { own: { more: addSearch } });
