// How long the soak goes on, and with whom; as `soak.mjs` was asked, or small enough for an ordinary test.

export interface Options {
  readonly people: number;
  /** It goes on until so many rounds are over, and so many minutes as well. */
  readonly runs: number;
  readonly minutes: number;
  readonly seed: number;
  /** One line for every round. */
  readonly isTold: boolean;
}

const SMALL: Options = { people: 300, runs: 8, minutes: 0, seed: 1, isTold: false };

export function soakOptions(environment: NodeJS.ProcessEnv): Options {
  const { SOAK } = environment;
  return SOAK === undefined ? SMALL : { ...SMALL, ...JSON.parse(SOAK), isTold: true };
}
