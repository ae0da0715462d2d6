import { add, concat, constant, mse, mul, slice, sub, type Tensor, Vgg } from '@unweather/core-tensor';

/** Weight of the term (PER_Loss). */
const WEIGHT = 0.005;
/** VGG19's relu2_2, by its place in torchvision's `features`. */
const RELU2_2 = 8;
/** Mean that the official code subtracts from pictures, although they are in [−1, 1] and in BGR order. */
const MEAN = [123.68, 116.779, 103.939];

/**
 * Preprocessing of pictures for VGG19. literal: as in the official code, [−1, 1] minus a mean for [0, 255], with
 * channels in the wrong order, so that pictures hardly affect the features; corrected: RGB as torchvision's weights
 * expect it.
 */
export type PerceptualInput = 'literal' | 'corrected';

/** VGG19 up to relu2_2. */
export function judge(input: PerceptualInput): Vgg {
  return new Vgg('vgg19', [RELU2_2], input === 'literal' ? 'none' : 'imagenet');
}

/** Features of pictures in [−1, 1], BGR. */
export function featuresOf(vgg: Vgg, input: PerceptualInput, x: Tensor): Tensor {
  const seen = input === 'literal' ? sub(x, constant(MEAN, [1, 3, 1, 1])) : asRgb(x);
  return vgg.apply(seen)[0]!;
}

/** The mean squared error of features; the official code writes it as 2·l2/(b·N·M). */
export function featureError(vgg: Vgg, input: PerceptualInput, a: Tensor, b: Tensor): Tensor {
  return mse(featuresOf(vgg, input, a), featuresOf(vgg, input, b));
}

/** The weighted term of the loss. */
export function perceptualTerm(vgg: Vgg, input: PerceptualInput, a: Tensor, b: Tensor): Tensor {
  return mul(featureError(vgg, input, a, b), WEIGHT);
}

function asRgb(x: Tensor): Tensor {
  const channels = [2, 1, 0].map((i) => slice(x, 1, i, i + 1));
  return mul(add(concat(channels, 1), 1), 0.5);
}
