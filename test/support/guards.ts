// Guards that let everything through, for tests that are about something else.

const OPEN_GUARDS = `guards:
  deletes: { percent: 100, count: 100000, cap: 1000000 }
  creates: { percent: 100, count: 100000 }
  updates: { percent: 100, count: 100000 }
  cleared: { percent: 100, count: 100000 }
  rows: { drop_percent: 100, grow_percent: 1000, count: 100000 }
  rejects: { percent: 100, count: 100000 }
  identity: { count: 100000 }
`;

/** The configuration with guards that never trip, but for swaps between people. */
export function withOpenGuards(configuration: string): string {
  return configuration + OPEN_GUARDS;
}
