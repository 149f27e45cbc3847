//! An invented region to look at: three patients, every kind of room, a month of posts.
import type { Card, Me, Occupation, Patient } from "../../protocol/bindings/protocol.ts";
import { FakeServer } from "./fake-server.ts";

const id = (n: number) => `0193d1a0-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

let cards = 0;
function card(name: string, kana: string, occupation: Occupation, office?: string, relation?: string): Card {
  cards += 1;
  const kind = occupation === "family" ? "family" : occupation === "patient" ? "patient" : "staff";
  return {
    id: id(0xc00 + cards),
    account: id(0xa00 + cards),
    kind,
    name,
    kana,
    occupation,
    ...(office === undefined ? {} : { office }),
    ...(relation === undefined ? {} : { relation }),
  };
}

const SARASA = "さらさ訪問看護ステーション";

/** The people of the region. */
export const people = {
  nurse: card("高梨 由美子", "たかなし ゆみこ", "nurse", SARASA),
  second: card("水上 亮", "みずかみ りょう", "nurse", SARASA),
  physio: card("木暮 芳", "こぐれ かおる", "physio", SARASA),
  physician: card("鴇田 真一", "ときた しんいち", "physician", "いとまき診療所"),
  helper: card("佐々 みどり", "ささ みどり", "home_helper", "ヘルパーステーション こより"),
  pharmacist: card("森本 さやか", "もりもと さやか", "pharmacist", "たてよこ薬局"),
  manager: card("大槻 恵", "おおつき めぐみ", "care_manager", "はたおり居宅介護支援"),
  daughter: card("菊池 佳代", "きくち かよ", "family", undefined, "長女"),
  patient: card("菊池 春江", "きくち はるえ", "patient"),
};

/** Rooms by name. */
export const rooms = { staff: id(1), family: id(2), kawai: id(3), free: id(4), pair: id(5), invited: id(6) };

const patients: Patient[] = [
  { id: id(0x91), name: "菊池 春江", kana: "きくち はるえ", birth_date: "1942-03-08", sex: "female" },
  { id: id(0x92), name: "河合 とめ", kana: "かわい とめ", birth_date: "1935-02-01", sex: "female" },
];

/** Who runs the service inside her office. */
const admins = [people.nurse, people.manager];

function me(own: Card): Me {
  return {
    account: own.account,
    kind: own.kind,
    name: own.name,
    kana: own.kana,
    lang: "ja",
    affiliations: [
      { id: id(0xd00), region: id(0xe00), card: own, roles: admins.includes(own) ? ["office_admin"] : [] },
    ],
    regions: [
      {
        region: id(0xe00),
        name: "糸瀬市 在宅ケアネット",
        profile: "itose 3",
        term_patient: "患者",
        confirm_post: true,
      },
    ],
    ends: { idle_ms: 1_800_000, at: 4_000_000_000_000, blank_ms: 300_000 },
  };
}

/** A server with the region in it; `history` is how many older posts stand before the written ones. */
export function itose(now: () => number = Date.now, history = 0): FakeServer {
  const server = new FakeServer(now);
  const { nurse, second, physio, physician, helper, pharmacist, manager, daughter, patient } = people;
  const [kikuchi, kawai] = patients;
  if (!kikuchi || !kawai) throw new Error("patients");
  for (const [key, own] of Object.entries(people)) {
    server.people.push({ me: me(own), email: `${key}@example.jp`, password: "tsumugi" });
  }
  for (const one of patients) server.patients.set(one.id, one);
  const room = (
    of: string,
    kind: "timeline_staff" | "timeline_with_recipient" | "free_group" | "connection",
    who: Card[],
    more = {},
  ) =>
    server.rooms.set(of, {
      card: { id: of, region: id(0xe00), kind, ...more },
      state: "active",
      members: who.map((one) => ({ card: one, state: "member", from_position: 1 })),
      posts: [],
      marks: new Map(),
      log: [],
    });
  const team = [nurse, second, physio, physician, helper, pharmacist, manager];
  room(rooms.staff, "timeline_staff", team, { patient: kikuchi.id, steward: SARASA });
  room(
    rooms.family,
    "timeline_with_recipient",
    [physician, nurse, second, manager, helper, daughter, patient],
    {
      patient: kikuchi.id,
      steward: SARASA,
    },
  );
  room(rooms.kawai, "timeline_staff", [nurse, second, physician], { patient: kawai.id, steward: SARASA });
  room(rooms.free, "free_group", [nurse, second, physio, helper, manager], { title: "床ずれケアの勉強会" });
  const free = server.rooms.get(rooms.free);
  if (free) free.aim = "床ずれを防ぐ工夫を持ちよる";
  room(rooms.pair, "connection", [nurse, pharmacist]);
  room(rooms.invited, "free_group", [helper, manager], { title: "災害のときの連絡係" });
  server.rooms.get(rooms.invited)?.members.push({ card: nurse, state: "invited", from_position: 1 });

  const start = now();
  const say = (of: string, by: Card, hoursAgo: number, text: string, more = {}) =>
    server.post(of, by.account, text, { stored_at: start - hoursAgo * 3_600_000, ...more });
  for (let n = 0; n < history; n++) {
    const by = team[n % team.length] ?? nurse;
    say(
      rooms.staff,
      by,
      30 + (history - n) * 2,
      `${n + 1}回目の訪問の記録です。体温 36.${n % 10}。変わりはありません。${"よく眠れています。".repeat(n % 5)}`,
    );
  }
  say(rooms.staff, manager, 27, "来週火曜のデイは、お迎えが30分遅くなります。訪問看護の時間は変わりません。");
  const morning = say(
    rooms.staff,
    second,
    4,
    "朝の訪問です。湿った咳があり、SpO₂がふだんより低めです。仙骨部の赤みは広がっていません。",
  );
  say(
    rooms.staff,
    physician,
    3.5,
    "SpO₂ 91%、見ました。本日15時に臨時で往診します。それまで上体を起こして、水分はとろみをつけて少しずつお願いします。",
    {
      reply_to: morning.id,
    },
  );
  say(rooms.staff, helper, 2, "承知しました。\n昼の訪問のとき、とろみは中間の固さで用意します。");
  say(rooms.family, daughter, 5, "ゆうべは咳で二度起きました。熱はありません。朝ごはんは半分ほどです。");
  say(
    rooms.family,
    nurse,
    3.4,
    "お知らせありがとうございます。今朝うかがい、胸の音と酸素を測りました。鴇田先生に伝えてあります。",
  );
  say(
    rooms.family,
    physician,
    3,
    "今日15時ごろ、わたしがうかがいます。それまでは枕を高くして、飲みものは少しずつにしてください。息が苦しそうなときは、すぐに電話をください。",
  );
  say(rooms.kawai, second, 8, "人工呼吸器の加湿器の水を替えました。回路に水はたまっていません。");
  say(rooms.free, physio, 70, "来月の回は「車いすの座り方」にします。教材を持ちよってください。");
  say(rooms.pair, pharmacist, 50, "来週の勉強会の資料、10部でよいですか。");
  say(rooms.invited, helper, 90, "停電のときの連絡の順番を決めましょう。");
  const { posts = [] } = server.rooms.get(rooms.staff) ?? {};
  server.rooms.get(rooms.staff)?.marks.set(nurse.account, posts.length - 3);
  for (const one of [second, physio, physician, manager]) {
    server.rooms.get(rooms.staff)?.marks.set(one.account, posts.length - (one === manager ? 2 : 0));
  }
  const family = server.rooms.get(rooms.family);
  family?.marks.set(nurse.account, 2);
  for (const one of [physician, daughter, manager, helper]) family?.marks.set(one.account, 2);
  for (const other of [rooms.kawai, rooms.free, rooms.pair]) {
    server.rooms.get(other)?.marks.set(nurse.account, server.rooms.get(other)?.posts.length ?? 0);
  }
  return server;
}
