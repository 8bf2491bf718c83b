// Installs the pinned llama.cpp packages into a folder, once.
//   node restore.mjs <folder with package.json and lock file> <destination>
// The packages are installed beside the destination and moved into place in one rename, so that
// builds running at the same time never see half of them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [source, destination] = process.argv.slice(2);
const lock = 'package-lock.json';
const isCurrent = () =>
  existsSync(join(destination, lock)) &&
  readFileSync(join(destination, lock), 'utf8') === readFileSync(join(source, lock), 'utf8');

if (!isCurrent()) {
  const staging = `${destination}.${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  try {
    cpSync(join(source, 'package.json'), join(staging, 'package.json'));
    cpSync(join(source, lock), join(staging, lock));
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: staging, stdio: 'inherit', shell: process.platform === 'win32' });
    if (npm.status !== 0) {
      process.exit(npm.status ?? 1);
    }

    try {
      rmSync(destination, { recursive: true, force: true });
      renameSync(staging, destination);
    } catch (error) {
      // Another build was faster: its result is as good as ours.
      if (!isCurrent()) {
        throw error;
      }
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
