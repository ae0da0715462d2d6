import { type InstalledModel, loaderOf } from '@unweather/model';
import { model as pure, type TaskName } from './model.js';

/** MAXIM with the files of its package. */
export const model: InstalledModel<TaskName> = { ...pure, home: new URL('../', import.meta.url) };

/**
 * Opens a network with its weights; `restore` of the result takes photographs. Default: task 'rain', the weights that the
 * quick recipe leaves in `runs/`; onnxruntime on the CPU.
 * @throws UserError for weights that are missing, unreadable or of another network, and a device that does not work here
 */
export const load = loaderOf(model);
