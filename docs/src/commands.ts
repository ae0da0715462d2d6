import { allFlags, commandOf } from './help.js';
import { FOREIGN_PACKAGES } from './papers.js';
import type { ShellCommand } from './shell.js';
import { type Option, valueProblems } from './values.js';
import { existsInside, type Project, rootScripts } from './workspace.js';

/** Programs that the documentation may call beside our own commands. */
const USUAL = ['cat', 'cp', 'ls', 'mkdir'];
/** Folders and files of the repository: paths that begin with them must exist. */
const OURS = /^(packages|docs|examples|benchmarks|\.ci|datasets\.json|nx\.json)(\/|$)/;

/** One of our commands: program, subcommand and arguments. */
export interface OwnCommand {
  /** "packages/durn/dist/cli.js train" */
  readonly command: string;
  readonly project: Project;
  readonly target: string;
  readonly args: readonly string[];
}

/** Finds our command that a shell command runs, by nx or by its npm name; undefined for other commands. */
export function ownCommand({ words }: ShellCommand, all: readonly Project[]): OwnCommand | undefined {
  const [program, ...rest] = words[0] === 'npx' ? words.slice(1) : words;
  if (program === 'nx' && rest[0] === 'run') {
    const [name, target = ''] = rest[1]?.split(':') ?? [];
    const project = all.find((one) => one.name === name);
    const line = project?.targets.get(target);
    if (project === undefined || line === undefined) return undefined;
    return { command: commandOf(line), project, target, args: afterDashes(rest.slice(2)) };
  }
  const project = all.find(({ programs }) => programs.has(program ?? ''));
  const [target = '', ...args] = rest;
  return project && { command: `${project.programs.get(program!)} ${target}`, project, target, args };
}

function afterDashes(words: readonly string[]): readonly string[] {
  const at = words.indexOf('--');
  return at < 0 ? [] : words.slice(at + 1);
}

/** Problems of a command in the documentation: an unknown project, target, script, option, value or path. */
export async function problemsOf(command: ShellCommand, all: readonly Project[]): Promise<string[]> {
  const { words, place } = command;
  const found = [...(await callProblems(command, all)), ...(await missingPaths(words))];
  return found.map((problem) => `${place}: ${problem}`);
}

async function callProblems(command: ShellCommand, all: readonly Project[]): Promise<string[]> {
  const own = ownCommand(command, all);
  if (own !== undefined) return argumentProblems(own);
  const [program = '', ...rest] = command.words[0] === 'npx' ? command.words.slice(1) : command.words;
  if (program === 'nx') return nxProblems(rest, all);
  if (program === 'npm' && ['i', 'install'].includes(rest[0] ?? '') && rest.length > 1)
    return installProblems(rest.slice(1));
  if (program === 'npm') {
    const scripts = await rootScripts();
    const [verb = '', script = ''] = rest;
    const name = verb === 'run' ? script : verb;
    return ['ci', 'install', 'sbom', ...scripts].includes(name) ? [] : [`npm has no script "${name}"`];
  }
  // A script from the page itself, which is run, and so checked, with the page's other blocks.
  if (program === 'node' && /\.mjs$/.test(rest[0] ?? '')) return [];
  if (USUAL.includes(program) || OURS.test(program)) return [];
  return [`"${program}" is neither a command of ours nor one of ${USUAL.join(', ')}`];
}

/** Users install only what a paper knows: packages of other publishers with weights. */
function installProblems(args: readonly string[]): string[] {
  const packages = args.filter((word) => !word.startsWith('-')).map((word) => word.replace(/(?<=.)@[^@/]*$/, ''));
  return packages
    .filter((name) => !FOREIGN_PACKAGES.includes(name))
    .map((name) => `no paper knows the package "${name}"`);
}

function nxProblems([verb, ...rest]: readonly string[], all: readonly Project[]): string[] {
  // A command of nx itself, without a project; publishing's tests run it.
  if (verb === 'release') return [];
  if (verb === 'run-many') {
    const target = rest[rest.indexOf('-t') + 1]!;
    return all.some(({ targets }) => targets.has(target)) ? [] : [`no project has the target "${target}"`];
  }
  const [name, target = ''] = rest[0]?.split(':') ?? [];
  const project = all.find((one) => one.name === name);
  if (verb !== 'run' || project === undefined) return [`there is no project "${name}"`];
  if (!project.targets.has(target)) return [`project ${name} has no target "${target}"`];
  return [];
}

async function argumentProblems({ command, project, target, args }: OwnCommand): Promise<string[]> {
  // Benchmarks and typedoc do not print help in our format.
  if (!/dist\/cli\.js /.test(command)) return [];
  const flags = (await allFlags()).get(command);
  if (flags === undefined) return [`${project.name} has no command "${target}"`];
  const problems: string[] = [];
  const options: Option[] = [];
  for (const [i, word] of args.entries()) {
    if (!/^--?[a-z]/.test(word)) continue;
    const [name = '', inline] = word.split('=');
    const flag = flags.get(name);
    const value = inline ?? args[i + 1];
    if (flag === undefined) problems.push(`${project.name} ${target} has no option ${name}`);
    else if (flag.choices && !flag.choices.includes(value ?? ''))
      problems.push(`${project.name} ${target} ${name} is one of ${flag.choices.join(', ')}, not ${value}`);
    else if (value !== undefined) options.push({ name, value });
  }
  const operands = args.filter((word, i) => !word.startsWith('-') && !args[i - 1]?.startsWith('-'));
  return [...problems, ...(await valueProblems(project.name, target, operands, options))];
}

async function missingPaths(words: readonly string[]): Promise<string[]> {
  const paths = words.filter((word) => OURS.test(word) && !word.startsWith('benchmarks:'));
  const there = await Promise.all(paths.map(existsInside));
  return paths.filter((_, i) => !there[i]).map((path) => `the repository has no ${path}`);
}
