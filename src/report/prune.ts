// Old reports hold personal data and are removed once they have been kept as long as the configuration says.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes the report directories in `reportsDirectory` that were written more than `keepMs` before `nowMs`, and gives
 * their names. What cannot be removed is left for the next time: a run does not fail over an old report.
 */
export function pruneReports(reportsDirectory: string, keepMs: number, nowMs: number): string[] {
  return namesIn(reportsDirectory).filter((name) => {
    try {
      const directory = join(reportsDirectory, name);
      if (statSync(directory).mtimeMs >= nowMs - keepMs) return false;
      rmSync(directory, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
