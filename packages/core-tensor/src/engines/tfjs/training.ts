import { buildGraph } from '../../graph/graph.js';
import type { Tensor } from '../../graph/tensor.js';
import type { State, TensorData } from '../../graph/tensor-data.js';
import type { TfTensor } from '../../graph/tfjs-target.js';
import { RATE, STEP, settingsOf } from '../../optim/optimiser.js';
import type { TrainingStep } from '../../optim/update.js';
import { UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import type { Tf, TfValue, TfVariable } from './api.js';
import { execute, fromTf, toTf } from './execute.js';
import { feed, stateValue } from './inference.js';
import { Moments } from './moments.js';

/** Number of trainings opened, since names of variables must be unique in a process. */
let opened = 0;

/**
 * Opens a training step on TensorFlow.js in this thread: the traced forward pass and loss, TensorFlow.js's gradients
 * (`variableGrads`) and its optimiser. Outputs and state are those of the same step on the other engine.
 */
export function openTfjsTraining(tf: Tf, step: TrainingStep, state: State): Executable {
  if (step.optimiser.accumulates !== undefined)
    throw new UserError('gradient accumulation does not work with TensorFlow.js; train with --engine onnxruntime');
  const { minimise, outputs, statistics = new Map<Tensor, Tensor>(), clipNorm, inspect } = step.source;
  const forward = buildGraph({ ...outputs, minimise }, statistics);
  const id = `unweather${opened++}/`;
  const trained = new Set(step.trained);
  const variables = new Map<string, TfVariable>();
  for (const name of forward.state.keys()) {
    const value = toTf(tf, stateValue(state, name));
    variables.set(name, tf.variable(value, trained.has(name), id + name));
    tf.dispose(value);
  }
  const learnt = step.trained.map((name) => variables.get(name)!);
  const moments = new Moments(tf, step, id, state);

  const run = (inputs: Readonly<Record<string, TensorData>>): Record<string, TensorData> => {
    const values = new Map<Tensor, TfTensor>();
    for (const [name, tensor] of forward.state) values.set(tensor, variables.get(name)!);
    const { value, grads } = tf.variableGrads(() => {
      feed(tf, forward.inputs, inputs, values);
      execute(tf, [...forward.outputs.values(), ...statistics.values()], values);
      for (const tensor of [...forward.outputs.values(), ...statistics.values()]) tf.keep(values.get(tensor)!);
      return tf.reshape(values.get(minimise)!, []);
    }, learnt);
    const results: Record<string, TensorData> = {};
    for (const [name, tensor] of forward.outputs) if (name !== 'minimise') results[name] = fromTf(values.get(tensor)!);
    const named = new Map(step.trained.map((name) => [name, grads[id + name]!]));
    if (inspect) for (const [name, gradient] of named) results[`gradient.${name}`] = fromTf(gradient);
    const { factor, norm } = clipping(named, clipNorm);
    if (norm !== undefined) results.gradient_norm = { dtype: 'float32', shape: [], data: Float32Array.of(norm) };
    moments.apply(Number(inputs[STEP]!.data[0]), Number(inputs[RATE]!.data[0]), (name) =>
      tf.tidy(() => {
        const clipped = tf.mul(named.get(name)!, scalar(tf, factor));
        const { weightDecay } = settingsOf(step.optimiser.options, name);
        return tf.add(clipped, tf.mul(variables.get(name)!, scalar(tf, weightDecay)));
      }),
    );
    for (const [tensor, next] of statistics)
      if (tensor.source.kind === 'state') variables.get(tensor.source.name)!.assign(values.get(next)!);
    const kept = new Set([...forward.outputs.values(), ...statistics.values()].map((tensor) => values.get(tensor)!));
    tf.dispose([value, ...Object.values(grads), ...kept].filter((tensor) => !isVariable(tensor, variables)));
    return results;
  };

  return {
    run: async (inputs) => run(inputs),
    async state() {
      const renewed = [...step.graph.updates.keys()].filter((name) => variables.has(name));
      return new Map([...renewed.map((name) => [name, fromTf(variables.get(name)!)] as const), ...moments.state()]);
    },
    async dispose() {
      for (const variable of variables.values()) variable.dispose();
      moments.dispose();
    },
  };
}

function scalar(tf: Tf, value: number): TfTensor {
  return tf.tensor(Float32Array.of(value), [], 'float32');
}

/** True if a tensor is a variable: an output may be a weight itself, which must not be freed. */
function isVariable(tensor: TfTensor, variables: ReadonlyMap<string, TfVariable>): boolean {
  return [...variables.values()].includes(tensor as TfVariable);
}

/** Factor that brings the common norm of the gradients down to the limit, and the norm; see optim/clip.ts. */
function clipping(gradients: ReadonlyMap<string, TfValue>, limit: number | undefined) {
  if (limit === undefined) return { factor: 1 };
  let squares = 0;
  for (const gradient of gradients.values()) for (const value of gradient.dataSync()) squares += value * value;
  const norm = Math.sqrt(squares);
  return { factor: Math.min(1, limit / (norm + 1e-6)), norm };
}
