// Installs the pinned llama.cpp packages into a folder that is named after the lock file's contents, once.
//   node restore.mjs <folder with package.json and lock file> <destination> <platform>
// The packages are installed beside the destination and moved into place in one rename, so that builds running at the
// same time never see half of them. A destination that is there is complete, and is never touched again.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [source, destination, platform] = process.argv.slice(2);
const staging = `${destination}.${process.pid}`;

// All packages are optional, each for one platform, and npm counts an optional one that it could not load as a success.
function isComplete() {
  const path = `node_modules/@node-llama-cpp/${platform}`;
  const { packages } = JSON.parse(readFileSync(join(staging, 'package-lock.json'), 'utf8'));
  return !(path in packages) || existsSync(join(staging, path, 'bins', platform));
}

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

    const npm = spawnSync('npm', ['ci', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: staging, stdio: 'inherit', shell: process.platform === 'win32' });
    if (npm.status !== 0) {
      process.exitCode = npm.status ?? 1;
    } else if (!isComplete()) {
      console.error(`npm did not bring @node-llama-cpp/${platform}. Is its registry in reach?`);
      process.exitCode = 1;
    } else {
      moveIntoPlace();
    }
  } finally {
    rmSync(staging, { recursive: true, force: true, maxRetries: 10 });
  }
}
