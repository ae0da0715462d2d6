import type { TfjsTarget, TfTensor } from '../../graph/tfjs-target.js';

/** A TensorFlow.js tensor that can be freed. */
export interface TfValue extends TfTensor {
  dispose(): void;
}

export interface TfVariable extends TfValue {
  readonly name: string;
  assign(value: TfTensor): void;
}

/** Accumulated averages of one variable; TensorFlow.js keeps them in the order of the gradients it is given. */
export interface TfMoment {
  originalName: string;
  variable: TfVariable;
}

export interface TfOptimizer {
  learningRate: number;
  /** Sets the learning rate; where it exists, setting the property alone has no effect (gradient descent). */
  setLearningRate?(rate: number): void;
  applyGradients(gradients: Readonly<Record<string, TfTensor>>): void;
  dispose(): void;
  // Adam's:
  accBeta1?: TfVariable;
  accBeta2?: TfVariable;
  accumulatedFirstMoment?: TfMoment[];
  accumulatedSecondMoment?: TfMoment[];
  // Momentum's:
  accumulations?: TfMoment[];
}

/** The part of TensorFlow.js that the engine uses, in addition to that of the lowerings. */
export interface Tf extends TfjsTarget {
  readonly version_core: string;
  readonly train: {
    adam(rate: number, beta1: number, beta2: number, epsilon: number): TfOptimizer;
    sgd(rate: number): TfOptimizer;
    momentum(rate: number, momentum: number): TfOptimizer;
  };
  ready(): Promise<void>;
  getBackend(): string;
  enableProdMode(): void;
  tidy<T>(run: () => T): T;
  keep<T extends TfTensor>(x: T): T;
  dispose(tensors: unknown): void;
  memory(): { numTensors: number };
  variable(value: TfTensor, trainable: boolean, name: string): TfVariable;
  variableGrads(
    f: () => TfTensor,
    variables: readonly TfVariable[],
  ): { value: TfValue; grads: Record<string, TfValue> };
}
