import {
  buildGraph,
  choicesText,
  compile,
  formatOf,
  goldenPicture,
  goldenState,
  inferenceGraph,
  initialValue,
  input,
  openEngine,
  type State,
  shapesOf,
  Tensor,
  type TensorData,
  trace,
  UserError,
} from '@unweather/core-tensor';
import type { NetworkStudy } from '../study.js';
import {
  compare,
  compareBuffers,
  compareSummary,
  compareTexts,
  type GoldenCheck,
  norm,
  normOfDifference,
} from './compare.js';
import type { GoldenFile } from './golden-file.js';
import { LastStep, openStep, optimiserOf, stated } from './step.js';

/**
 * Compares a network with everything that its golden file holds. Tolerances: outputs and traces 1e-4 relative (1e-5
 * absolute near zero, or of the standard deviation if that is above 1), loss terms 1e-5 and 1e-6 relative, gradient norms the network's `gradientShare` above its `gradientNoise`, norms
 * after an Adam step 1e-4 relative plus 2·rate·√n, running statistics 1e-5 relative. Rounding grows over several steps:
 * there the tolerances of `checkSteps` apply.
 * @param last training step of the file before; a file of the same step takes its results
 */
export async function checkGoldens(
  network: NetworkStudy,
  golden: GoldenFile,
  last = new LastStep(),
): Promise<GoldenCheck[]> {
  const parameters = network.create().parameters();
  const shapes = shapesOf(parameters);
  const state = goldenState(shapes, golden.gain, (name) => initialValue(name, parameters.get(name)!, 0));
  const checks = await checkParts(network, golden, state, last);
  return golden.state ? [{ quantity: 'state', ...compareTexts(golden.state, shapes) }, ...checks] : checks;
}

async function checkParts(
  network: NetworkStudy,
  golden: GoldenFile,
  state: State,
  last: LastStep,
): Promise<GoldenCheck[]> {
  if (golden.losses) return checkSteps(network, golden, state);
  if (golden.trace) return checkTrace(network, golden, state);
  if (golden.mode === 'train') return checkTraining(network, golden, state, last);
  const expected = needed(golden, 'output');
  const output = await infer(network, golden, state);
  return [{ quantity: 'output', ...compareSummary('output', expected, output, OUTPUT) }];
}

/** Part that a golden file of this kind must have. @throws UserError if it is missing or empty */
function needed<K extends 'output' | 'loss' | 'gradient' | 'change'>(golden: GoldenFile, part: K) {
  const value = golden[part];
  if (value === undefined || Object.keys(value).length === 0)
    throw new UserError(`"${part}" is missing or empty; a file of its kind has it`);
  return value as NonNullable<GoldenFile[K]>;
}

const OUTPUT = { relative: 1e-4, absolute: 1e-5 };
const LOSS = { relative: 1e-6, absolute: 1e-5 };
const BUFFER = { relative: 1e-5, absolute: 1e-6 };
/** Absolute tolerance per step, as rounding grows: ten times the difference between two runs of the official code. */
const STEP_LOSSES = [1e-5, 1e-4, 1e-3, 3e-3];

async function infer(network: NetworkStudy, golden: GoldenFile, state: State): Promise<TensorData> {
  const module = network.create();
  const engine = await openEngine();
  const executable = await engine.inference(inferenceGraph(module, formatOf(module).channels), state);
  try {
    const { output } = await executable.run({ input: goldenPicture('input', golden.case, golden.input) });
    return output!;
  } finally {
    await executable.dispose();
  }
}

async function checkTrace(network: NetworkStudy, golden: GoldenFile, state: State): Promise<GoldenCheck[]> {
  const module = network.create();
  module.parameters();
  const x = input('input', golden.input);
  const { result, outputs } = trace(golden.mode, () => module.apply(x));
  const tensors: Record<string, Tensor> = { output: result };
  for (const [path, value] of outputs)
    if (value instanceof Tensor) tensors[path] = value;
    else
      for (const [part, tensor] of Object.entries(value as Record<string, Tensor>)) tensors[`${path}.${part}`] = tensor;
  const wanted = Object.keys(golden.trace!).filter((path) => path in tensors);
  const missing = Object.keys(golden.trace!).filter((path) => !(path in tensors));
  if (wanted.length === 0) throw new UserError(`"trace" names no module of the network: ${choicesText(missing)}`);
  const graph = buildGraph(Object.fromEntries(wanted.map((path) => [path, tensors[path]!])));
  const executable = await compile(graph, state);
  try {
    const results = await executable.run({ input: goldenPicture('input', golden.case, golden.input) });
    const worst = wanted
      .map((path) => compareSummary(path, golden.trace![path]!, results[path], OUTPUT))
      .sort((a, b) => b.share - a.share)[0]!;
    return [
      { quantity: 'module names', ...compareTexts([], missing) },
      { quantity: `trace of ${wanted.length} modules`, ...worst },
    ];
  } finally {
    await executable.dispose();
  }
}

