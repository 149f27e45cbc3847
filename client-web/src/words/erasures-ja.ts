//! The words of complete erasure, in Japanese.
import type { ErasureState, RoomKind, Wisher } from "../../../protocol/bindings/protocol.ts";

const wishers: Record<Wisher, string> = {
  patient: "本人の希望",
  family: "家族の希望",
  representative: "代理人の希望",
  office: "事業所の判断",
};
const states: Record<ErasureState, string> = {
  waiting: "もう一人の確認を待っています",
  cancelled: "取り消されました",
  under_way: "削除しています",
  erased: "完全に削除されました",
};
const kinds: Record<RoomKind, string> = {
  timeline_staff: "スタッフのタイムライン",
  timeline_with_recipient: "ご本人・ご家族とのタイムライン",
  free_group: "自由グループ",
  connection: "つながり",
};

export const erasuresJa = {
  way: "完全削除",
  title: "完全削除",
  lead: "部屋の投稿をすべて、二度と読めないように消します。申し込んだ人とは別の、もう一人が決めます。",
  reading: "読み込んでいます",
  none: "申し込みはありません。",
  wishers,
  states,
  kinds,
  asked: (name: string, day: string) => `${day}に${name}さんが申し込みました`,
  seconded: (name: string) => `${name}さんが決めました`,
  given: (day: string) => `希望のあった日：${day}`,
  who: (name: string, relation: string | undefined) =>
    relation ? `${name}さん（${relation}）` : `${name}さん`,
  second: "消去を決める",
  secondTitle: "この部屋を完全に削除しますか？",
  secondWhat: "全員がすぐに部屋から出ます。投稿は鍵ごと消え、だれにも元に戻せません。",
  isSeconded: "決めました。まもなく証明書ができます。",
  cancel: "取り消す",
  cancelTitle: "申し込みを取り消しますか？",
  cancelWhat: "部屋はそのまま残ります。",
  cancelled: "取り消しました。",
  going: "送っています",
  certificate: {
    title: "証明書",
    posts: (n: number) => `投稿 ${n} 件を削除しました`,
    destroyed: (at: string) => `鍵の消去：${at}`,
    cleared: (at: string) => `内容の削除：${at}`,
    content: (at: string) => `それより前のバックアップに、開けない形で残りうる期限：${at}`,
    keys: (at: string) => `ほかの場所にある鍵の写しが残りうる期限：${at}`,
    statement: "署名された記録",
  },
  ask: {
    open: "完全削除を申し込む",
    title: (name: string) => `${name}さんのタイムラインの完全削除`,
    what: "まだ何も消えません。申し込みのあと、もう一人が確かめて決めます。",
    wisher: "だれの希望ですか",
    name: "希望した人の氏名",
    nameMissing: "氏名を書いてください。",
    relation: "患者さんとの続柄",
    relationMissing: "続柄を書いてください。",
    givenOn: "希望のあった日",
    givenOnMissing: "日付を選んでください。",
    evidence: "どのように確かめましたか",
    evidenceHint: "書面・電話など、受け取り方と本人の確かめ方",
    reason: "消去する理由",
    evidenceMissing: "書いてください。",
    yes: "申し込む",
    done: "申し込みました。もう一人の確認を待っています。",
  },
};

/** What these pages say. */
export type ErasuresWords = typeof erasuresJa;
