//! The words of the pages about devices, in Japanese. This file is the type; other languages satisfy it.
import type {
  Attestation,
  DeviceKind,
  DeviceState,
  OsFamily,
  Ownership,
} from "../../../protocol/bindings/protocol.ts";
import type { CertificateStanding, DeviceAct } from "../model/ledger.ts";

/** What is asked before a device is stopped, released or given up, and what is said once it is done. */
type AskedAct = { title: (name: string) => string; what: string; done: (name: string) => string };

const kind: Record<DeviceKind, string> = {
  phone: "スマートフォン",
  tablet: "タブレット",
  computer: "パソコン",
};
const family: Record<OsFamily, string> = {
  android: "Android",
  ios: "iPhone・iPad（iOS・iPadOS）",
  windows: "Windows",
  macos: "Mac（macOS）",
  chromeos: "Chromebook（ChromeOS）",
  linux: "Linux",
  other: "そのほか",
};
const ownership: Record<Ownership, string> = {
  office: "事業所の端末",
  association_loan: "貸与された端末",
  private: "私物",
};
const state: Record<DeviceState, string> = {
  applied: "承認待ち",
  approved: "承認済み",
  stopped: "停止中",
  retired: "廃止",
};
const attestations: Record<Attestation, string> = {
  screen_lock: "自動で画面がロックされる",
  start_up_password: "起動するときにパスワードを求める",
  virus_protection: "ウイルス対策が働き、最新になっている",
  current_system: "OSが最新になっている",
  official_sources: "アプリは公式の入手先からだけ入れる",
  permitted_apps: "許可されたアプリだけが入っている",
  vulnerability_check: "弱点がないか点検している",
  no_file_sharing: "ファイル共有ソフトが入っていない",
  safe_wifi: "だれでも使えるWi-Fiにつながない",
  clear_screen: "席をはなれるときも、画面をほかの人に見せない",
  locked_storage: "使わないときは、鍵のかかる場所にしまう",
  privacy_filter: "のぞき見を防ぐフィルターを付けている",
  remote_wipe: "遠隔で消去できる",
  line_stop: "回線をすぐに止められる",
  device_management: "端末管理のしくみに入っている",
  remote_lock_other: "ほかの方法で、遠隔でロックできる",
};
const standing: Record<CertificateStanding, (day: string) => string> = {
  good: (day) => `証明書の期限 ${day}`,
  soon: (day) => `証明書の期限が近づいています・${day} まで`,
  ended: (day) => `証明書の期限が切れました・${day}`,
  revoked: (day) => `証明書は失効しました（期限 ${day}）`,
};
const acts: Record<DeviceAct, string> = {
  approve: "承認する",
  issue: "証明書を発行する",
  bind: "ほかの認証局の証明書を登録する",
  release: "また使えるようにする",
  stop: "この端末を止める",
  retire: "廃止する",
};
const asked: Record<"stop" | "release" | "retire", AskedAct> = {
  stop: {
    title: (name) => `${name}を止めますか。`,
    what: "この端末のログインはすぐに終わります。止まるのはこの1台だけです。ほかの端末と、書いた投稿はそのままです。",
    done: (name) => `${name}を止めました。`,
  },
  release: {
    title: (name) => `${name}を、また使えるようにしますか。`,
    what: "止める前の状態にもどります。使う人は、もう一度ログインします。",
    done: (name) => `${name}を、また使えるようにしました。`,
  },
  retire: {
    title: (name) => `${name}を廃止しますか。`,
    what: "ログインはすぐに終わり、証明書は失効します。元にはもどせません。",
    done: (name) => `${name}を廃止しました。`,
  },
};

