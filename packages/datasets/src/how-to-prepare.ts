import { commandOf } from '@unweather/core-tensor';

/** Command that prepares a dataset, in the repository or where npm has installed this package. */
export function howToPrepare(dataset: string): string {
  const place = { home: new URL('../', import.meta.url), name: 'datasets', program: 'unweather-datasets' };
  return commandOf(place, `prepare ${dataset} --root DIR`);
}
