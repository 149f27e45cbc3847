//! Who reads a room, in words: the same answer for band, composer, sheet and send button. Pure.
import type {
  Card,
  Me,
  Occupation,
  Patient,
  ReaderCount,
  RoomCard,
  RoomKind,
} from "../../../protocol/bindings/protocol.ts";
import { readersBesides, sum } from "../model/draft.ts";
import { ageOf } from "../words/dates.ts";
import type { Words } from "../words/ja.ts";

/** The four circles of readers; each has a dye, a weave and an icon. */
export type Audience = "staff" | "family" | "free" | "pair";

/** The circle of a room kind. */
export function audienceOf(kind: RoomKind): Audience {
  switch (kind) {
    case "timeline_staff":
      return "staff";
    case "timeline_with_recipient":
      return "family";
    case "free_group":
      return "free";
    case "connection":
      return "pair";
  }
}

/** The words of a room's audience for one reader. */
export type AudienceWords = {
  audience: Audience;
  /** Who reads. */
  who: string;
  /** Who does not, or who exactly. */
  not: string;
  /** Over the composer: who will read what I write. */
  line: string;
};

/** What to call the cared-for person of a region. */
export function termOf(me: Me, region: string): string {
  return me.regions.find((face) => face.region === region)?.term_patient ?? "患者";
}

/** A room's audience as one reader is told it. */
export function audienceWords(card: RoomCard, me: Me, words: Words): AudienceWords {
  const audience = audienceOf(card.kind);
  const others = readersBesides(card, me);
  const term = termOf(me, card.region);
  const { band, composer } = words;
  switch (audience) {
    case "staff":
      return { audience, who: band.staff, not: band.staffNot, line: composer.staff(others.staff) };
    case "family":
      return me.kind === "staff"
        ? {
            audience,
            who: readBy(card.readers, words),
            not: inside(card.readers, words),
            line: familyLine(others, words),
          }
        : {
            audience,
            who: band.forFamily,
            not: inside(card.readers, words),
            line: composer.forFamily(others.staff, others.family + others.patient),
          };
    case "free":
      return { audience, who: band.free(term), not: band.freeGroup, line: composer.free(sum(others)) };
    case "pair":
      return {
        audience,
        who: band.pair,
        not: band.pairNot(term),
        line: composer.pair(card.other?.name ?? ""),
      };
  }
}

/** Title of the confirm sheet, the line under it, and the two lines of the send button. */
export type SheetWords = { audience: Audience; title: string; under: string; go: string; goUnder: string };

/** The words of a confirm sheet, counted from the readers the author confirms. */
export function sheetWords(
  card: RoomCard,
  me: Me,
  patient: Patient | undefined,
  count: ReaderCount,
  now: number,
  words: Words,
): SheetWords {
  const audience = audienceOf(card.kind);
  const { sheet, composer } = words;
  const term = termOf(me, card.region);
  const to = patient
    ? sheet.post(words.nameplate.called(patient.kana, ageOf(patient.birth_date, now)))
    : sheet.postFree(sum(count));
  switch (audience) {
    case "staff":
      return {
        audience,
        title: sheet.staff,
        under: sheet.staffNot,
        go: to,
        goUnder: sheet.staffRead(count.staff),
      };
    case "family": {
      const who = willRead(count, words);
      return me.kind === "staff"
        ? {
            audience,
            title: count.family === 0 && count.patient > 0 ? sheet.patient : sheet.family,
            under: who,
            go: to,
            goUnder: familyLine(count, words),
          }
        : {
            audience,
            title: sheet.forFamily,
            under: who,
            go: to,
            goUnder: composer.forFamily(count.staff, count.family + count.patient),
          };
    }
    case "free":
      return {
        audience,
        title: sheet.free,
        under: sheet.freeNot(term),
        go: sheet.postFree(sum(count)),
        goUnder: sheet.noPatient(term),
      };
    case "pair": {
      const name = card.other?.name ?? "";
      return {
        audience,
        title: sheet.pair(name),
        under: sheet.pairNot,
        go: sheet.postPair(name),
        goUnder: composer.pair(name),
      };
    }
  }
}

/** Where a connection stands. */
export function connectionWord({ membership, state }: RoomCard, words: Words): string {
  if (membership === "invited") return words.newConnection.offered;
  return state === "proposed" ? words.list.proposed : words.newConnection.connected;
}

/** One character for each occupation, cut into the chop. */
export const CHOP: Record<Occupation, string> = {
  physician: "医",
  dentist: "歯",
  pharmacist: "薬",
  nurse: "看",
  care_manager: "支",
  home_helper: "介",
  physio: "療",
  occupational_therapist: "作",
  dietitian: "栄",
  social_worker: "相",
  clerk: "事",
  secretariat: "局",
  unstated: "・",
  family: "家",
  patient: "本",
};

/** A name as the reader's region shows it: beside the office's, or in one line with it (K-45). */
export function shownName({ name, office }: Pick<Card, "name" | "office">, me: Me | undefined): string {
  const isInOneLine = me?.regions.some((face) => face.display_name === "person_office");
  return isInOneLine && office !== undefined ? `${name}／${office}` : name;
}

/** The family name, for short lists of readers. */
export function shortName(name: string): string {
  return name.split(/[ 　]/)[0] ?? name;
}

function readBy(count: ReaderCount, { band }: Words): string {
  if (count.family > 0 && count.patient > 0) return band.both;
  if (count.patient > 0) return band.patient;
  return count.family > 0 ? band.family : band.familyRoom;
}

function inside(count: ReaderCount, words: Words): string {
  const { band } = words;
  const parts = [
    ...(count.patient > 0 ? [band.himself] : []),
    ...(count.family > 0 ? [band.families(count.family)] : []),
    band.staffs(count.staff),
  ];
  return parts.join("・");
}

/** What the composer's line and the send button of a family room say to staff. */
function familyLine(count: ReaderCount, { composer, sheet }: Words): string {
  if (count.family > 0 && count.patient > 0) return composer.both(count.family + count.patient);
  if (count.patient > 0) return composer.patient;
  return count.family > 0 ? composer.families(count.family) : sheet.staffRead(count.staff);
}

function willRead(count: ReaderCount, words: Words): string {
  const { sheet, band } = words;
  const near = count.family + count.patient;
  const staff = band.staffs(count.staff);
  if (near === 0) return sheet.willRead(staff);
  const family = count.patient > 0 ? sheet.bothCount(near) : sheet.familyCount(near);
  return sheet.willRead(sheet.and(family, staff));
}
