export interface Part {
  readonly lines: number;
  readonly covered: number;
}

export interface Rooms {
  readonly rooms: ReadonlyMap<string, Part>;
  readonly all: Part;
}

export function byRoom(files: readonly (Part & { readonly file: string })[]): Rooms;
export function table(rooms: Rooms): string;
export function verdict(name: string, rooms: Rooms, least: number): { readonly line: string; readonly enough: boolean };
