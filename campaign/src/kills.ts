import type { Random } from '@unweather/core-tensor';
import { type Command, killed, started } from './killed.js';

/** A command to kill, which can be run again and again until it is done. */
export interface Scenario {
  readonly name: string;
  /** Commands of a run in a fresh folder; several run at once. */
  commands(folder: string): Promise<readonly Command[]>;
  /** Folder in which files are written, whose writing is interrupted in half of the kills. */
  writesIn(folder: string): string;
  /** Checks what a kill has left. @param outputs of the commands that were killed @returns what is wrong */
  left(folder: string, outputs: readonly string[]): Promise<readonly string[]>;
  /** Results of a finished run, in a form that is equal for equal results. */
  result(folder: string): Promise<string>;
}

/** Counts over the kills of a scenario. */
export interface KillCounts {
  kills: number;
  /** Kills that left a file that was being written. */
  duringWrites: number;
  runs: number;
  /** Finished runs whose result is that of a run that nobody killed. */
  equal: number;
  readonly problems: string[];
}

/** Times that one run is killed before it may end. */
const KILLS_PER_RUN = 8;

/**
 * Kills the commands of a scenario at random until there were enough kills, and compares every finished run with one
 * that nobody killed.
 * @param fresh makes an empty folder
 */
export async function killMany(
  scenario: Scenario,
  { kills, random, fresh }: { kills: number; random: Random; fresh: () => Promise<string> },
): Promise<KillCounts> {
  const counts: KillCounts = { kills: 0, duringWrites: 0, runs: 0, equal: 0, problems: [] };
  const whole = await fresh();
  const within = await finish(scenario, whole, counts);
  const expected = await scenario.result(whole);
  while (counts.kills < kills && counts.problems.length < 10) {
    const folder = await fresh();
    for (let i = 0; i < KILLS_PER_RUN && counts.kills < kills; i++) {
      const atWrite = counts.kills % 2 === 1;
      const writesIn = atWrite ? scenario.writesIn(folder) : undefined;
      const commands = await scenario.commands(folder);
      const ended = await Promise.all(commands.map((command) => killed(command, { random, within, writesIn })));
      const died = ended.filter(({ status }) => status === null);
      if (died.length === 0) break;
      const outputs = ended.map(({ output }) => output);
      counts.kills += died.length;
      if (atWrite) counts.duringWrites += died.length;
      for (const problem of await scenario.left(folder, outputs)) counts.problems.push(`${folder}: ${problem}`);
    }
    await finish(scenario, folder, counts);
    counts.runs++;
    const result = await scenario.result(folder);
    if (result === expected) counts.equal++;
    else counts.problems.push(`${folder}: another result than without kills`);
  }
  return counts;
}

/** Runs the commands to their end. @returns milliseconds of the slowest */
async function finish(scenario: Scenario, folder: string, counts: KillCounts): Promise<number> {
  const commands = await scenario.commands(folder);
  const all = await Promise.all(commands.map((command) => started(command).ended));
  for (const { status, output } of all)
    if (status !== 0) counts.problems.push(`${folder}: ended with ${status}: ${output.slice(-500)}`);
  return Math.max(...all.map(({ took }) => took));
}