async function checkTraining(
  network: NetworkStudy,
  golden: GoldenFile,
  state: State,
  last: LastStep,
): Promise<GoldenCheck[]> {
  const terms = Object.entries(needed(golden, 'loss')).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  const gradients = Object.entries(needed(golden, 'gradient'));
  // A file without updated parameters need not state a rate.
  const rate = golden.updated && stated(optimiserOf(golden).rate);
  const { results, after } = await last.of(network, golden, state, rate);
  const checks: GoldenCheck[] = [];
  if (golden.output)
    checks.push({ quantity: 'output', ...compareSummary('output', golden.output, results.output!, OUTPUT) });
  checks.push({
    quantity: 'loss terms',
    ...compare(
      terms,
      (name) => results[name] && Number(results[name].data[0]),
      () => LOSS,
    ),
  });
  const tolerance = { relative: network.gradientShare, absolute: network.gradientNoise };
  checks.push({
    quantity: 'gradient norms',
    ...compare(
      gradients,
      (name) => norm(results[`gradient.${name}`]),
      () => tolerance,
    ),
  });
  if (golden.updated)
    checks.push({
      quantity: 'parameters after a step',
      ...compare(
        Object.entries(golden.updated),
        (name) => norm(after.get(name)),
        (name) => ({
          relative: 1e-4,
          absolute: 2 * rate! * Math.sqrt(after.get(name)?.data.length ?? 0),
        }),
      ),
    });
  if (golden.buffers) checks.push({ quantity: 'running statistics', ...compareBuffers(golden.buffers, after, BUFFER) });
  return checks;
}

/**
 * Trains on the same batch at every step, then runs one more pass in training mode (which updates the running
 * statistics) and one in evaluation mode.
 */
async function checkSteps(network: NetworkStudy, golden: GoldenFile, state: State): Promise<GoldenCheck[]> {
  const change = Object.entries(needed(golden, 'change'));
  const { rate } = optimiserOf(golden);
  const rates = golden.losses!.map((loss) => (typeof loss === 'number' ? rate : (loss.lr ?? rate)));
  const updates = rates.length - 1;
  const steps = rates.slice(0, updates).map(stated);
  const { step, executable, pictures } = await openStep(network, golden, state);
  const losses: number[] = [];
  let quiet = new Set<string>();
  let trained: State = state;
  try {
    for (const [i, now] of [...steps, 0].entries()) {
      if (i === updates) trained = await executable.state();
      const results = await executable.run({ ...pictures, ...step.optimiser.inputs(i + 1, now) });
      losses.push(Number(results.total!.data[0]));
      // If a gradient is only rounding noise (biases before a norm), Adam takes full steps in arbitrary directions.
      if (i === 0)
        quiet = new Set(step.trained.filter((name) => norm(results[`gradient.${name}`])! < network.gradientNoise));
    }
    const statistics = await executable.state();
    const final: State = new Map(
      [...state.keys()].map((name) => {
        const source = step.parameters.get(name)!.trained ? trained : statistics;
        return [name, source.get(name) ?? state.get(name)!];
      }),
    );
    const changes = change.filter(([name]) => !quiet.has(name));
    const path = steps.reduce((sum, now) => sum + now, 0);
    const checks: GoldenCheck[] = [
      {
        quantity: 'losses',
        ...compare(
          golden.losses!.map((value, i) => [`step ${i}`, typeof value === 'number' ? value : value.total]),
          (name) => losses[Number(name.slice(5))],
          (name) => ({
            relative: 0,
            absolute: STEP_LOSSES[Number(name.slice(5))] ?? STEP_LOSSES.at(-1)!,
          }),
        ),
      },
      {
        quantity: 'change of parameters',
        ...compare(
          changes,
          (name) => normOfDifference(final.get(name), state.get(name)),
          (name) => ({
            relative: 0,
            absolute: 0.3 * path * Math.sqrt(final.get(name)?.data.length ?? 0),
          }),
        ),
      },
    ];
    if (golden.buffers)
      checks.push({
        quantity: 'running statistics',
        // The statistics depend on weights that differ by the rounding of three steps.
        ...compareBuffers(golden.buffers, final, { relative: 1e-3, absolute: 1e-4 }),
      });
    if (golden.eval_output) {
      const output = await infer(network, golden, final);
      checks.push({
        quantity: 'output after the steps',
        ...compareSummary('output', golden.eval_output, output, { relative: 0, absolute: network.stepsNoise }),
      });
    }
    return checks;
  } finally {
    await executable.dispose();
  }
}
