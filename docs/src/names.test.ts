import * as core from '@unweather/core-tensor';
import * as protocols from '@unweather/eval';
import { expect, test } from 'vitest';
import { allFlags, commandOf } from './help.js';
import { codeSpans, pages } from './pages.js';
import { lossesOf, PAPERS, protocolsOf, recipesOf } from './papers.js';
import { type Project, projects } from './workspace.js';

/** Commands of a paper: those of its project that have a command line. */
function commandsOf({ targets }: Project): [name: string, command: string][] {
  return [...targets].flatMap(([name, command]) => (command ? [[name, commandOf(command)]] : []));
}

test('every name in code on the page about official code is one of the paper’s that its section is about', async () => {
  const page = (await pages()).find(({ file }) => file === 'docs/official-code.md')!;
  const all = await projects();
  const helps = await allFlags();
  const unknown: string[] = [];
  let count = 0;
  for (const [title, { label, study: paper, exported }] of Object.entries(PAPERS)) {
    const at = page.tokens.findIndex(({ type, content }) => type === 'inline' && [label, title].includes(content));
    expect(at, title).toBeGreaterThan(0);
    const rest = page.tokens.slice(at + 1);
    const end = rest.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h2');
    const commands = commandsOf(all.find(({ name }) => name === paper.name)!);
    const flags = commands.map(([, command]) => helps.get(command)!);
    const names = new Set([
      ...recipesOf(paper),
      ...lossesOf(paper),
      ...protocolsOf(paper),
      ...Object.keys({ ...exported, ...core, ...protocols }),
      ...commands.map(([name]) => name),
      // Common prefix of a paper's protocols.
      `${paper.name}-`,
    ]);
    for (const name of codeSpans(rest.slice(0, end < 0 ? undefined : end))) {
      count++;
      const [flag = '', value] = name.split(' ');
      const found = flags.map((one) => one.get(flag)).filter((one) => one !== undefined);
      const takes = ({ choices }: { choices?: readonly string[] }) =>
        value === undefined || !choices?.length || choices.includes(value);
      if (flag.startsWith('--') ? !found.some(takes) : !names.has(name)) unknown.push(`${title}: ${name}`);
    }
  }
  expect(unknown).toEqual([]);
  expect(count).toBeGreaterThan(80);
});

test('every option named in the text of a page belongs to a command', async () => {
  const known = new Set([...(await allFlags()).values()].flatMap((flags) => [...flags.keys()]));
  const unknown = (await pages())
    // CONTRIBUTING.md mentions a misspelt option.
    .filter(({ file }) => file !== 'CONTRIBUTING.md')
    .flatMap(({ file, tokens }) => codeSpans(tokens).map((span) => [file, /^--[\w-]+/.exec(span)?.[0]] as const))
    .filter(([, flag]) => flag !== undefined && !known.has(flag))
    .map(([file, flag]) => `${file}: ${flag}`);
  expect(unknown).toEqual([]);
});
