// The contacts of the emulated company: insertion order, lookups by id and external_id, and who holds which email and phone.

import { randomUUID } from 'node:crypto';

export type AttributeValue = string | number | boolean;

/** The fields of a contact, named as the API names them. Only the importer of another source leaves names out. */
export interface ContactFields {
  external_id: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone_number: string | null;
  attributes: Readonly<Record<string, AttributeValue>>;
}

export interface Contact extends ContactFields {
  readonly id: string;
  /** Grows with every contact ever added; cursors point at it, so deletions never shift a page. */
  readonly position: number;
  /** When the API created it, in ms since 1970. Contacts put in place have none: nothing lags behind for them. */
  createdMs?: number | undefined;
}

export interface Slice {
  readonly contacts: readonly Contact[];
  readonly hasMore: boolean;
}

export class Directory {
  #byId = new Map<string, Contact>();
  #byExternalId = new Map<string, Contact>();
  #emails = new Tally();
  #phones = new Tally();
  /** By position; deleted contacts stay until they are the majority. */
  #ordered: Contact[] = [];
  #nextPosition = 1;
  readonly #onChange: () => void;

  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(id: string): Contact | undefined {
    return this.#byId.get(id);
  }

  byExternalId(externalId: string): Contact | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** Does anybody but `holder` have this email, compared without case? */
  emailTaken(email: string, holder?: Contact): boolean {
    return this.#emails.heldByOther(emailKey(email), holder?.email ? emailKey(holder.email) : null);
  }

  /** Does anybody but `holder` have this phone number, however it is punctuated? */
  phoneTaken(phone: string, holder?: Contact): boolean {
    return this.#phones.heldByOther(phoneKey(phone), holder?.phone_number ? phoneKey(holder.phone_number) : null);
  }

  add(fields: ContactFields, id: string = randomUUID()): Contact {
    const contact: Contact = { ...fields, id, position: this.#nextPosition++ };
    this.#ordered.push(contact);
    this.#index(contact);
    this.#onChange();
    return contact;
  }

  /** Puts back what a state file holds, positions included, so that cursors outlive a restart. */
  restore(contacts: readonly Contact[]): void {
    for (const contact of [...contacts].sort((a, b) => a.position - b.position)) {
      this.#ordered.push(contact);
      this.#index(contact);
      this.#nextPosition = contact.position + 1;
    }
  }

  update(contact: Contact, changes: Partial<ContactFields>): void {
    this.#unindex(contact);
    Object.assign(contact, changes);
    this.#index(contact);
    this.#onChange();
  }

  remove(contact: Contact): void {
    this.#unindex(contact);
    if (this.#ordered.length > 64 && this.#ordered.length > 2 * this.#byId.size) {
      this.#ordered = this.#ordered.filter((each) => this.#byId.get(each.id) === each);
    }
    this.#onChange();
  }

  clear(): void {
    this.#byId.clear();
    this.#byExternalId.clear();
    this.#emails = new Tally();
    this.#phones = new Tally();
    this.#ordered = [];
    this.#onChange();
  }

  /** Up to `limit` contacts after a position, in the order they were added. */
  slice(afterPosition: number, limit: number): Slice {
    const contacts: Contact[] = [];
    for (let index = this.#firstAfter(afterPosition); index < this.#ordered.length; index++) {
      const contact = this.#ordered[index];
      if (contact === undefined || this.#byId.get(contact.id) !== contact) continue;
      if (contacts.length === limit) return { contacts, hasMore: true };
      contacts.push(contact);
    }
    return { contacts, hasMore: false };
  }

  /** Everybody, in the order they were added. */
  all(): Contact[] {
    return [...this.slice(0, Number.POSITIVE_INFINITY).contacts];
  }

  #firstAfter(position: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordered[middle]?.position ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #index(contact: Contact): void {
    this.#byId.set(contact.id, contact);
    if (contact.external_id !== null) this.#byExternalId.set(contact.external_id, contact);
    if (contact.email !== null) this.#emails.add(emailKey(contact.email));
    if (contact.phone_number !== null) this.#phones.add(phoneKey(contact.phone_number));
  }

  #unindex(contact: Contact): void {
    this.#byId.delete(contact.id);
    if (contact.external_id !== null) this.#byExternalId.delete(contact.external_id);
    if (contact.email !== null) this.#emails.drop(emailKey(contact.email));
    if (contact.phone_number !== null) this.#phones.drop(phoneKey(contact.phone_number));
  }
}

/** How many contacts hold a value: more than one is possible while uniqueness is switched off. */
class Tally {
  readonly #holders = new Map<string, number>();

  add(key: string): void {
    this.#holders.set(key, (this.#holders.get(key) ?? 0) + 1);
  }

  drop(key: string): void {
    const left = (this.#holders.get(key) ?? 0) - 1;
    if (left > 0) this.#holders.set(key, left);
    else this.#holders.delete(key);
  }

  heldByOther(key: string, ownKey: string | null): boolean {
    return (this.#holders.get(key) ?? 0) > (key === ownKey ? 1 : 0);
  }
}

function emailKey(email: string): string {
  return email.toLowerCase();
}

function phoneKey(phone: string): string {
  return phone.toLowerCase().replace(/[\s().-]/g, '');
}
