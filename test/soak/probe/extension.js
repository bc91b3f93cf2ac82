// Looks at the extension host from inside: a line a second with the longest time that nothing else could run, and what memory is held.
const { appendFileSync, existsSync, rmSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

/** Milliseconds between two looks at the clock, which are part of each delay. */
const resolution = 5;

exports.activate = (context) => {
  const file = process.env.PROBE_FILE;
  if (!file) return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const timer = setInterval(() => {
    const held = Math.max(0, delay.max / 1e6 - resolution);
    delay.reset();
    // Asked for by a file, since garbage that waits to be collected is nobody's memory.
    const isAsked = existsSync(`${file}.collect`);
    if (isAsked) {
      collect();
      rmSync(`${file}.collect`);
    }
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), held, rss, heapUsed, arrayBuffers, collected: isAsked })}\n`);
    if (isAsked) delay.reset();
  }, 1000);
  context.subscriptions.push({ dispose: () => { clearInterval(timer); delay.disable(); } });
};