export const devicesJa = {
  title: "端末と証明書",
  reading: "読み込んでいます",
  none: "登録された端末は、まだありません。",
  count: (n: number) => `端末 ${n}台`,
  kind,
  family,
  ownership,
  state,
  attestations,
  standing,
  acts,
  asked,
  heldBy: (name: string) => `使う人 ${name}`,
  heldByAll: "事業所で共用",
  heldByUnknown: "使う人は、この事業所にいません",
  appliedFor: (text: string) => `申請「${text}」`,
  attested: (day: string) => `確認した日 ${day}`,
  open: "手続き",
  openFor: (name: string) => `${name}の手続き`,
  going: "手続きしています",
  revoke: "失効させる",
  revokeThat: (day: string) => `証明書（期限 ${day}）を失効させる`,
  revokeAsk: (name: string) => `${name}の証明書を失効させますか。`,
  revokeWhat: "この証明書でのログインはすぐに終わり、もう使えません。元にはもどせません。",
  revoked: (name: string) => `${name}の証明書を失効させました。`,
  approve: {
    title: (name: string) => `${name}を承認しますか。`,
    what: "確かめたことに印をつけてください。承認すると、証明書を発行できるようになります。",
    attestations: "確かめたこと",
    needed: "必要です",
    permission: "書面による許可",
    permissionWhy: "私物の端末には、使う人の申請と、書面による許可が必要です。",
    date: "許可の日付",
    signer: "許可した人",
    scope: "許可の範囲",
    scopeHint: "例：訪問先での連絡",
    missing: "許可の日付・許可した人・範囲を入れてください。",
    done: (name: string) => `${name}を承認しました。`,
  },
  issue: {
    title: (name: string) => `${name}の証明書を発行しますか。`,
    what: "証明書のファイルと、それを開くパスワードが、1回だけ表示されます。使う端末に入れる準備ができてから発行してください。",
    legacy: "古い端末のための形式にする",
    legacyHint: "ファイルを読み込めない端末のときだけ選んでください。",
    issued: (name: string) => `${name}の証明書`,
    issuedWhat: "閉じると、どちらももう見られません。パスワードは、ファイルとは別の方法で伝えてください。",
    until: (day: string) => `期限 ${day}`,
    passphrase: "ファイルを開くパスワード",
    download: "ファイルを保存する",
    downloaded: "保存しました",
    close: "端末に入れたので閉じる",
  },
  bind: {
    title: (name: string) => `${name}に、ほかの認証局の証明書を登録しますか。`,
    what: "設定された認証局が出した証明書だけを登録できます。",
    label: "証明書（PEM）",
    hint: "「-----BEGIN CERTIFICATE-----」から始まる文字です。秘密鍵は入れないでください。",
    missing: "証明書を入れてください。",
    done: (name: string) => `${name}に証明書を登録しました。`,
  },
  all: {
    title: "すべての端末を止める",
    lead: "まとめてなくしたときや、攻撃を受けたときのためのものです。",
    stop: (n: number) => `すべての端末（${n}台）を止める`,
    ask: (n: number) => `事業所の端末 ${n}台を、すべて止めますか。`,
    what: (names: string) =>
      `${names}。この端末のログインは、すべてすぐに終わり、報告の下書きができます。もどすには、1台ずつ「また使えるようにする」を選びます。`,
    done: (n: number) => `${n}台を止めました。`,
    none: "止める端末はありません。",
  },
  register: {
    title: "端末を登録する",
    lead: "使う端末を登録すると、事業所の管理者が承認します。",
    leadOffice: "事業所で共用する端末を登録します。登録のあとで承認してください。",
    name: "端末の名前",
    nameHint: "ほかの端末と見分けられる名前。例：訪問用スマートフォン1",
    nameMissing: "端末の名前を入れてください。",
    kind: "種類",
    ownership: "だれの端末か",
    family: "OSの種類",
    os: "OSとその版",
    osHint: "例：Android 16",
    osMissing: "OSとその版を入れてください。",
    stockRecord: "在宅版カルテ（情報ストックシステム）にも使う",
    application: "私物を使う理由と範囲（申請）",
    applicationHint: "例：訪問先での連絡のため。事業所の管理者が、書面による許可とあわせて承認します。",
    applicationMissing: "私物を使う理由と範囲を入れてください。",
    attestations: "この端末について確かめたこと",
    attestationsHint: "当てはまるものだけに印をつけてください。",
    go: "登録する",
    going: "登録しています",
    done: (name: string) => `${name}を登録しました。事業所の管理者が承認するのを待ってください。`,
    doneOffice: (name: string) => `${name}を登録しました。`,
  },
  mine: {
    title: "わたしの端末",
    lead: "あなたが使う端末として登録されているものです。",
    none: "登録された端末はありません。",
    lost: "端末をなくしたとき",
    lostLead:
      "届け出ると、あなたのログインは、この画面もふくめてすべての端末で終わります。次にログインするときに、新しいパスワードを決めます。登録された端末を選ぶと、その端末も止まります。",
    lostWhich: "なくした端末",
    lostOther: "登録していない端末、または分からない",
    go: "紛失を届け出る",
    ask: "端末の紛失を届け出ますか。",
    askWhat:
      "すべての端末でログアウトします。まだ送っていない書きかけは消えます。保存された投稿はそのままです。",
    reporting: "届け出ています",
  },
  report: {
    title: "端末をなくしたとき",
    lead: "事業所の管理者に、端末をなくしたことを知らせます。この届け出だけでは、ログインは止まりません。",
    phone:
      "急ぐときは、事業所の管理者にすぐ電話してください。ログインできるときは、ログインして「わたしの端末」から届け出ると、すぐに止まります。",
    what: "何が起きたか",
    whatHint: "いつ、どこで、どの端末か。患者さんのことは書かないでください。",
    whatMissing: "何が起きたかを書いてください。",
    go: "届け出る",
    going: "届け出ています",
    done: "届け出を受け付けました。登録があれば、事業所の管理者に伝わります。急ぐときは、管理者に電話してください。",
  },
};

/** The words every language has. */
export type DevicesWords = typeof devicesJa;
