// A company whose file changes from round to round as files do, with rows that we reject and people whom Workshop
// refuses; and who is to be in Workshop once such a file is in. It knows nothing of what the program does with it.

import type { Random } from '../support/random.ts';
import { csv } from '../support/trial.ts';
import { changed, FLAWS, type Flaw, type Held, heldOf, type Member, newMember, rowsOf } from './member.ts';
import { type Changes, countOf, noChanges, type Step, wordsOf } from './step.ts';

const FORMER_KEPT = 300;

export class ChangingCompany {
  readonly #size: number;
  readonly #members = new Map<number, Member>();
  /** Who left and may come back. */
  #former: Member[] = [];
  readonly #flaws = new Map<number, Flaw>();
  /** By number: the external_id under which Workshop would be asked to change them. */
  readonly #refused = new Map<number, string>();
  #held: ReadonlyMap<string, Held> = new Map();
  /** By number: under which id Workshop holds them. */
  readonly #heldIds = new Map<number, string>();
  #lastNumber = 0;
  /** Values beyond those that people join with. */
  #lastValue = 3_000_000;

  constructor(size: number) {
    this.#size = size;
  }

  /** The next file. The first one has everybody as a joiner. */
  step(random: Random): Step {
    const isFirst = this.#lastNumber === 0;
    const settled = this.#release(random);
    const changes = this.#change(isFirst ? this.#size : this.#sizeOfStep(random), settled, random);
    if (!isFirst) this.#spoil(settled, changes, random);
    const expected = this.#expected();
    const present = this.#present();
    this.#held = expected;
    this.#rememberIds();
    const refused = [...this.#refused.values()];
    const isRefused = (number: number) => this.#refused.has(number);
    return {
      words: wordsOf(changes, this.#flaws.size, refused.length),
      changes: countOf(changes),
      file: csv(...[...this.#members.values()].flatMap((member) => rowsOf(member, this.#flaws.get(member.number)))),
      expected,
      refused,
      hasRejects: this.#flaws.size > 0,
      present,
      leavers: changes.left.filter(({ number }) => !isRefused(number)).map(({ id }) => id),
      movedOffice: [...changes.movedOffice].filter(([number]) => !isRefused(number)).map(([, id]) => id),
    };
  }

  /** No file: everybody stays as they are. */
  pause(): Step {
    const nobody = { refused: [], hasRejects: false, leavers: [], movedOffice: [] };
    const file = csv(...[...this.#members.values()].flatMap((member) => rowsOf(member, undefined)));
    return {
      words: 'broken off',
      changes: 0,
      file,
      expected: this.#held,
      present: new Set(this.#held.keys()),
      ...nobody,
    };
  }

  #sizeOfStep(random: Random): number {
    if (random.chance(0.06)) return 0;
    if (random.chance(0.2)) return 1 + random.below(6);
    // Of a small company more, lest most rounds have nothing to be disturbed.
    return Math.ceil(Math.max(this.#size * random.between(0.01, 0.05), random.between(0, 40)));
  }

  /** Rows are corrected, and Workshop takes people whom it refused. Gives who is as Workshop has them, in random order. */
  #release(random: Random): number[] {
    const stay = random.shuffled(this.#members.keys()).filter((n) => !this.#flaws.has(n) && !this.#refused.has(n));
    for (const number of this.#flaws.keys()) if (random.chance(0.6)) this.#flaws.delete(number);
    for (const number of this.#refused.keys()) if (random.chance(0.5)) this.#refused.delete(number);
    return stay;
  }

  /** Changes about `size` people, whom it takes from `settled`. */
  #change(size: number, settled: number[], random: Random): Changes {
    const isFirst = this.#lastNumber === 0;
    const share = (part: number) => (isFirst ? 0 : Math.round(size * part * random.between(0, 2)));
    const take = (count: number) =>
      settled.splice(0, count).flatMap((number) => this.#members.get(number) ?? ([] as Member[]));
    const changes = noChanges();
    changes.joined = isFirst ? size : share(0.2);
    this.#welcomeBack(share(0.05), changes, random);
    this.#leave(take(share(0.24)), changes);
    this.#join(changes, random);
    this.#move(take(share(0.36)), changes, random);
    this.#rekey(take(share(0.05)), changes);
    this.#exchange(take(share(0.1)), changes, random);
    return changes;
  }

  #welcomeBack(count: number, changes: Changes, random: Random): void {
    const returning = random.shuffled(this.#former.filter(({ number }) => !this.#refused.has(number))).slice(0, count);
    this.#former = this.#former.filter((each) => !returning.includes(each));
    for (const member of returning) this.#members.set(member.number, { ...member, office: 'Back' });
    changes.returned = returning.length;
  }

  #leave(leavers: readonly Member[], changes: Changes): void {
    for (const member of leavers) {
      this.#members.delete(member.number);
      changes.independent.set(member.number, member.id);
    }
    changes.left = [...leavers];
  }

  /** Some of those who join are given the phone of somebody who leaves. */
  #join(changes: Changes, random: Random): void {
    const phones = changes.left.filter(({ mobile }) => mobile !== '' && random.chance(0.3));
    for (let count = 0; count < changes.joined; count += 1) {
      this.#lastNumber += 1;
      const member = newMember(this.#lastNumber);
      const giver = phones.pop();
      this.#members.set(member.number, giver === undefined ? member : { ...member, mobile: giver.mobile });
      if (giver === undefined) {
        changes.independent.set(member.number, member.id);
        continue;
      }
      changes.tookPhone += 1;
      changes.independent.delete(giver.number);
      changes.left = changes.left.map((each) => (each === giver ? { ...each, mobile: '' } : each));
    }
    this.#former = [...changes.left, ...this.#former].slice(0, FORMER_KEPT);
  }

  #move(movers: readonly Member[], changes: Changes, random: Random): void {
    for (const before of movers) {
      this.#lastValue += 1;
      const { member, onlyAttributes } = changed(before, this.#lastValue, random);
      this.#members.set(member.number, member);
      if (onlyAttributes) changes.independent.set(member.number, member.id);
      if (member.office !== before.office) changes.movedOffice.set(member.number, member.id);
    }
    changes.moved = movers.length;
  }

  #rekey(members: readonly Member[], changes: Changes): void {
    for (const member of members) {
      this.#lastValue += 1;
      this.#members.set(member.number, { ...member, id: `R ${this.#lastValue}/${member.number}` });
      changes.independent.set(member.number, member.id);
    }
    changes.rekeyed = members.length;
  }

  /** Pairs, and now and then three in a circle. Only one of the two values, lest they seem to be one another. */
  #exchange(members: Member[], changes: Changes, random: Random): void {
    while (members.length > 1) {
      const circle = members.splice(0, random.chance(0.2) ? 3 : 2);
      const field = circle.every(({ mobile }) => mobile !== '') && random.chance(0.5) ? 'mobile' : 'email';
      for (const [index, member] of circle.entries()) {
        const from = circle[(index + 1) % circle.length] ?? member;
        this.#members.set(member.number, { ...member, [field]: from[field] });
      }
      changes.exchanged += circle.length;
    }
  }

  /** Breaks some rows, and lets Workshop refuse some people of whom nobody else needs anything. */
  #spoil(settled: number[], changes: Changes, random: Random): void {
    const whole = (limit: number) => (random.chance(0.4) ? 1 + random.below(limit) : 0);
    for (const number of settled.splice(0, whole(3))) this.#flaws.set(number, random.pick(FLAWS));
    for (const [number, id] of random.shuffled(changes.independent).slice(0, whole(2))) this.#refused.set(number, id);
  }

  #expected(): Map<string, Held> {
    const expected = new Map<string, Held>();
    const stays = (id: string | undefined) => {
      const held = id === undefined ? undefined : this.#held.get(id);
      if (held !== undefined) expected.set(held.external_id, held);
    };
    for (const id of this.#refused.values()) stays(id);
    for (const member of this.#members.values()) {
      if (this.#refused.has(member.number)) continue;
      if (this.#flaws.has(member.number)) stays(member.id);
      else expected.set(member.id, heldOf(member));
    }
    return expected;
  }

  #present(): Set<string> {
    const members = [...this.#members.values()];
    return new Set(members.flatMap(({ number, id }) => [id, this.#heldIds.get(number) ?? id]));
  }

  #rememberIds(): void {
    for (const { number, id } of this.#members.values()) if (this.#held.has(id)) this.#heldIds.set(number, id);
    for (const [number, id] of this.#heldIds) if (!this.#held.has(id)) this.#heldIds.delete(number);
  }
}
