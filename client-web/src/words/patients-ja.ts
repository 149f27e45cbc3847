//! The words of the page about patients' data and accounts, in Japanese. This file is the type; other languages satisfy it.
import type { ConfirmationMethod, Patient } from "../../../protocol/bindings/protocol.ts";

const method: Record<ConfirmationMethod, string> = {
  in_person: "対面で確かめた",
  document: "保険証などの書類で確かめた",
  phone: "登録済みの電話番号で確かめた",
  family: "家族や代理の方に確かめた",
  other: "そのほか（メモに書く）",
};
const field: Record<Exclude<keyof Patient, "id">, string> = {
  name: "氏名",
  kana: "ふりがな",
  birth_date: "生年月日",
  sex: "性別",
};
const sex: Record<string, string> = { female: "女性", male: "男性", other: "その他", unknown: "不明" };

export const patientsJa = {
  title: (term: string) => `${term}さんの登録情報と本人確認`,
  lead: "アカウントがご本人（ご家族）のものであることを確かめたら、方法と日付を記録します。アイコンの右上に印が付き、氏名かメールアドレスが変わると外れます。",
  reading: "読み込んでいます",
  none: "担当している方はいません。",
  noAccount: "ご本人・ご家族のアカウントはありません。",
  asked: "本人確認がまだです",
  open: "未確認",
  askOthers: "本人確認は、この方のタイムラインに参加している職員が記録できます。",
  stands: (method: string, on: string, by: string) => `${method}（${on}・${by}）`,
  note: (text: string) => `メモ：${text}`,
  confirm: {
    open: "本人確認を記録する",
    openFor: (name: string) => `${name}さんの本人確認を記録する`,
    title: (name: string) => `${name}さんの本人確認を記録しますか。`,
    what: "氏名と生年月日を、アカウントの持ち主に確かめてください。記録すると、同じ部屋の人に印が見えます。",
    method: "確かめた方法",
    methods: method,
    on: "確かめた日",
    note: "メモ（読めるのは担当の職員だけです）",
    noteHint: "病状など、部屋に書くことは書かないでください。",
    noteMissing: "どのように確かめたかを書いてください。",
    onMissing: "今日までの日付を入れてください。",
    yes: "記録する",
    going: "記録しています",
    done: (name: string) => `${name}さんの本人確認を記録しました。`,
  },
  withdraw: {
    open: "取り消す",
    openFor: (name: string) => `${name}さんの本人確認を取り消す`,
    title: (name: string) => `${name}さんの本人確認を取り消しますか。`,
    what: "印はすぐに外れます。記録は残ります。",
    done: (name: string) => `${name}さんの本人確認を取り消しました。`,
  },
  correct: {
    open: "登録情報を直す",
    openFor: (name: string) => `${name}さんの登録情報を直す`,
    title: (name: string) => `${name}さんの登録情報を直しますか。`,
    what: "直した内容は、この方のタイムラインのみんなにすぐ見えます。直す前の内容と理由も残ります。",
    field,
    sex,
    missing: "入力してください。",
    yes: "直す",
    done: (name: string) => `${name}さんの登録情報を直しました。`,
  },
  history: {
    open: "直した記録",
    openFor: (name: string) => `${name}さんの直した記録`,
    none: "直した記録はありません。",
    change: (field: string, before: string, after: string) => `${field}：${before} → ${after}`,
    empty: "（なし）",
    by: (name: string, time: string) => `${name}・${time}`,
    reason: (text: string) => `理由：${text}`,
  },
  correctors: {
    title: "登録情報を直せる職員",
    lead: "管理者のほかに、登録情報を直せる職員を決められます。",
    none: "管理者だけが直せます。",
    open: "職員を決める",
    who: "職員",
    whoMissing: "職員を選んでください。",
    yes: "決める",
    done: (name: string) => `${name}さんも直せるようになりました。`,
    release: "やめる",
    releaseFor: (name: string) => `${name}さんが直せるのをやめる`,
    releaseTitle: (name: string) => `${name}さんが登録情報を直せるのをやめますか。`,
    releaseWhat: "これまでに直した記録は、そのまま残ります。",
    releaseDone: (name: string) => `${name}さんは、もう直せません。`,
  },
};

/** What every language has to say. */
export type PatientsWords = typeof patientsJa;
