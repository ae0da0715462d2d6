import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@unweather/core-tensor';
import { Command } from 'commander';
import { buildApp } from './build-app.js';
import { carriedFolders } from './find-weights.js';

// nx run demo:build

const APP = fileURLToPath(new URL('./app/', import.meta.url));
const RUNS = fileURLToPath(new URL('../../../runs', import.meta.url));

const named = (folder: string) => ({ folder, name: basename(folder) });
const usual = () => [...carriedFolders(), ...(existsSync(RUNS) ? [named(RUNS)] : [])];

const command = new Command('build')
  .option('--weights <folders...>', 'folders of checkpoints (default: what the packages carry, and runs/)')
  .option('--out <folder>', 'output folder of the app, emptied first', APP)
  .action(async ({ weights, out }: { weights?: string[]; out: string }) => {
    const { offered, left } = await buildApp(out, weights ? weights.map(named) : usual());
    for (const line of left) console.log(`left out ${line}`);
    for (const { file, trainedOn } of offered) console.log(`${file}: trained on ${trainedOn}`);
    if (offered.length === 0) console.log('no weights: the page asks for a .safetensors file');
    console.log(`wrote ${out}`);
  });

try {
  await command.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof UserError)) throw thrown;
  console.error(`error: ${thrown.message}`);
  process.exitCode = 1;
}
