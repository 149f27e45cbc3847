//! The words of an administrator's page about her office, in Japanese. This file is the type; other languages satisfy it.
import type { SecondFactor } from "../../../protocol/bindings/protocol.ts";
import type { Mark, StaffAct } from "../model/office.ts";

/** What is asked before an act about somebody, and what is said once it is done. */
type AskedAct = {
  verb: string;
  title: (name: string) => string;
  what: string;
  done: (name: string) => string;
};

const marks: Record<Mark, (time: string) => string> = {
  locked: (time) => `ロック中・${time} まで`,
  suspended: () => "停止中",
  restricted: () => "読むだけ",
  closed: () => "終了",
  not_entered: () => "まだ入っていません",
  unused: (time) => `${time} から使われていません`,
};

const acts: Record<StaffAct, AskedAct> = {
  unlock: {
    verb: "ロックを解除する",
    title: (name) => `${name}さんのロックを解除しますか。`,
    what: "本人からの頼みか、電話などで確かめてから解除してください。パスワードは変わりません。",
    done: (name) => `${name}さんのロックを解除しました。`,
  },
  restore: {
    verb: "元にもどす",
    title: (name) => `${name}さんの制限をやめて、元にもどしますか。`,
    what: "ログインして、読むことも書くこともできるようになります。",
    done: (name) => `${name}さんを元にもどしました。`,
  },
  reset: {
    verb: "新しいパスワードのリンクを送る",
    title: (name) => `${name}さんに、新しいパスワードを決めるリンクを送りますか。`,
    what: "登録のメールアドレスに届きます。リンクもパスワードも、あなたには見えません。本人が決めるまで、今のパスワードはそのままです。",
    done: (name) => `${name}さんにリンクを送りました。`,
  },
  recover: {
    verb: "なくしたパスキーの復旧を始める",
    title: (name) => `${name}さんのパスキーの復旧を始めますか。`,
    what: "本人がパスキーをなくしたことを確かめてください。ほかの管理者が承認するまで、何も変わりません。",
    done: (name) => `${name}さんの復旧を始めました。`,
  },
  restrict: {
    verb: "読むだけにする",
    title: (name) => `${name}さんを、読むだけにしますか。`,
    what: "すべての端末でログアウトします。ログインし直すと、読むことはできますが、書くことはできません。書いた投稿はそのままです。",
    done: (name) => `${name}さんを、読むだけにしました。`,
  },
  suspend: {
    verb: "利用を止める",
    title: (name) => `${name}さんの利用を止めますか。`,
    what: "すべての端末ですぐにログアウトし、元にもどすまでログインできません。書いた投稿はそのままです。",
    done: (name) => `${name}さんの利用を止めました。`,
  },
  leave: {
    verb: "退職・異動の手続きをする",
    title: (name) => `${name}さんは、この事業所を離れましたか。`,
    what: "この事業所の人として入っていた部屋から、すぐに外れます。ほかに所属がなければ、すべての端末でログアウトします。書いた投稿と名前は、そのまま残ります。",
    done: (name) => `${name}さんの所属を終わりにしました。`,
  },
};

const wanted: Record<SecondFactor, string> = {
  off: "この地域では、二つ目の認証を求めていません。",
  optional: "登録した人にだけ、ログインのときに求めます。",
  required: "全員に、ログインのときに求めます。",
};

export const officeJa = {
  title: "事業所の管理",
  unnamed: "事業所",
  reading: "読み込んでいます",
  devices: "端末と証明書",
  staff: (n: number) => `職員 ${n}人`,
  last: (time: string) => `最後の操作 ${time}`,
  lastNever: "操作の記録はまだありません",
  open: "手続き",
  openFor: (name: string) => `${name}さんの手続き`,
  marks,
  acts,
  reason: "理由",
  reasonHint: "記録に残ります。病状など、部屋に書くことは書かないでください。",
  reasonMissing: "理由を書いてください。",
  going: "手続きしています",
  doneNext: "理由とともに記録に残りました。",
  second: {
    title: "二つ目の認証",
    wanted,
    from: (day: string) => `${day} から、全員に求めます。それまでは任意です。`,
    all: "全員が登録しています。",
    without: (n: number, people: number) => `まだ登録していない人 ${n}人（${people}人のうち）`,
  },
  colleague: {
    open: "職員を登録する",
    title: "職員の登録",
    lead: "登録したアドレスに、はじめてのログインのためのリンクが届きます。ひとりにひとつのアドレスが必要です。",
    name: "氏名",
    nameHint: "事業所名は入れないでください。名前の横に自動で表示されます。",
    nameMissing: "氏名を書いてください。",
    kana: "ふりがな（なくてもかまいません）",
    occupation: "職種",
    email: "メールアドレス",
    emailMissing: "メールアドレスを書いてください。",
    yes: "登録して、リンクを送る",
    cancel: "やめる",
    done: (name: string) => `${name}さんを登録しました。リンクを送りました。`,
  },
  recovery: {
    title: "なくしたパスキーの復旧",
    lead: "管理者2人で行います。1人が職員の「手続き」から始め、もう1人がここで承認します。承認すると、その人のパスキーはすべて消えます。",
    number: "手続きの番号",
    opened:
      "この番号を、同じ事業所のほかの管理者に伝えてください。72時間のうちに承認されないと、無効になります。番号は、あとから見られません。",
    copy: "番号をコピーする",
    copied: "コピーしました",
    numberHint: "復旧を始めた管理者から聞いた番号",
    numberWrong: "手続きの番号を、もう一度確かめてください。",
    approve: "復旧を承認する",
    ask: "この復旧を承認しますか。",
    what: "本人に、電話などで確かめてから承認してください。その人のパスキーはすべて消え、すべての端末でログアウトします。",
    done: "復旧を承認しました。本人は、ログインしてパスキーを登録し直せます。",
  },
};

/** The words every language has. */
export type OfficeWords = typeof officeJa;
