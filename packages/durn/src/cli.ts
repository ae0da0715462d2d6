#!/usr/bin/env node
import { runCli } from '@unweather/commands';
import { durn } from './paper.js';

await runCli(durn);
