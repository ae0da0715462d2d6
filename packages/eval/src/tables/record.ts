import { stringify } from 'csv-stringify/sync';

/** The scores of one picture, with all that is needed to know what they mean. */
export interface ResultRecord {
  readonly paper: string;
  readonly network: string;
  readonly dataset: string;
  readonly split: string;
  readonly picture: string;
  /** What the pictures of a row in the summary share, such as the rain's level; may be empty. */
  readonly condition: string;
  readonly protocol: string;
  /** SHA-256 of the weights that were scored. */
  readonly weights: string;
  readonly engine: string;
  readonly origin: 'measured here' | 'published';
  readonly inputPsnr: number;
  readonly inputSsim: number;
  readonly psnr: number;
  readonly ssim: number;
  readonly inputSsimJs: number;
  readonly ssimJs: number;
}

const COLUMNS = {
  paper: 'paper',
  network: 'network',
  dataset: 'dataset',
  split: 'split',
  picture: 'picture',
  condition: 'condition',
  protocol: 'protocol',
  inputPsnr: 'input_psnr',
  inputSsim: 'input_ssim',
  psnr: 'psnr',
  ssim: 'ssim',
  inputSsimJs: 'input_ssim_js',
  ssimJs: 'ssim_js',
  origin: 'origin',
  weights: 'weights_sha256',
  engine: 'engine',
} as const satisfies Record<keyof ResultRecord, string>;

/** Records as CSV, one picture a line, numbers with six decimals; an infinite PSNR is written "inf". */
export function toCsv(records: readonly ResultRecord[]): string {
  const columns = Object.entries(COLUMNS).map(([key, header]) => ({ key, header }));
  return stringify([...records], { header: true, columns, cast: { number: (value) => decimals(value, 6) } });
}

/** A number with a fixed count of decimals; "inf" where it is infinite. */
export function decimals(value: number, count: number): string {
  return value === Infinity ? 'inf' : value.toFixed(count);
}
