import { type EngineOptions, type OpenedEngine, openEngine } from '@unweather/core-tensor';
import type { Reporter } from './reporter.js';

/** Opens the engine that was asked for; one that was found rather than named is said. */
export async function chosenEngine(options: EngineOptions, reporter: Reporter): Promise<OpenedEngine> {
  const engine = await openEngine(options);
  if (options.engine === 'tfjs' || options.device === 'auto') reporter.say(`runs on ${engine.description}`);
  return engine;
}
