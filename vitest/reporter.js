/** Prints how long the tests of each package took, and the counts of all of them in one line. */
export default class SummaryReporter {
  onInit(vitest) {
    this.filtered = (vitest.config.tagsFilter ?? []).length > 0;
  }

  onTestRunEnd(modules, errors) {
    const seconds = new Map();
    const count = { passed: 0, failed: errors.length, skipped: 0, left: 0 };
    for (const module of modules) {
      const { name } = module.project;
      const { duration, collectDuration, setupDuration } = module.diagnostic();
      seconds.set(name, (seconds.get(name) ?? 0) + (duration + collectDuration + setupDuration) / 1000);
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'skipped' && this.filtered && test.tags.includes('whole')) count.left++;
        else count[state === 'pending' ? 'failed' : state]++;
      }
    }
    console.log('seconds of one worker, by package:');
    for (const [name, spent] of [...seconds].sort(([, a], [, b]) => b - a))
      console.log(`${spent.toFixed(1).padStart(7)}  ${name}`);
    if (count.left > 0) console.log(`${count.left} tests are left to npm run test:all`);
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
