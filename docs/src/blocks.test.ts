import { expect, test } from 'vitest';
import { type Block, blocksOf, pages } from './pages.js';
import { notPrinted, runCommands, runSnippet } from './run.js';
import { isCode, type Snippet, typeProblems, writeSnippets } from './snippets.js';

const blocks = (await pages()).map(blocksOf);
const snippets = await writeSnippets(blocks.flat());

test('every code block holds against the types of the packages', () => {
  expect(typeProblems(snippets)).toEqual([]);
  expect(snippets.length).toBeGreaterThan(10);
});

test('a code block that does not hold is named by its page and line', async () => {
  const text = "import { readMeta } from '@unweather/datasets';\n\nawait readMeta(3);\n";
  const block: Block = { file: 'wrong/page.md', line: 7, language: 'ts', text, given: 'const a = 1;', run: false };
  const [snippet] = await writeSnippets([block]);
  expect(typeProblems([snippet!])).toEqual([
    "wrong/page.md:10: Argument of type 'number' is not assignable to parameter of type 'string'.",
  ]);
  await expect(runSnippet(snippet!)).rejects.toThrow();
  // Restores the other blocks, which the next test needs.
  await writeSnippets(blocks.flat());
});

test('every block that needs nothing but the repository runs, page by page', { tags: 'whole' }, async () => {
  const ran: string[] = [];
  const left: string[] = [];
  for (const page of blocks)
    for (const [i, block] of page.entries()) {
      const place = `${block.file}:${block.line}`;
      if (block.notRun !== undefined) left.push(`${place}: ${block.notRun}`);
      else if (isCode(block)) await runCode(snippets.find((snippet) => snippet.block === block)!);
      else if (block.run) await runShell(block, page[i + 1]);
      else continue;
      if (block.notRun === undefined) ran.push(place);
    }
  console.log([`${ran.length} blocks were run, ${left.length} not:`, ...left].join('\n'));
  expect(ran.length).toBeGreaterThan(0);

  async function runCode(snippet: Snippet) {
    // The page's own commands run the scripts that it gives a name.
    if (snippet.name === undefined) await runSnippet(snippet);
  }
  async function runShell(block: Block, next: Block | undefined) {
    const printed = await runCommands(block);
    if (next?.language === 'text') expect(notPrinted(next.text, printed), printed).toEqual([]);
  }
});
