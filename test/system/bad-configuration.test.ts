// A configuration that cannot be used: every problem with its line and path, exit 7, and nothing is touched.

import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const edited = (trial: Trial, from: string | RegExp, to: string): string =>
  everydayConfiguration({ ...trial, url: trial.emulator.url }).replace(from, to);

interface BadConfiguration {
  readonly what: string;
  readonly text: (trial: Trial) => string;
  readonly says: readonly string[];
}

const BAD_CONFIGURATIONS: readonly BadConfiguration[] = [
  {
    what: 'an unknown key is told with its line and path, and the key that was probably meant',
    text: (trial) => edited(trial, 'requests_per_second', 'request_per_second'),
    says: ['  line 5: workshop.request_per_second is not a known key; did you mean "requests_per_second"?'],
  },
  {
    what: 'a secret that is not set is told by the name of its variable',
    text: (trial) => edited(trial, '{WORKSHOP_API_KEY}', '{TRIAL_KEY_THAT_NOBODY_SET}'),
    says: ['  line 4: workshop.api_key needs the environment variable TRIAL_KEY_THAT_NOBODY_SET, which is not set'],
  },
  {
    what: 'a secret that is empty is told',
    text: (trial) => edited(trial, '{WORKSHOP_API_KEY}', '{TRIAL_EMPTY_KEY}'),
    says: ['  line 4: workshop.api_key must not be empty'],
  },
  {
    what: 'a secret file that is not there is told with its path',
    text: (trial) => edited(trial, /api_key: .*/, `api_key_file: ${trial.directory}/key`),
    says: ['line 4: workshop.api_key_file names a file that does not exist: '],
  },
  {
    what: 'text that is no YAML is told with its line',
    text: (trial) => edited(trial, 'kind: full', 'kind: full: yes'),
    says: ['  line 12: not valid YAML: two colons in one line'],
  },
  {
    what: 'an empty file is told, with where to begin',
    text: () => '',
    says: ['the configuration is empty: copy config/workshop-sync.example.yaml and adapt it'],
  },
  {
    what: 'several problems are told at once',
    text: (trial) => edited(trial, 'kind: full', 'kind: ful').replace('missing: delete', 'missing: remove'),
    says: [' has 2 problems.', '  line 12: feeds[0].kind', '  line 13: feeds[0].missing'],
  },
];

describe('a configuration that cannot be used', () => {
  it.each(BAD_CONFIGURATIONS)('$what', async ({ text, says }) => {
    const trial = await newTrial({ environment: { TRIAL_EMPTY_KEY: '' } });
    trial.drop('employees.csv', csv(...people(3)));
    trial.configure(text(trial));
    const { code, stdout, stderr } = await trial.run('--once');
    expect(stderr).toMatch(/^Reading the configuration failed: .*workshop-sync\.yaml has /);
    for (const words of says) expect(stderr).toContain(words);
    expect(stderr).toContain(
      '\n  → Correct the lines above; config/workshop-sync.example.yaml shows and explains every key.',
    );
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(existsSync(trial.state)).toBe(false);
    expect(await trial.requests()).toEqual([]);
  });

  it.each([['--once'], ['plan'], ['run'], ['history'], ['report'], ['doctor']])('ends %s with 7', async (command) => {
    const trial = await newTrial();
    trial.configure('workshop: []\n');
    const { code, stdout } = await trial.run(command, '--json');
    expect(code).toBe(7);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('line 1: workshop must be a group of keys');
  });
});

describe('no configuration at all', () => {
  it('is told with the places where it is looked for, and how to begin', async () => {
    const trial = await newTrial();
    const { code, stderr } = await trial.run('--once', '--config', `${trial.directory}/nowhere.yaml`);
    expect(code).toBe(7);
    expect(stderr).toContain(`Reading the configuration failed: ${trial.directory}/nowhere.yaml does not exist.`);
    expect(stderr).toContain('--config FILE, then $WORKSHOP_SYNC_CONFIG, then config/workshop-sync.yaml');
    expect(stderr).toContain('To begin, copy config/workshop-sync.example.yaml');
  });

  it('is told apart from a directory in its place', async () => {
    const trial = await newTrial();
    mkdirSync(`${trial.directory}/place.yaml`);
    const { code, stderr } = await trial.run('--once', '--config', `${trial.directory}/place.yaml`);
    expect(code).toBe(7);
    expect(stderr).toContain('place.yaml is a directory.');
  });
});
