import { type InstalledModel, loaderOf } from '@unweather/model';
import { model as pure, type TaskName } from './model.js';

/** The paper's model with the files of its package. */
export const model: InstalledModel<TaskName> = {
  ...pure,
  quickWeights: 'runs/multiweather/quick/student.safetensors',
  home: new URL('../', import.meta.url),
};

/**
 * Opens a network with its weights; call `restore` of the result with photographs. Default: task 'haze', the weights
 * that the package carries, else those that the quick recipe leaves in `runs/`; onnxruntime on the CPU.
 * @throws UserError for weights that are missing, unreadable or of another network, and a device that does not work here
 */
export const load = loaderOf(model);
