// Debian's Chromium through playwright-core, without any of the calls home that a closed network answers with delays.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts a headless browser; root has no sandbox in Chromium. */
export async function startChromium() {
  const executablePath = paths.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`no Chromium at ${paths.join(', ')}: run node scripts/setup.mjs test`);
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--force-prefers-reduced-motion',
      // Containers often have a tiny /dev/shm.
      '--disable-dev-shm-usage',
    ],
  });
}
