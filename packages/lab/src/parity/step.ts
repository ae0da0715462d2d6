import {
  adam,
  compile,
  goldenPicture,
  goldenState,
  type Optimiser,
  type State,
  shapesOf,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { pick } from '@unweather/model';
import { type EquippedLoss, equipped, stepOf } from '../recipe.js';
import type { NetworkStudy } from '../study.js';
import type { GoldenFile } from './golden-file.js';
import { readOptimiser } from './optimiser.js';

/** Outcome of one training step. */
interface StepResult {
  /** Outputs and gradients. */
  readonly results: Readonly<Record<string, TensorData>>;
  /** Weights and running statistics after it. */
  readonly after: State;
}

/** The training step that was run last. Two files hold values of the same step, in float32 and in float64. */
export class LastStep {
  private network: NetworkStudy | undefined;
  private facts = '';
  private update: string | undefined;
  private result: StepResult | undefined;

  /**
   * Runs the step of a golden file, unless it was the last.
   * @param state weights of the network before it
   * @param rate learning rate; undefined if the file has nothing that comes after the update
   */
  async of(network: NetworkStudy, golden: GoldenFile, state: State, rate?: number): Promise<StepResult> {
    const facts = JSON.stringify([golden.case, golden.input, golden.gain, lossName(network, golden)]);
    const update = rate === undefined ? undefined : `${golden.optimiser} ${rate}`;
    const same = network === this.network && facts === this.facts && (update ?? this.update) === this.update;
    if (same && this.result !== undefined) return this.result;
    this.result = undefined;
    [this.network, this.facts, this.update] = [network, facts, update];
    this.result = await runStep(network, golden, state, rate ?? 0);
    return this.result;
  }
}

async function runStep(network: NetworkStudy, golden: GoldenFile, state: State, rate: number): Promise<StepResult> {
  const { step, executable, pictures } = await openStep(network, golden, state);
  try {
    const results = await executable.run({ ...pictures, ...step.optimiser.inputs(1, rate) });
    return { results, after: new Map([...state, ...(await executable.state())]) };
  } finally {
    await executable.dispose();
  }
}

/** Name of the loss, given by a file or by its formula; default: the network's first. */
function lossName({ losses }: NetworkStudy, { loss_kind, loss }: GoldenFile): string {
  return String(loss_kind ?? loss?.formula ?? Object.keys(losses)[0]!);
}

/** Weights of a loss's frozen networks, filled by the formula of golden files. */
function frozenState({ judges }: EquippedLoss): State {
  return goldenState(shapesOf(judges?.parameters ?? new Map()), 1);
}

/** Optimiser that the file describes (default: Adam with its defaults) and the file's learning rate. */
export function optimiserOf({ lr, optimiser }: GoldenFile): { readonly optimiser: Optimiser; readonly rate?: number } {
  const described = optimiser === undefined ? undefined : readOptimiser(optimiser);
  const rate = lr ?? described?.rate;
  return { optimiser: described?.optimiser ?? adam(), ...(rate !== undefined && { rate }) };
}

/** Requires a learning rate. @throws UserError if the file states none */
export function stated(rate: number | undefined): number {
  if (rate === undefined) throw new UserError('it states no learning rate; give it "lr" or "optimiser"');
  return rate;
}

/** Opens the training step of a golden file, and makes its batch. */
export async function openStep(network: NetworkStudy, golden: GoldenFile, state: State) {
  const { optimiser } = optimiserOf(golden);
  const loss = equipped(pick('loss', network.losses, lossName(network, golden)));
  const [batch, channels, height, width] = golden.input;
  const step = stepOf(loss, network.create(), { batch, channels, height, width }, { inspect: true, optimiser });
  // Rewriting the graph in onnxruntime would take longer than all runs here; the tests of passes check that a rewritten
  // graph gives the same results.
  const first = new Map([...state, ...step.optimiserState(), ...frozenState(loss)]);
  const executable = await compile(step.graph, first, { rewrite: false });
  const pictures = {
    input: goldenPicture('input', golden.case, golden.input),
    target: goldenPicture('target', golden.case, golden.input),
  };
  return { step, executable, pictures };
}
