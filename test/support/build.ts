// System tests drive the built program, so it is built once before any test runs.

import { execFileSync } from 'node:child_process';

export default function build(): void {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
