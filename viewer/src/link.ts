// Viewers of one group follow each other: as shares of their pictures, so that films of different sizes go together.
export interface Following {
  /** Middle as shares of width and height, zoom as a multiple of "fit", slice as a share of the stack. */
  x: number;
  y: number;
  zoom: number;
  slice: number;
  /** Low and high where the default window is 0 to 1; null where windows aren't linked. */
  window: [number, number] | null;
  isInverted: boolean; // counts where windows are linked
  /** Where the pointer is, as shares; null where it isn't over the picture. */
  pointer: [number, number] | null;
}

export interface Member {
  group: string;
  follow(what: Following): void;
}

const members = new Set<Member>();

export function join(member: Member): void {
  members.add(member);
}

export function leave(member: Member): void {
  members.delete(member);
}

export function isAlone(member: Member): boolean {
  return othersOf(member).length === 0;
}

export function lead(member: Member, what: Following): void {
  for (const other of othersOf(member)) other.follow(what);
}

function othersOf(member: Member): Member[] {
  return member.group ? [...members].filter((other) => other !== member && other.group === member.group) : [];
}
