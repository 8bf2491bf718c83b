// Installs the pinned llama.cpp packages into a folder that is named after the lock file's contents, once.
//   node restore.mjs <folder with package.json and lock file> <destination>
// The packages are installed beside the destination and moved into place in one rename, so that builds running at the
// same time never see half of them. A destination that is there is complete, and is never touched again.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [source, destination] = process.argv.slice(2);
const staging = `${destination}.${process.pid}`;

function moveIntoPlace() {
  for (let attempt = 1; ; attempt++) {
    try {
      renameSync(staging, destination);
      return;
    } catch (error) {
      if (existsSync(destination)) {
        return; // Another build was faster.
      }

      if (attempt === 20) {
        throw error;
      }

      // On Windows a virus scanner may hold new files for a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
}

if (!existsSync(destination)) {
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) {
      cpSync(join(source, file), join(staging, file));
    }

    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: staging, stdio: 'inherit', shell: process.platform === 'win32' });
    if (npm.status === 0) {
      moveIntoPlace();
    } else {
      process.exitCode = npm.status ?? 1;
    }
  } finally {
    rmSync(staging, { recursive: true, force: true, maxRetries: 10 });
  }
}
