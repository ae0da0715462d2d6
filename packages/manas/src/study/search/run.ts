import { join } from 'node:path';
import {
  type EngineOptions,
  float32,
  initialState,
  learningRate,
  type OpenedEngine,
  type State,
  type TensorData,
  writableFolder,
} from '@unweather/core-tensor';
import type { Batch } from '@unweather/datasets';
import {
  type KeepingOptions,
  limitsOf,
  newestCheckpoint,
  type OnNan,
  type Recorder,
  type Reporter,
  recorded,
  resumedFrom,
  runStages,
  type Stage,
} from '@unweather/lab';
import { chosenEngine } from '@unweather/model';
import { nameOf } from '../../architecture/architecture.js';
import { derive } from '../../architecture/derive.js';
import { writeDerived } from '../../architecture/write.js';
import { Supernet } from '../../networks/supernet.js';
import { internalInput } from '../loss.js';
import { openLoaders, type SearchData, type SearchLoaders } from './batches.js';
import type { SearchRecipe } from './recipes.js';
import { type SearchSteps, searchSteps } from './steps.js';

/** Options of a search. */
export interface SearchOptions extends EngineOptions, Pick<KeepingOptions, 'keepLast' | 'maxTime'> {
  /** Folder for checkpoint, architecture and its picture. */
  readonly out: string;
  /** Gives each branch the edges that were searched for it; see {@link derive}. */
  readonly perBranch?: boolean;
  /** Reaction to a loss or a state that is no longer made of numbers; default: stop. */
  readonly onNan?: OnNan;
  /** Checkpoint to resume from. */
  readonly resume?: string | undefined;
}

const CHECKPOINT = 'search.safetensors';

/** Path of the checkpoint that a search writes to its folder. */
export function searchCheckpointIn(out: string): string {
  return join(out, CHECKPOINT);
}

/** Finds the newest whole checkpoint of a search in its folder; says what it finds. */
export function newestSearchIn(out: string, reporter: Pick<Reporter, 'say'>): Promise<string | undefined> {
  return newestCheckpoint(out, CHECKPOINT, (text) => reporter.say(text));
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
  return recorded(reporter, (recorder) => searched(recipe, data, options, recorder, signal));
}

async function searched(
  recipe: SearchRecipe,
  data: SearchData & { readonly identity: string },
  options: SearchOptions,
  reporter: Recorder,
  signal: AbortSignal,
): Promise<boolean> {
  const limits = limitsOf(options);
  const loaders = openLoaders(data, recipe);
  try {
    await writableFolder(options.out);
    const supernet = new Supernet(recipe.width);
    const shape = { batch: loaders.batchSize, height: recipe.crop, width: recipe.crop };
    const steps = searchSteps(supernet, shape, recipe, recipe);
    const parameters = new Map([...supernet.parameters(), ...supernet.alphas()]);
    const network = supernetName(recipe.width);
    const settings = { search: recipe, data: data.identity };
    const first: State = new Map([
      ...initialState(parameters, recipe.seed),
      ...steps.weights.optimiserState(),
      ...steps.architecture.optimiserState(),
    ]);
    const start = options.resume
      ? await resumedFrom(options.resume, network, parameters, settings, 'search')
      : { state: first, done: 0 };
    const { stepsPerEpoch } = loaders;
    const total = recipe.epochs * stepsPerEpoch;
    reporter.say(
      `${network} (MANAS, TCSVT 2023), search recipe ${recipe.name}: ${total} steps in ${recipe.epochs} epochs, ` +
        `the architecture from epoch ${recipe.warmUp + 1} on`,
    );
    const engine = await chosenEngine({ ...options, rewrite: false }, reporter);
    await reporter.open({ out: options.out, recipe, resumed: options.resume !== undefined, engine });
    const judgement = new Judgement();
    let before = '';
    const { finished, state } = await runStages(
      {
        ...{ folder: options.out, file: CHECKPOINT, network, parameters, settings, reporter, signal },
        ...{ ...limits, seed: recipe.seed, saveEvery: stepsPerEpoch, onNan: options.onNan },
        stages: [searchStage({ recipe, loaders, steps, engine, judgement })],
        onSave(step, current) {
          if (step % stepsPerEpoch !== 0) return;
          const name = nameOf(derive(current, options));
          const judged = judgement.take();
          if (name !== before) reporter.say(`epoch ${step / stepsPerEpoch}: ${name}${judged}`);
          before = name;
        },
      },
      start,
    );
    if (!finished) return false;
    const note = `found by the search recipe ${recipe.name}, seed ${recipe.seed}, on ${data.identity}`;
    await writeDerived(join(options.out, 'architecture.json'), derive(state, options), note, reporter);
    return true;
  } finally {
    await loaders.close();
  }
}

interface SearchStageParts {
  readonly recipe: SearchRecipe;
  readonly loaders: SearchLoaders;
  readonly steps: SearchSteps;
  readonly engine: OpenedEngine;
  readonly judgement: Judgement;
}

/** Stage with two graphs: after the warm-up, each step updates the architecture first, then the weights. */
function searchStage({ recipe, loaders, steps, engine, judgement }: SearchStageParts): Stage {
  const { crop, warmUp, epochs } = recipe;
  const { learningRate: rate, floor } = recipe.weights;
  const { weights, architecture } = steps;
  return {
    to: epochs * loaders.stepsPerEpoch,
    name: 'search',
    learningRate: ({ epoch }) => learningRate({ kind: 'cosine', floor }, rate, epoch, epochs),
    async open(state, rateShare) {
      const program = await engine.program({ weights: weights.graph, architecture: architecture.graph }, state);
      const updateArchitecture = async (batch: Batch, given: Record<string, TensorData>, update: number) => {
        const size = [batch.size, 3, crop, crop];
        const pictures = { input: float32(batch.input, size), target: float32(batch.truth, size) };
        const rates = architecture.optimiser.inputs(update, rateShare * recipe.architecture.learningRate);
        const outputs = await program.run({ ...pictures, ...given, ...rates }, 'architecture');
        judgement.add(Number(outputs.mse!.data[0]));
      };
      return {
        executable: {
          run: (inputs) => program.run(inputs, 'weights'),
          state: () => program.state(),
          dispose: () => program.dispose(),
        },
        shape: { channels: 3, height: crop, width: crop },
        optimiser: weights.optimiser,
        async *batches(from, skips) {
          const others = loaders.validation(from);
          try {
            for await (const batch of loaders.training(from)) {
              const other = (await others.next()).value as Batch;
              const given = internalInput(batch.epoch);
              const update = batch.step - warmUp * loaders.stepsPerEpoch + 1;
              if (batch.epoch >= warmUp && !skips.has(batch.step + 1)) await updateArchitecture(other, given, update);
              yield { ...batch, given };
            }
          } finally {
            await others.return(undefined);
          }
        },
        close: () => program.dispose(),
      };
    },
  };
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
