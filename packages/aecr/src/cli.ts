#!/usr/bin/env node
import { runCli } from '@unweather/commands';
import { aecr } from './paper.js';

await runCli(aecr);
