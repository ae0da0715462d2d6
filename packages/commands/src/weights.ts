import { type Checkpoint, networkOf, type PictureNetwork, readCheckpoint, UserError } from '@unweather/core-tensor';
import type { Paper, Task } from './recipe.js';

/** Where a training with the quick recipe leaves its checkpoint. */
export function defaultWeights(paper: Paper, task: string): string {
  return paper.defaultWeights ?? `runs/${paper.name}/${task}-quick/checkpoint.safetensors`;
}

/** A checkpoint with the network it is of. */
export interface OpenedWeights {
  readonly name: string;
  readonly network: PictureNetwork;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads the weights of one of a task's networks.
 * @throws UserError naming the file; where the default one is missing, also how it is trained
 */
export async function openWeights(paper: Paper, taskName: string, task: Task, path: string): Promise<OpenedWeights> {
  try {
    const others = task.otherNetworks ?? [];
    // Only where there is a choice: the file is read whole for it.
    const found = others.length > 0 ? await networkOf(path) : undefined;
    const name = found !== undefined && others.includes(found) ? found : task.network;
    const network = paper.networks[name]!.create();
    return { name, network, checkpoint: await readCheckpoint(path, name, network.parameters()) };
  } catch (thrown) {
    if (!(thrown instanceof UserError) || path !== defaultWeights(paper, taskName)) throw thrown;
    const train = `npx nx run ${paper.name}:train${paper.defaultWeights === undefined ? ` -- --task ${taskName}` : ''}`;
    throw new UserError(`${thrown.message}, train one with "${train}", or name one with --weights`);
  }
}
