//! The words of profile, photo and verification, in Japanese. This file is the type; other languages satisfy it.
import type { Task, VerificationState } from "../../../protocol/bindings/protocol.ts";

const task: Record<Task, string> = {
  profile: "職種などが、まだ登録されていません。",
  photo: "顔写真を登録すると、相手があなたを見分けやすくなります。",
  verification: "本人認証を受けると、名前のそばに印が付きます。",
  patient_confirmation: "連携元として担当する方のアカウントが、まだ本人確認されていません。",
  pledge: "誓約書がまだです。誓約するまで、部屋の内容は開けません。",
  training: "講習を受ける時期です。",
};
const state: Record<VerificationState, string> = {
  asked: "事務局の確認待ち",
  approved: "認証済み",
  rejected: "認められませんでした",
  lapsed: "取り消し（氏名か職種の変更など）",
};

export const profileJa = {
  marks: {
    verified: "本人認証済み",
    confirmed: "ご本人確認済み",
    confirmedFamily: "ご家族確認済み",
  },
  incomplete: "プロフィール未完成",
  joining: {
    title: "参加する人に求めること",
    hint: "そろっていない人は、そろえるまで参加できません。",
    parts: { profile: "プロフィール（氏名・所属・職種）", photo: "顔写真", verified: "職員は本人認証" },
  },
  title: "プロフィール",
  tasks: "残っていること",
  confirm: "本人確認を記録する",
  task,
  shown: (line: string) => `「${line}」と表示されます。`,
  photo: {
    title: "顔写真",
    lead: "同じ部屋や事業所の人に表示されます。撮影した場所などの情報は残りません。",
    choose: "写真を選ぶ",
    remove: "写真を消す",
    done: "写真を登録しました。",
    removed: "写真を消しました。",
    unreadable: "この画像は読み取れません。JPEG・PNG・WebPの画像を選んでください。",
  },
  who: {
    title: "氏名と職種",
    name: "氏名",
    nameHint: "本人の氏名だけを入力します。事業所名は自動で付きます。",
    kana: "ふりがな",
    occupation: (office: string) => (office === "" ? "職種" : `職種（${office}）`),
    warning: "氏名か職種を変えると、本人認証の印は外れます。",
    save: "変更を保存する",
    done: "プロフィールを保存しました。",
  },
  verification: {
    title: "本人認証",
    lead: "免許証などの画像を事務局が確かめ、名前のそばに印が付きます。画像は事務局だけが見ることができ、決定から30日で消えます。",
    choose: "書類の画像を選んで申し込む",
    done: "申し込みました。事務局の確認をお待ちください。",
    state,
    reason: (text: string) => `事務局から：${text}`,
  },
  reviews: {
    title: "本人認証の確認",
    lead: "書類を確かめて、認めるかどうかを決めます。書類を見るたびに、記録が残ります。",
    none: "確認を待っている申し込みはありません。",
    look: "書類を見る",
    document: (name: string) => `${name}さんが提出した書類`,
    reason: "理由（本人が読みます）",
    approve: "認める",
    reject: "認めない",
    done: (name: string) => `${name}さんの申し込みを決めました。`,
  },
  reading: "読み込んでいます…",
};

/** What every language has to say. */
export type ProfileWords = typeof profileJa;
