// A state directory on a disk that fills up, and on one that may not be written (specification §10): exit 9 with what to do,
// nothing is sent that could not be recorded, and with more room the next run goes on.

import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../../src/errors.ts';
import { packingPlace } from '../support/packing.ts';
import { makePgpKey, pgpMessage, pgpSecrets } from '../support/pgp.ts';
import { readOnlyDisk, smallDisk } from '../support/small-disk.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { checkTrial, csv, newTrial, people, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 60_000 };
const COUNT = 800;

/** A trial whose state is on this disk. */
async function trialOn(directory: string): Promise<Trial> {
  const trial = await newTrial({ state: join(directory, 'state') });
  trial.drop('employees.csv', csv(...people(COUNT)));
  return trial;
}

describe('a disk that fills up', () => {
  // From too small to begin with to full in the middle of the sending: what is met where is for SQLite to decide.
  it.each([64, 160, 260, 400, 520, 640, 760, 900, 1100])(
    'of %d KiB ends a run with 9, or holds it all',
    SLOW,
    async (kib) => {
      const disk = smallDisk(kib);
      const trial = await trialOn(disk.directory);
      const { code, stderr } = await trial.run('--once');
      expect([0, 9]).toContain(code);
      if (code === 9) {
        expect(stderr).toContain('the disk is full');
        expect(stderr).toMatch(/→ (Make room on that disk|Check the disk space)/);
      }
      disk.grow();
      const sent = await trial.writes();
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      // Whatever was sent had been written down first: it is asked about, and not sent again.
      const ids = [...(await trial.writes())].map(({ external_id }) => external_id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(COUNT);
      expect(sent.length).toBeLessThanOrEqual(COUNT);
      expect(snapshotOf(trial)).toHaveLength(COUNT);
      await checkTrial(trial);
    },
  );

  it('where a dry run keeps its copies ends that with 9 as well, and names the place', SLOW, async () => {
    const disk = smallDisk(100);
    const trial = await newTrial({ environment: { TMPDIR: disk.directory } });
    trial.drop('employees.csv', csv(...people(COUNT)));
    const { code, stderr } = await trial.run('plan');
    expect(stderr).toContain(disk.directory);
    expect(stderr).toContain('the disk is full');
    expect(code).toBe(9);
    expect(await trial.requests()).toEqual([]);
  });
});

it('a disk that is full while a file is unpacked ends it as such, whatever is around the file', async () => {
  const own = await makePgpKey();
  const table = Buffer.alloc(400_000, 'id,name\n');
  const packed = [
    { content: gzipSync(table) },
    { content: zipSync({ 'a.csv': new Uint8Array(table) }) },
    { content: await pgpMessage(table, { to: [own], compressed: true }), keys: pgpSecrets(own) },
  ];
  for (const delivered of packed) {
    const at = packingPlace(smallDisk(100).directory);
    const opening = at.open(delivered);
    await expect(opening).rejects.toBeInstanceOf(DatabaseError);
    await expect(opening).rejects.toThrow('the disk is full');
    expect(at.names().filter((name) => name !== 'ballast')).toEqual(['roster']);
  }
});

describe('a state directory on a disk that is mounted read-only', () => {
  it('ends every command that writes with 9 and says so', SLOW, async () => {
    const trial = await trialOn(readOnlyDisk());
    for (const command of ['--once', 'plan', 'doctor']) {
      const { code, stdout, stderr } = await trial.run(command);
      expect(stdout + stderr).toMatch(/is mounted read-only|cannot be opened for writing/);
      expect(code).toBe(9);
    }
    expect(await trial.writes()).toEqual([]);
  });
});
