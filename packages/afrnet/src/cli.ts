#!/usr/bin/env node
import { runCli } from '@unweather/commands';
import { afrnet } from './paper.js';

await runCli(afrnet);
