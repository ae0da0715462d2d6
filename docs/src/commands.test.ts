import { expect, test } from 'vitest';
import { problemsOf } from './commands.js';
import { blocksOf, pages } from './pages.js';
import { commandsOf } from './shell.js';
import { projects } from './workspace.js';

test('every command of the documentation names projects, targets, options, values and paths that there are', async () => {
  const all = await projects();
  const blocks = (await pages()).flatMap(blocksOf).filter(({ language }) => language === 'sh');
  const commands = blocks.flatMap(commandsOf);
  console.log(`${commands.length} commands in ${blocks.length} blocks`);
  const problems: string[] = [];
  for (const command of commands) problems.push(...(await problemsOf(command, all)));
  expect(problems).toEqual([]);
  expect(commands.length).toBeGreaterThan(50);
});

test('what is wrong with a command is said', async () => {
  const all = await projects();
  const said = async (text: string) =>
    (
      await Promise.all(
        commandsOf({ file: 'page.md', line: 1, language: 'sh', text, given: '', run: false }).map((command) =>
          problemsOf(command, all),
        ),
      )
    ).flat();
  expect(await said('npx nx run durn:tarin # comment')).toEqual(['page.md:2: project durn has no target "tarin"']);
  expect(await said('npx nx run dunr:train')).toEqual(['page.md:2: there is no project "dunr"']);
  expect(await said('npx nx run durn:train -- --stepz 3')).toEqual(['page.md:2: durn train has no option --stepz']);
  expect(await said('durn train --task snow')).toEqual([
    'page.md:2: durn train --task is one of rain, raindrop, haze, blur, noise, real-noise, not snow',
  ]);
  expect(await said('durn tarin')).toEqual(['page.md:2: durn has no command "tarin"']);
  expect(await said('npm ci && durn train --task haze --recipe paper-phase-2')).toEqual([
    'page.md:2: durn train: there is no recipe "paper-phase-2"',
  ]);
  expect(await said('npx nx run durn:eval -- --protocol aecr --dataset nowhere')).toEqual([
    'page.md:2: durn eval: there is no protocol "aecr"',
    'page.md:2: durn eval: there is no dataset "nowhere"',
  ]);
  expect(await said('npx nx run datasets:prepare -- reside --split nights --root DIR')).toEqual([
    'page.md:2: datasets prepare: there is no split "nights"',
  ]);
  expect(await said('npm run tset\nrm -r x')).toEqual([
    'page.md:2: npm has no script "tset"',
    'page.md:3: "rm" is neither a command of ours nor one of cat, cp, ls, mkdir',
  ]);
  expect(await said('npm i --legacy-peer-deps @someone/weights@1.2.3')).toEqual([
    'page.md:2: no paper knows the package "@someone/weights"',
  ]);
  expect(await said('cat packages/durn/READYOU.md')).toEqual([
    'page.md:2: the repository has no packages/durn/READYOU.md',
  ]);
});
