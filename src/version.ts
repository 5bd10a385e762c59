// Who we are: the version of this program, from its package.json.

import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Such as `0.1.0`. */
export const PROGRAM_VERSION: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';

/** What every request says it comes from. */
export const USER_AGENT = `workshop-sync/${PROGRAM_VERSION}`;
