//! The words of what people agree on, in Japanese. This file is the type; other languages satisfy it.
import type { AgreedUse, PermitFrom } from "../../../protocol/bindings/protocol.ts";

export const groupsJa = {
  going: "手続きしています",
  report: "困ったことがあれば報告する",
  agreement: {
    title: "申し合わせ",
    none: "申し合わせは、まだありません。",
    aim: "目的",
    usage: "使い方",
    hours: "時間帯",
    hoursHint: "この部屋だけの時間帯があるときに書きます。例：平日 8:00-18:00",
    use: "書かれたことの、ほかでの利用",
    uses: {
      none: "この部屋のほかでは使わない",
      direct_care: "同じ患者の直接のケアには使ってよい",
      ask_each_time: "そのつど、書いた人にたずねる",
    } satisfies Record<AgreedUse, string>,
    by: (name: string, day: string) => `${day} に ${name}さんが書きました`,
    marked: (n: number) => `確かめた人 ${n}人`,
    mark: "読みました。この申し合わせを守ります",
    isMarked: "確かめました。",
    byJoining: "参加すると、この申し合わせを確かめたことになります。",
    write: "申し合わせを書く",
    change: "申し合わせを変える",
    lead: "参加している人みんなに知らせます。変えると、それぞれがもう一度確かめます。",
    save: "知らせる",
    saved: "申し合わせを知らせました。",
    missing: "入力してください。",
    earlier: (n: number) => `前の申し合わせ（${n}）`,
  },
  permits: {
    title: "患者の情報についての同意",
    lead: "タイムラインが使われるまでの間、患者の同意があるときだけ、つながりに患者の情報を書けます。",
    record: "得た同意を記録する",
    patient: "患者",
    choose: "選んでください",
    from: "同意した人",
    froms: {
      patient: "ご本人",
      family: "ご家族",
      representative: "代理の方",
    } satisfies Record<PermitFrom, string>,
    on: "同意の日",
    note: "どのように、何について同意を得たか",
    save: "記録する",
    saved: "同意を記録しました。タイムラインを開けるよう、進めてください。",
    missing: "入力してください。",
    someone: "患者",
    line: (patient: string, from: string, day: string) => `${patient}：${from}の同意（${day}）`,
    by: (name: string) => `記録：${name}さん`,
    ended: "終わりました",
    end: "記録を終える",
    endOf: (patient: string) => `${patient}の同意の記録を終える`,
    endWhat: "この患者の情報を、このつながりに書けなくなります。",
    reason: "理由",
    done: "記録を終えました。",
  },
  about: {
    label: "患者の情報",
    none: "含まない",
    of: (name: string) => `${name}さんの情報を含む`,
  },
};

/** What every language says. */
export type GroupWords = typeof groupsJa;
