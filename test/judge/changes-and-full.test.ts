// Files of changes beside full ones, and beside each other: what each of them says counts once, in its time, and nobody is
// removed, brought back or overwritten by what is older.

import { describe, expect, it } from 'vitest';
import { crowd, officeOf, STATUS, withFeeds } from '../support/several-feeds.ts';
import { personRow as row } from '../support/trial.ts';

const UPDATES = { name: 'updates', kind: 'changes' } as const;
const BOTH = [{ name: 'employees' }, UPDATES];

describe('files of changes', () => {
  it('of two feeds may speak of one person after the other', async () => {
    const west = { name: 'west', kind: 'changes' } as const;
    await withFeeds([west, { name: 'east', kind: 'changes' }], async ({ drop, run }) => {
      drop(1, 'west_1.csv', row('1'));
      drop(1, 'east_1.csv', row('5'), row('6'));
      await run();
      drop(2, 'west_2.csv', row('5', { office: 'Boston' }));
      expect((await run()).report).toMatchObject({ exit_code: 0, balanced: true });
    });
  });

  it('are not newer because somebody touched them', async () => {
    await withFeeds([UPDATES], async ({ drop, run }) => {
      drop(1, 'updates_a.csv', row('1', { office: 'left' }), row('9'));
      await run();
      drop(2, 'updates_b.csv', row('1', { office: 'Boston' }));
      await run();
      drop(3, 'updates_a.csv', row('1', { office: 'left' }), row('9'));
      await run();
      drop(4, 'updates_c.csv', row('2'));
      expect(officeOf(await run(), '1')).toBe('Boston');
    });
  });

  it('that are read again bring nothing back that a file said which is not there any more', async () => {
    await withFeeds([UPDATES], async ({ drop, takeOut, run }) => {
      drop(1, 'updates_a.csv', row('1', { office: 'left' }), row('2'), row('8', { email: 'bad' }));
      await run();
      drop(2, 'updates_b.csv', row('1', { office: 'Boston' }), row('9', { email: 'bad' }));
      await run();
      takeOut('updates_b.csv');
      expect(officeOf(await run(), '1')).toBe('Boston');
    });
  });

  it('that come late say nothing of people of whom a later one has spoken', async () => {
    await withFeeds([UPDATES], async ({ drop, takeOut, run }) => {
      drop(3, 'updates_20260103.csv', row('1', { office: 'Boston' }), row('7'));
      await run();
      takeOut('updates_20260103.csv');
      drop(9, 'updates_20260102.csv', row('1', { office: 'Omaha' }), row('7', { office: 'left' }), row('2'));
      const late = await run();
      expect([officeOf(late, '1'), officeOf(late, '7'), officeOf(late, '2')]).toEqual(['Boston', 'Austin', 'Austin']);
      expect(late.report.feeds[0]?.notes.join()).toContain(
        '2 rows are older than what was said of the same people since',
      );
    });
  });

  it('that are overwritten each day are news, also when they say what they said before', async () => {
    await withFeeds([UPDATES], async ({ drop, run }) => {
      for (const [day, office] of ['Austin', 'Boston', 'Austin'].entries()) {
        drop(day + 1, 'updates.csv', row('1', { office }));
        expect(officeOf(await run(), '1')).toBe(office);
      }
    });
  });

  it('do not add up to more rejects than each of them has', async () => {
    await withFeeds(
      [UPDATES],
      async ({ drop, run }) => {
        drop(1, 'updates_0.csv', ...crowd(60));
        await run();
        for (const day of [2, 3, 4, 5]) {
          const bad = [1, 2, 3].map((number) => row(`${day}${number}`, { email: 'bad' }));
          drop(day, `updates_${day}.csv`, ...bad, row(String(100 + day), { office: 'Boston' }));
          expect((await run()).report.exit_code).toBe(4);
        }
      },
      { guarded: true },
    );
  });

  it('that somebody rejected are done: nothing of them is sent with the next one', async () => {
    await withFeeds(
      [UPDATES],
      async ({ drop, run, decide }) => {
        drop(1, 'updates_0.csv', ...crowd(60));
        await run();
        drop(2, 'updates_1.csv', ...crowd(6, 'left'));
        expect((await run()).report.exit_code).toBe(3);
        decide('reject');
        expect((await run()).report.left_out).toBe(6);
        drop(3, 'updates_2.csv', row('100', { office: 'Boston' }));
        const { contacts, report } = await run();
        expect(report.exit_code).toBe(0);
        expect(contacts).toHaveLength(60);
      },
      { guarded: true },
    );
  });
});

