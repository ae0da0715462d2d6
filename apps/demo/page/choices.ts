import { elements } from './elements.js';
import type { Manifest, OfferedModel, OfferedWeights } from './manifest.js';
import type { Job } from './messages.js';

/** Entry of the list: a model, with its weights unless the user brings them. */
interface Choice {
  readonly model: OfferedModel;
  readonly offered?: OfferedWeights;
}

const choices: Choice[] = [];

/** Fills the list: first models with weights in the app, then every model for the user's own weights. */
export function listChoices({ models, weights }: Manifest): void {
  const ready = weights.flatMap((offered) =>
    models
      .filter(({ paper, task }) => paper === offered.paper && offered.tasks.includes(task))
      .map((model) => ({ model, offered })),
  );
  addGroup('Ready to use', ready);
  addGroup(
    'With your own weights',
    models.map((model) => ({ model })),
  );
}

function addGroup(label: string, members: readonly Choice[]): void {
  if (members.length === 0) return;
  const group = Object.assign(document.createElement('optgroup'), { label });
  for (const choice of members) {
    const { model, offered } = choice;
    const text = `${model.title} · ${offered ? offered.network : model.label}`;
    group.append(new Option(text, String(choices.push(choice) - 1)));
  }
  elements.model.append(group);
}

function chosen(): Choice {
  return choices[Number(elements.model.value)]!;
}

/** Shows the training data of the chosen weights, or asks for a file. */
export function describeChoice(): void {
  const { offered } = chosen();
  elements.own.hidden = offered !== undefined;
  elements.about.textContent = offered
    ? `${offered.from}, trained on ${offered.trainedOn}. ${(offered.bytes / 1e6).toFixed(1)} MB, SHA-256 ${offered.sha256.slice(0, 16)}…`
    : 'This app has no weights for this network; choose a file of your own.';
}

/** Job for the worker, without the picture; undefined while a file of weights is missing. */
export function jobOf(): Omit<Job, 'picture'> | undefined {
  const { model, offered } = chosen();
  const { paper, task } = model;
  const weights = offered
    ? { url: new URL(offered.file, document.baseURI).href, sha256: offered.sha256 }
    : elements.weights.files?.[0];
  return weights && { paper, task, weights };
}
