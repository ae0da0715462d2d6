import { type InstalledModel, loaderOf } from '@unweather/model';
import { model as pure, type TaskName } from './model.js';
import { isForeign, readForeign } from './weights/checkpoint.js';
import { PACKAGES } from './weights/packages.js';

/** MAXIM with the files of its package. */
export const model: InstalledModel<TaskName> = {
  ...pure,
  foreign: { matches: isForeign, read: readForeign, packages: PACKAGES },
  home: new URL('../', import.meta.url),
};

/**
 * Opens a network with its weights; `restore` of the result takes photographs. Default: task 'rain', the weights of
 * the package of another publisher that the user installed (WEIGHTS.md), else those that the quick recipe leaves in
 * `runs/`; onnxruntime on the CPU.
 * @throws UserError for weights that are missing, unreadable or of another network, and a device that does not work here
 */
export const load = loaderOf(model);
