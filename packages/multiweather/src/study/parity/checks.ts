import type { FileCheck } from '@unweather/lab';
import { checkContrast } from './contrast.js';
import { checkEvaluation, checkTrace } from './network.js';
import { checkInference, checkMetrics, checkResize, checkSmallPair } from './pictures.js';
import { checkSchedules } from './schedule.js';
import { checkSteps } from './steps.js';
import { checkCollation, checkExamination } from './training.js';
import { checkTransfer } from './transfer.js';

/** Checks against the official code's values, by file. */
export const checks: Readonly<Record<string, FileCheck>> = {
  'student.eval.*.json': checkEvaluation,
  'student.trace.*.json': checkTrace,
  'student.train.kc-*.json': checkCollation,
  'student.train.ke-*.json': checkExamination,
  'student.steps.*.json': checkSteps,
  'transfer.*.json': checkTransfer,
  'contrast.*.json': checkContrast,
  'schedule*.json': checkSchedules,
  'metrics*.json': checkMetrics,
  'resize*.json': checkResize,
  'inference.*.json': checkInference,
  'small-pair.*.json': checkSmallPair,
};
