import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './files.js';

const HOOK = `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(process.env.MODULES, url + '\\n');
  return next(url, context);
}`;

/** Addresses of the modules that a separate process loads when it imports a package. */
export async function modulesOf(name: string, cwd: string): Promise<string[]> {
  const folder = await temporaryFolder();
  const [hook, list] = [join(folder, 'hook.mjs'), join(folder, 'modules.txt')];
  await writeFile(hook, HOOK);
  await writeFile(list, '');
  const code = `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)}); await import(${JSON.stringify(name)});`;
  const options = { cwd, env: { ...process.env, MODULES: list } };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], options);
  return (await readFile(list, 'utf8')).trim().split('\n');
}
