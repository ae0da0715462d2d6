/**
 * Converts a parameter's name to its TensorFlow variable: scopes with slashes, one more level for the layer ("conv2d",
 * or "conv2d_transpose" for names with deconv), "kernel" for "weight". "SEN.EN_0.conv.bias" is
 * "SEN/EN_0/conv/conv2d/bias".
 */
export function tensorflowName(name: string): string {
  const scopes = name.split('.');
  const leaf = scopes.pop()!;
  const layer = scopes.at(-1)!.startsWith('deconv') ? 'conv2d_transpose' : 'conv2d';
  return [...scopes, layer, leaf === 'weight' ? 'kernel' : leaf].join('/');
}
