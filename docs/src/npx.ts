import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ownCommand } from './commands.js';
import { projects, ROOT } from './workspace.js';

// Stands in for npx when the blocks of a page are run: runs nx's command directly, in the page's own folder.
const words = ['npx', ...process.argv.slice(2)];
const own = ownCommand({ words, place: 'npx' }, await projects());
if (own === undefined) throw new Error(`not a command of ours: ${words.join(' ')}`);
const [program = '', ...first] = own.command.split(' ');
const { status } = spawnSync(process.execPath, [join(ROOT, program), ...first, ...own.args], { stdio: 'inherit' });
process.exitCode = status ?? 1;
