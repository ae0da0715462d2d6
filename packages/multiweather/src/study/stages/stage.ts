import type { OpenedEngine, State, TrainingStep } from '@unweather/core-tensor';
import { type Batch, Loader } from '@unweather/datasets';
import { openParts, type SkippedPairs, type Stage } from '@unweather/lab';
import type { MixedPlan } from '../data/plan.js';
import type { Recipe } from '../recipes.js';
import { rateOfEpoch } from '../schedule.js';
import type { Teachers } from './knowledge.js';

/** Parts that the stages of a run have in common. */
export interface StageParts {
  readonly recipe: Recipe;
  readonly plan: MixedPlan;
  readonly engine: OpenedEngine;
  /** Weights of the loss's frozen network. */
  readonly judges: State;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Called for pairs that cannot be used, which are replaced; without it, the first one ends the training. */
  readonly onBadPair?: SkippedPairs['add'] | undefined;
}

/** One stage of a run. */
interface OneStage {
  readonly name?: string;
  readonly title: string;
  /** Epochs done at its end, counted from the start of the run. */
  readonly until: number;
  step(): TrainingStep;
  /** Opens the teachers, whose pictures and features the step reads. */
  teachers?(): Promise<Teachers>;
}

/** Stage of a run on batches that hold every weather. */
export function mixedStage({ recipe, plan, engine, judges, epochs, onBadPair }: StageParts, stage: OneStage): Stage {
  const { crop, batch, warmUp, rate, leastRate: least } = recipe;
  return {
    to: stage.until * plan.stepsPerEpoch,
    ...(stage.name !== undefined && { name: stage.name }),
    title: stage.title,
    learningRate: ({ epoch }) => rateOfEpoch(epoch + 1, { epochs, warmUp, rate, least, batch }),
    open: (state) =>
      openParts(async (keep) => {
        const step = stage.step();
        const training = await engine.training(step, new Map([...state, ...judges]));
        const executable = keep(training, (it) => it.dispose());
        const teachers = stage.teachers && keep(await stage.teachers(), (it) => it.dispose());
        const patches = new Loader({ plan, crop, flip: true, small: 'resize', onBadPair });
        const loader = keep(patches, (it) => it.close());
        const furnished = async (one: Batch) =>
          teachers ? { ...one, given: await teachers.of(one.input, plan.counts(one.step), [crop, crop]) } : one;
        return {
          ...{ executable, optimiser: step.optimiser },
          shape: { channels: 3, height: crop, width: crop },
          async *batches(fromStep) {
            for await (const one of loader.batches(fromStep)) yield await furnished(one);
          },
        };
      }),
  };
}
