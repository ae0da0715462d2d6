import { join } from 'node:path';
import {
  type EngineOptions,
  type Executable,
  float32,
  initialState,
  learningRate,
  runTraining,
  type State,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import type { Batch } from '@unweather/datasets';
import { type Reporter, resumedFrom } from '@unweather/lab';
import { chosenEngine } from '@unweather/model';
import { nameOf } from '../../architecture/architecture.js';
import { derive } from '../../architecture/derive.js';
import { writeDerived } from '../../architecture/write.js';
import { Supernet } from '../../networks/supernet.js';
import { internalInput } from '../loss.js';
import { openLoaders, type SearchData } from './batches.js';
import type { SearchRecipe } from './recipes.js';
import { searchSteps } from './steps.js';

/** Options of a search. */
export interface SearchOptions extends EngineOptions {
  /** Folder for checkpoint, architecture and its picture. */
  readonly out: string;
  /** Gives each branch the edges that were searched for it; see {@link derive}. */
  readonly perBranch?: boolean;
  /** Resumes from the checkpoint in the folder. */
  readonly resume?: boolean;
}

/** Name of the supernet in its checkpoints. */
export function supernetName(width: number): string {
  return `MANAS supernet${width === 1 ? '' : ` x${width}`}`;
}

/**
 * Searches an architecture: each step, after a warm-up, updates the architecture on backgrounds that the weights never
 * see, then the weights on theirs (paper, §III-E; official train_search.py).
 * @param data pairs, with a text that identifies them for resuming
 * @returns true if it ran to the end; an interrupted search has written its checkpoint
 * @throws UserError for everything a user can fix
 */
export async function search(
  recipe: SearchRecipe,
  data: SearchData & { readonly identity: string },
  options: SearchOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  const loaders = openLoaders(data, recipe);
  let executable: Executable | undefined;
  try {
    await writableFolder(options.out);
    const file = join(options.out, 'search.safetensors');
    const supernet = new Supernet(recipe.width);
    const steps = searchSteps(
      supernet,
      { batch: loaders.batchSize, height: recipe.crop, width: recipe.crop },
      recipe,
      recipe,
    );
    const parameters = new Map([...supernet.parameters(), ...supernet.alphas()]);
    const network = supernetName(recipe.width);
    const identity = { search: recipe, data: data.identity };
    const first: State = new Map([
      ...initialState(parameters, recipe.seed),
      ...steps.weights.optimiserState(),
      ...steps.architecture.optimiserState(),
    ]);
    const start = options.resume
      ? await resumedFrom(file, network, parameters, identity, 'search')
      : { state: first, done: 0 };
    const { stepsPerEpoch } = loaders;
    const total = recipe.epochs * stepsPerEpoch;
    reporter.say(
      `${network} (MANAS, TCSVT 2023), search recipe ${recipe.name}: ${total} steps in ${recipe.epochs} epochs, ` +
        `the architecture from epoch ${recipe.warmUp + 1} on`,
    );
    const engine = await chosenEngine({ ...options, rewrite: false }, reporter);
    const graphs = { weights: steps.weights.graph, architecture: steps.architecture.graph };
    const running = await engine.program(graphs, start.state);
    executable = running;
    const judgement = new Judgement();
    let before = '';
    /** Yields each batch for the weights after updating the architecture. */
    async function* batches(from: number) {
      const others = loaders.validation(from);
      try {
        for await (const batch of loaders.training(from)) {
          const other = (await others.next()).value as Batch;
          const given = internalInput(batch.epoch);
          if (batch.epoch >= recipe.warmUp) {
            const renewed = batch.step - recipe.warmUp * stepsPerEpoch + 1;
            const size = [other.size, 3, recipe.crop, recipe.crop];
            const outputs = await running.run(
              {
                input: float32(other.input, size),
                target: float32(other.truth, size),
                ...given,
                ...steps.architecture.optimiser.inputs(renewed, recipe.architecture.learningRate),
              },
              'architecture',
            );
            judgement.add(Number(outputs.mse!.data[0]));
          }
          yield { ...batch, given };
        }
      } finally {
        await others.return(undefined);
      }
    }
    const save = async (done: number) => {
      // State that a run does not update (only unused statistics) stays unchanged.
      const state: State = new Map([...start.state, ...(await running.state())]);
      await writeCheckpoint(file, network, state, { step: done, seed: recipe.seed, recipe: identity });
      return state;
    };
    const { learningRate: rate, floor } = recipe.weights;
    const done = await runTraining({
      executable: {
        run: (inputs) => running.run(inputs, 'weights'),
        state: () => running.state(),
        dispose: () => running.dispose(),
      },
      shape: { channels: 3, height: recipe.crop, width: recipe.crop },
      optimiser: steps.weights.optimiser,
      batches,
      learningRate: ({ epoch }) => learningRate({ kind: 'cosine', floor }, rate, epoch, recipe.epochs),
      from: start.done,
      steps: total,
      signal,
      async onStep(report) {
        reporter.step(report, total);
        if (report.step % stepsPerEpoch !== 0) return;
        const current = nameOf(derive(await save(report.step), options));
        const judged = judgement.take();
        if (current !== before) reporter.say(`epoch ${report.step / stepsPerEpoch}: ${current}${judged}`);
        before = current;
      },
    });
    reporter.pause();
    const state = await save(done);
    reporter.wrote(file);
    if (done < total) {
      reporter.say(`stopped after step ${done} of ${total}; go on with --resume`);
      return false;
    }
    const note = `found by the search recipe ${recipe.name}, seed ${recipe.seed}, on ${data.identity}`;
    await writeDerived(join(options.out, 'architecture.json'), derive(state, options), note, reporter);
    return true;
  } finally {
    reporter.pause();
    await loaders.close();
    await executable?.dispose();
  }
}

/** Score of the architecture over an epoch, on the backgrounds that judge it. */
class Judgement {
  private errors: number[] = [];

  add(mse: number): void {
    this.errors.push(mse);
  }

  /** Describes the score and resets it; empty if nothing was judged. */
  take(): string {
    const mean = this.errors.reduce((a, b) => a + b, 0) / this.errors.length;
    const text = this.errors.length === 0 ? '' : `, ${(-10 * Math.log10(mean)).toFixed(2)} dB on validation patches`;
    this.errors = [];
    return text;
  }
}
