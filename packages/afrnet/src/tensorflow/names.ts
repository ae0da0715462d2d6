/**
 * The TensorFlow variable of a parameter: scopes with slashes, the layer's own level ("conv2d", or "conv2d_transpose" of
 * what is called deconv), "kernel" for "weight". "SEN.EN_0.conv.bias" is "SEN/EN_0/conv/conv2d/bias".
 */
export function tensorflowName(name: string): string {
  const scopes = name.split('.');
  const leaf = scopes.pop()!;
  const layer = scopes.at(-1)!.startsWith('deconv') ? 'conv2d_transpose' : 'conv2d';
  return [...scopes, layer, leaf === 'weight' ? 'kernel' : leaf].join('/');
}
