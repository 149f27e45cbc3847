//! The words of the pages about incidents, in Japanese. This file is the type; other languages satisfy it.
import type {
  IncidentKind,
  IncidentStatus,
  RaisedBy,
  SecureAct,
  StepKind,
} from "../../../protocol/bindings/protocol.ts";
import type { IncidentAct } from "../model/incidents.ts";

const kind: Record<IncidentKind, string> = {
  loss: "端末の紛失",
  unauthorised_access: "ほかの人による利用",
  trouble: "異常・端末の停止",
};
const status: Record<IncidentStatus, string> = {
  draft: "未送信の下書き",
  new: "未確認",
  seen: "対応中",
  closed: "対応済み",
};
const raisedBy: Record<RaisedBy, string> = {
  holder: "本人がログインして届け出ました。",
  anybody:
    "ログインせずに届け出がありました。届け出だけでは何も止まりません。本人に電話などで確かめてください。",
  admin: "管理者が端末を止めたときの報告です。",
  operator: "サーバーの運用者が端末を止めたときの報告です。",
};
const steps: Record<StepKind, (name: string) => string> = {
  passed_on: (name) => `${name}さんが事務局に送りました`,
  seen: (name) => `${name}さんが確認しました`,
  secured: (name) => `${name}さんが保護の対応をしました`,
  closed: (name) => `${name}さんが対応を終えました`,
};
const acts: Record<IncidentAct, string> = {
  pass_on: "事務局に送る",
  see: "確認・指示",
  secure: "アカウントと端末を守る",
  close: "対応を終える",
};
const sheets: Record<IncidentAct, { title: string; what: string; yes: string; done: string }> = {
  pass_on: {
    title: "この報告を事務局に送りますか。",
    what: "内容を確かめ、必要なら書き直してください。送ったあとは変えられません。",
    yes: "送る",
    done: "事務局に送りました。",
  },
  see: {
    title: "この報告を確認しましたか。",
    what: "届け出た人への指示があれば書いてください。指示は本人の画面に出て、記録に残ります。",
    yes: "確認した",
    done: "確認を記録しました。",
  },
  secure: {
    title: "アカウントと端末を守りますか。",
    what: "印をつけたことを、まとめてすぐに行います。パスワードをたずねることはありません。本人と管理者に伝わります。",
    yes: "実行する",
    done: "保護の対応をしました。",
  },
  close: {
    title: "この報告への対応を終えますか。",
    what: "どのように終わったかが、記録に残ります。終えたあとは変えられません。",
    yes: "対応を終える",
    done: "対応を終えました。",
  },
};
const secure: Record<SecureAct, string> = {
  end_sessions: "すべての端末でログアウトさせる",
  new_password: "次のログインで新しいパスワードを求める",
  send_link: "パスワード再設定のメールを本人に送る",
  suspend: "アカウントの利用を止める",
};

export const incidentsJa = {
  title: "紛失・異常の報告",
  reading: "読み込んでいます",
  none: "報告はありません。",
  lead: "端末の紛失、ほかの人による利用、異常の報告です。まだ終わっていないものから順に出ます。",
  of: (what: string, name: string) => `${name}さん・${what}`,
  kind,
  status,
  raisedBy,
  steps,
  acts,
  actFor: (act: string, what: string) => `${act}（${what}）`,
  sheets,
  secure,
  devices: "持っている端末",
  stop: (name: string) => `${name}を止める`,
  stopped: (name: string) => `${name}は止まっています`,
  nothing: "行うことに、ひとつ以上印をつけてください。",
  instruction: "指示（なくてもよい）",
  instructionHint: "例：警察に届け、回線を止めてください。",
  text: "報告の内容",
  textMissing: "報告の内容を書いてください。",
  going: "手続きしています",
  said: (text: string) => `「${text}」`,
  mine: "あなたの届け出",
  notMe: {
    title: "身に覚えのないログインがあるとき",
    lead: "届け出ると、この端末もふくめてすべての端末でログアウトし、次のログインで新しいパスワードを決めます。事業所の管理者にも伝わります。",
    go: "身に覚えがないと届け出る",
    ask: "ほかの人に使われたと届け出ますか。",
    askWhat:
      "すべての端末でログアウトします。まだ送っていない書きかけは消えます。保存された投稿はそのままです。",
    going: "届け出ています",
  },
  trouble: {
    title: "異常に気づいたとき",
    lead: "画面や端末の異常を、事業所の管理者に知らせます。ログインはそのままです。",
    what: "何が起きたか",
    hint: "いつ、どの画面で起きたか。患者さんのことは書かないでください。",
    missing: "何が起きたかを書いてください。",
    go: "知らせる",
    going: "知らせています",
    done: "知らせました。指示があれば、この画面に出ます。",
  },
};

/** The words every language has. */
export type IncidentsWords = typeof incidentsJa;