describe('files of changes beside a full feed', () => {
  it.each([
    ['absent', [row('2'), row('3')]],
    ['with a row of a leaver', [row('1', { office: 'left' }), row('2')]],
  ])('leave it to the full feed who has left: %s', async (_, rows) => {
    await withFeeds([{ name: 'employees', extra: STATUS }, UPDATES], async ({ drop, run }) => {
      drop(1, 'employees.csv', row('1'), row('2'));
      drop(1, 'updates_0.csv', row('9'));
      await run();
      drop(2, 'updates_1.csv', row('1', { office: 'Boston' }));
      expect(officeOf(await run(), '1')).toBe('Boston');
      drop(3, 'employees.csv', ...rows);
      expect(officeOf(await run(), '1')).toBeUndefined();
    });
  });

  it('keep a leaver in mind whose removal waits for a rejected row of the full feed', async () => {
    await withFeeds(BOTH, async ({ drop, run }) => {
      drop(1, 'employees.csv', row('1'), row('2', { email: 'bad' }), row('3'));
      drop(1, 'updates_0.csv', row('2'), row('9'));
      await run();
      drop(2, 'updates_1.csv', row('2', { office: 'left' }), row('8'));
      await run();
      drop(3, 'employees.csv', row('1'), row('3'), row('4'));
      expect(officeOf(await run(), '2')).toBeUndefined();
    });
  });

  it('count more than it where both are new and they are the newer ones', async () => {
    await withFeeds(BOTH, async ({ drop, run }) => {
      drop(1, 'employees.csv', row('1'), row('2'));
      drop(1, 'updates_0.csv', row('9'));
      await run();
      drop(2, 'employees.csv', row('1'), row('2'), row('3'));
      drop(3, 'updates_1.csv', row('1', { office: 'left' }), row('8'));
      expect(officeOf(await run(), '1')).toBeUndefined();
      expect((await run()).report.operations.planned).toBe(0);
    });
  });

  it('that say of somebody unknown that they left keep the old full file from making them', async () => {
    await withFeeds(BOTH, async ({ drop, run, faults }) => {
      drop(1, 'employees.csv', row('1'));
      drop(1, 'updates_0.csv', row('9'));
      await run();
      await faults([{ method: 'POST', external_id: '2', status: 422, count: 1 }]);
      drop(2, 'employees.csv', row('1'), row('2'));
      await run();
      drop(3, 'updates_1.csv', row('2', { office: 'left' }), row('8'));
      expect(officeOf(await run(), '2')).toBeUndefined();
    });
  });

  it('do not stop it while they are held', async () => {
    const listed = [UPDATES, { name: 'employees' }];
    await withFeeds(
      listed,
      async ({ drop, run }) => {
        drop(1, 'employees.csv', ...crowd(30));
        drop(1, 'updates_0.csv', row('9'));
        await run();
        drop(2, 'updates_1.csv', ...crowd(30));
        expect((await run()).report.exit_code).toBe(3);
        drop(3, 'employees.csv', ...crowd(29).slice(1), row('100', { office: 'Boston' }));
        expect(officeOf(await run(), '100')).toBe('Boston');
      },
      { guarded: true },
    );
  });

  it('are judged by all the people of whom they may speak', async () => {
    await withFeeds(
      BOTH,
      async ({ drop, run }) => {
        drop(1, 'employees.csv', ...crowd(600));
        drop(1, 'updates_0.csv', row('9'));
        await run();
        drop(2, 'updates_1.csv', ...crowd(40, 'Boston'));
        expect((await run()).report.exit_code).toBe(0);
      },
      { guarded: true },
    );
  });
});

describe('full feeds', () => {
  it('agree after one run whose somebody is of whom changes have spoken', async () => {
    await withFeeds([{ name: 'first' }, { name: 'second' }, UPDATES], async ({ drop, run }) => {
      drop(1, 'first.csv', row('4'));
      drop(1, 'second.csv', row('1'));
      drop(1, 'updates_0.csv', row('9'));
      await run();
      drop(2, 'second.csv', row('4', { office: 'Boston' }), row('6'));
      drop(2, 'updates_1.csv', row('4', { office: 'Omaha' }), row('5'));
      await run();
      expect((await run()).report.operations.planned).toBe(0);
    });
  });

  it('that share an export, each with what the other excludes, hand people over', async () => {
    const contractors = '    exclude: [{ column: Department, is: [Contractor] }]\n';
    const others = '    exclude: [{ column: Department, is: [Sales] }]\n';
    const feeds = [
      { name: 'employees', extra: contractors },
      { name: 'contractors', extra: others, file: 'employees*.csv' },
    ];
    await withFeeds(feeds, async ({ drop, run }) => {
      const department = 'Contractor';
      drop(1, 'employees.csv', row('1'), row('2'), row('3', { department }));
      await run();
      drop(2, 'employees.csv', row('1'), row('2', { department, office: 'Boston' }), row('3', { department }));
      expect(officeOf(await run(), '2')).toBe('Boston');
    });
  });

  it('of which one is held after somebody moved to it go on in balance', async () => {
    await withFeeds(
      [{ name: 'us' }, { name: 'uk' }],
      async ({ drop, run }) => {
        const [mover = '', ...stay] = crowd(60);
        const uk = Array.from({ length: 50 }, (_, index) => row(`k${index}`));
        drop(1, 'us.csv', mover, ...stay);
        drop(1, 'uk.csv', ...uk);
        await run();
        drop(2, 'us.csv', ...stay);
        drop(2, 'uk.csv', ...uk.slice(0, 30), mover);
        expect((await run()).report).toMatchObject({ exit_code: 3, balanced: true });
        expect((await run()).report).toMatchObject({ exit_code: 3, balanced: true });
        drop(3, 'uk.csv', ...uk);
        // In neither file: gone.
        const { report, contacts } = await run();
        expect(report).toMatchObject({ exit_code: 0, balanced: true });
        expect(contacts).toHaveLength(109);
      },
      { guarded: true },
    );
  });
});
