import { type EngineOptions, type OpenedEngine, openEngine } from '@unweather/core-tensor';
import type { Reporter } from './reporter.js';

/** Opens the engine that was asked for, and says on what it runs. */
export async function chosenEngine(options: EngineOptions, reporter: Reporter): Promise<OpenedEngine> {
  const engine = await openEngine(options);
  const { description, threads } = engine;
  reporter.say(`runs on ${description}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
  return engine;
}
