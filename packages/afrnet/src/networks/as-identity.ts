import type { State } from '@unweather/core-tensor';

/**
 * Makes initial weights with which a network returns its input: the stem's first channels are the picture plus 1, one
 * more is 1, the decoder adds nothing to them, and its last layer subtracts the 1 again. Short trainings then learn to
 * remove rain instead of to reproduce a picture. Ours; the paper's start is random.
 */
export function asIdentity(first: State): State {
  const state: State = new Map(first);
  const changed = (name: string, change: (values: Float32Array, shape: readonly number[]) => void) => {
    const { shape, data } = state.get(name)!;
    const values = (data as Float32Array<ArrayBuffer>).slice();
    change(values, shape);
    state.set(name, { dtype: 'float32', shape, data: values });
  };
  const pictures = state.get('SEN.conv1.weight')!.shape[1]!;
  changed('SEN.conv1.weight', (values, [, from, kernel]) => {
    const area = kernel! ** 2;
    values.fill(0, 0, (pictures + 1) * from! * area);
    for (let channel = 0; channel < pictures; channel++)
      values[(channel * from! + channel) * area + (area - 1) / 2] = 1;
  });
  changed('SEN.conv1.bias', (values) => values.fill(1, 0, pictures + 1));
  for (const name of ['CDE.conv1.weight', 'CDE.conv1.bias']) changed(name, (values) => values.fill(0));
  changed('CDE.conv2.weight', (values, [to, from]) => {
    values.fill(0);
    for (let channel = 0; channel < to!; channel++) {
      values[(channel * from! + channel) * 9 + 4] = 1;
      values[(channel * from! + pictures) * 9 + 4] = -1;
    }
  });
  return state;
}
