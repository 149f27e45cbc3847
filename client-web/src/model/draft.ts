//! What somebody is writing, and the sheet it passes before it is posted. Pure.
import type {
  AccountId,
  Draft,
  Finding,
  Member,
  PatientId,
  PostId,
  Preview,
  ReaderCount,
  ReaderGroup,
  RoomCard,
  RoomId,
} from "../../../protocol/bindings/protocol.ts";
import { readersOf } from "../wire/outbox.ts";
import { byOffice, present } from "./receipts.ts";

/** A post on its way. */
export type { Waiting } from "../wire/outbox.ts";
/** An author's own word on a post in a free group. */
export { WITHOUT_PATIENT_DATA } from "../wire/outbox.ts";

/** A text that is being written in a room. Lives in memory only. */
export type Writing = {
  readonly text: string;
  readonly replyTo: PostId | undefined;
  /** The patient whose data it carries, in a connection. */
  readonly about?: PatientId | undefined;
};

/** Nothing written. */
export const BLANK: Writing = { text: "", replyTo: undefined };

/** The confirm sheet: what will be posted, and who reads it. */
export type Sheet = {
  readonly draft: Draft;
  readonly readers: readonly ReaderGroup[];
  readonly count: ReaderCount;
  readonly findings: readonly Finding[];
  /** What the author is told of beside; it holds nothing up. */
  readonly reminders: readonly Finding[];
  /** Absent while not connected: readers are those last known, and are asked for again before it goes. */
  readonly preview: Preview | undefined;
  /** The post is on its way already and is confirmed again. */
  readonly isAgain: boolean;
};

/** The draft of a text, with an id of its own. */
export function draftOf(room: RoomId, writing: Writing, post: PostId): Draft {
  const reply = writing.replyTo === undefined ? {} : { reply_to: writing.replyTo };
  const about = writing.about === undefined ? {} : { about: writing.about };
  return { room, post, text: normal(writing.text), ...reply, ...about };
}

/** Its characters as the server counts them: composed, line ends as one. */
export function lengthOf(writing: Writing): number {
  return [...normal(writing.text)].length;
}

function normal(text: string): string {
  return text.normalize("NFC").replaceAll("\r\n", "\n");
}

/** The sheet as the server answered it. */
export function sheetOf(draft: Draft, preview: Preview, isAgain: boolean): Sheet {
  return {
    draft,
    readers: preview.readers,
    count: preview.count,
    findings: preview.findings,
    reminders: preview.reminders ?? [],
    preview,
    isAgain,
  };
}

/** The sheet from the members last known, while nobody can be asked. */
export function sheetFromMemory(draft: Draft, members: readonly Member[], me: AccountId): Sheet {
  const others = members.filter((member) => member.card.account !== me);
  const readers = byOffice(others, me).map((group): ReaderGroup => {
    const people = group.cards.map((card) => ({
      account: card.account,
      name: card.name,
      occupation: card.occupation,
      ...(card.relation === undefined ? {} : { relation: card.relation }),
      ...(card.mark === undefined ? {} : { mark: card.mark }),
    }));
    return { kind: group.kind, people, ...(group.office === undefined ? {} : { office: group.office }) };
  });
  return {
    draft,
    readers,
    count: countOf(others),
    findings: [],
    reminders: [],
    preview: undefined,
    isAgain: false,
  };
}

/** The accounts a sheet names. */
export function readersOfSheet(sheet: Sheet): AccountId[] {
  return sheet.preview
    ? readersOf(sheet.preview)
    : sheet.readers.flatMap((group) => group.people.map((person) => person.account));
}

/** Who reads what I post in a room: its readers without me. */
export function readersBesides(card: RoomCard, me: { kind: "staff" | "patient" | "family" }): ReaderCount {
  const { staff, family, patient } = card.readers;
  const without = (count: number, kind: string) => Math.max(0, me.kind === kind ? count - 1 : count);
  return {
    staff: without(staff, "staff"),
    family: without(family, "family"),
    patient: without(patient, "patient"),
  };
}

/** All of them together. */
export function sum(count: ReaderCount): number {
  return count.staff + count.family + count.patient;
}

function countOf(members: readonly Member[]): ReaderCount {
  const count = { staff: 0, family: 0, patient: 0 };
  for (const { card } of present(members)) count[card.kind] += 1;
  return count;
}
