// System tests drive the built program, so it is built once before any test runs.

import { execFileSync } from 'node:child_process';

export default function build(): void {
  if (process.env.WORKSHOP_SYNC_BUILT === '1') return;
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
