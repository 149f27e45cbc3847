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
  shared: () => "複数人で使用",
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
  share: {
    verb: "複数人で使うようにする",
    title: (name) => `「${name}」のアカウントを、複数人で使うようにしますか。`,
    what: "今のパスワードとパスキーは使えなくなり、すべての端末でログアウトします。これからは、ログインのたびに名簿からだれが使うかを選び、投稿にはその人の名前が出ます。",
    done: (name) => `「${name}」を、複数人で使うようにしました。`,
  },
  roster: {
    verb: "名簿を変える",
    title: (name) => `「${name}」を使う人を変えますか。`,
    what: "変えると、今のパスワードとパスキーは使えなくなり、すべての端末でログアウトします。外した人の投稿と名前は、そのまま残ります。",
    done: (name) => `「${name}」の名簿を変えました。`,
  },
  unshare: {
    verb: "ひとりで使うアカウントにもどす",
    title: (name) => `「${name}」を、ひとりで使うアカウントにもどしますか。`,
    what: "名簿は終わりになります。今のパスワードとパスキーは使えなくなり、すべての端末でログアウトします。書いた投稿と名前は、そのまま残ります。",
    done: (name) => `「${name}」を、ひとりで使うアカウントにもどしました。`,
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
  roles: "事業所の役割",
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
    done: (name: string) => `${name}さんを登録しました。リンクを送りました。`,
  },
  recovery: {
    title: "なくしたパスキーの復旧",
    lead: "管理者2人で行います。1人が職員の「手続き」から始め、もう1人がここで承認します。承認すると、その人のパスキーはすべて消えます。",
    none: "承認を待っている復旧はありません。",
    of: (name: string) => `${name}さんのパスキー`,
    begun: (name: string, time: string) => `${time} に、${name}さんが始めました`,
    begunByMe: (time: string) => `${time} に、あなたが始めました`,
    why: (reason: string) => `理由：${reason}`,
    until: (time: string) => `${time} までに承認されないと、無効になります。`,
    waits: "ほかの管理者の承認を待っています。",
    opened: "同じ事業所のほかの管理者が、この画面で承認します。",
    approve: "復旧を承認する",
    approveFor: (name: string) => `${name}さんの復旧を承認する`,
    ask: (name: string) => `${name}さんの復旧を承認しますか。`,
    what: "本人に、電話などで確かめてから承認してください。その人のパスキーはすべて消え、すべての端末でログアウトします。",
    done: "復旧を承認しました。本人は、ログインしてパスキーを登録し直せます。",
  },
  roster: {
    again: "入り直すためのリンクが、登録のメールアドレスに届きます。",
    responsible: "責任をもつ人",
    responsibleHint: "このアカウントの使い方に、責任をもつ職員",
    responsibleMissing: "責任をもつ人を選んでください。",
    choose: "選んでください",
    people: "使う人",
    person: (n: number) => `${n}人目`,
    joins: "加える人",
    name: "氏名",
    kana: "ふりがな",
    lineMissing: "氏名とふりがなを書いてください。",
    add: "人を加える",
    drop: "この欄を消す",
    leaves: (name: string) => `${name}さんを外す`,
    nobody: "使う人が、ひとりは必要です。",
    unchanged: "加える人か、外す人を決めてください。",
  },
  region: {
    title: "地域の事業所",
    reading: "読み込んでいます",
    lead: "事務局として見ています。部屋の中は見えません。",
    offices: (n: number) => `事業所 ${n}か所`,
    search: "事業所か管理者の名前で探す",
    people: (n: number) => `職員 ${n}人`,
    admins: (names: string) => `管理者 ${names}`,
    noAdmin: "動ける管理者がいません",
    more: (n: number) => `ほかに${n}か所あります。名前で探してください。`,
    none: "見つかりません。",
  },
};

/** The words every language has. */
export type OfficeWords = typeof officeJa;
