import { elements } from './elements.js';
import type { Manifest, OfferedPaper, OfferedWeights } from './manifest.js';
import type { Job } from './messages.js';

/** What the list of weathers stands for. */
interface Choice {
  readonly paper: string;
  readonly task: string;
  /** Absent where the user brings the weights. */
  readonly offered?: OfferedWeights;
}

const choices: Choice[] = [];

/** Fills the list: first what the app has weights for, then every network for weights of the user's. */
export function listChoices({ papers, weights }: Manifest): void {
  const ready = weights.flatMap((offered) => offered.tasks.map((task) => ({ paper: offered.paper, task, offered })));
  const own = papers.flatMap(({ name: paper, tasks }) => Object.keys(tasks).map((task) => ({ paper, task })));
  const named = new Map(papers.map((paper) => [paper.name, paper]));
  addGroup('Ready to use', ready, named);
  addGroup('With weights of yours', own, named);
}

function addGroup(label: string, members: readonly Choice[], papers: ReadonlyMap<string, OfferedPaper>): void {
  if (members.length === 0) return;
  const group = Object.assign(document.createElement('optgroup'), { label });
  for (const choice of members) {
    const { paper, task, offered } = choice;
    const { label: title, tasks } = papers.get(paper)!;
    const text = `${tasks[task]} · ${offered ? offered.network : title}`;
    group.append(new Option(text, String(choices.push(choice) - 1)));
  }
  elements.model.append(group);
}

function chosen(): Choice {
  return choices[Number(elements.model.value)]!;
}

/** Says what the chosen weights were trained on, or asks for a file. */
export function describeChoice(): void {
  const { offered } = chosen();
  elements.own.hidden = offered !== undefined;
  elements.about.textContent = offered
    ? `${offered.from}, trained on ${offered.trainedOn}. ${(offered.bytes / 1e6).toFixed(1)} MB, SHA-256 ${offered.sha256.slice(0, 16)}…`
    : 'This app has no weights for it; choose a file of yours.';
}

/** What the worker is to do for the choice; undefined while a file of weights is missing. */
export function jobOf(): Omit<Job, 'picture'> | undefined {
  const { paper, task, offered } = chosen();
  const weights = offered
    ? { url: new URL(offered.file, document.baseURI).href, sha256: offered.sha256 }
    : elements.weights.files?.[0];
  return weights && { paper, task, weights };
}
