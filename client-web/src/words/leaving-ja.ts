//! The words of being kept out, leaving and moving, in Japanese. This file is the type; other languages satisfy it.

export const leavingJa = {
  readers: {
    title: "タイムラインの参加者",
    lead: "この事業所が管理するタイムラインの参加者です。ほかの事業所の人も、ここから参加を止められます。",
    show: "参加者を見る",
    count: (n: number) => `${n}件のタイムラインに参加`,
    barred: (day: string) => `${day} から参加停止中`,
    bar: "参加を止める",
    barFor: (name: string) => `${name}さんの参加を止める`,
    barTitle: (name: string) => `${name}さんの参加を止めますか。`,
    barWhat:
      "この事業所が管理するすべてのタイムラインから、すぐに外れます。本人に知らせます。再開するまで、どのタイムラインにも入れません。",
    barDone: (name: string) => `${name}さんの参加を止めました。`,
    lift: "参加を再開する",
    liftFor: (name: string) => `${name}さんの参加を再開する`,
    liftTitle: (name: string) => `${name}さんの参加を再開しますか。`,
    liftWhat: "元のタイムラインに戻ります。読めるのは、これからの投稿だけです。本人に知らせます。",
    liftDone: (name: string) => `${name}さんの参加を再開しました。`,
    accounts:
      "アカウントそのものの制限や停止は、その人の事業所の管理者だけができます。必要なときは、その事業所の管理者に依頼してください。",
    none: "参加者はいません。",
  },
  leavers: {
    title: "退職・異動した人",
    left: (day: string) => `${day} に所属が終わりました`,
    rooms: (n: number) => `部屋 ${n}件から外れました`,
    devicesOut: (n: number) => `台帳に端末が ${n}台残っています`,
    devicesBack: "台帳に残っている端末はありません",
    unclosed: "退職後、アカウントが残っています",
    overdue: "7日を過ぎても、アカウントが残っています",
    closed: "アカウントについて、することはありません",
    isDone: "済",
    isOpen: "未",
    help: "アカウントを削除できるのは本人です。本人に頼めないときは、サポート窓口に問い合わせてください。",
  },
  cases: {
    title: "本人に代わる削除",
    lead: "サポート窓口が問い合わせを受け付けたアカウントです。本人に確かめてから手続きしてください。",
    until: (time: string) => `${time} まで`,
    close: "アカウントを削除する",
    closeFor: (name: string) => `${name}さんのアカウントを削除する`,
    ask: (name: string) => `${name}さんのアカウントを、本人に代わって削除しますか。`,
    what: "すぐに使えなくなり、元には戻せません。書いた投稿と名前は、そのまま残ります。",
    done: (name: string) => `${name}さんのアカウントを削除しました。`,
    doneNext: "記録に残りました。",
  },
  join: {
    lead: "本人のアドレスなら、今のアカウントのまま所属してもらえます。本人がログインして承諾すると、職員に加わります。",
    yes: "所属を依頼する",
    done: (name: string) => `${name}さんに所属を依頼しました。`,
    doneNext: "そのアドレスのアカウントに依頼できるときは、本人に知らせました。返事は、お知らせに届きます。",
  },
  admissions: {
    title: "所属の依頼",
    from: (office: string) => `${office} から`,
    as: (name: string, occupation: string) => `「${name}」・${occupation} として`,
    asked: (name: string) => `依頼した管理者：${name}`,
    until: (time: string) => `返事は ${time} まで`,
    accept: "承諾する",
    acceptTitle: (office: string) => `${office} に所属しますか。`,
    acceptWhat:
      "その事業所の管理者が、あなたのアカウントの停止やパスワードの再設定の手続きをできるようになります。すべての端末でログアウトするので、もう一度ログインしてください。",
    decline: "断る",
    declineTitle: (office: string) => `${office} からの依頼を断りますか。`,
    declineWhat: "依頼した管理者に知らせます。ほかには何も変わりません。",
    declined: "依頼を断りました。",
    going: "手続きしています",
  },
  close: {
    title: "アカウントの削除",
    lead: "退職などでもう使わないときは、アカウントを削除してください。",
    noPlace: "今はどの事業所にも所属していません。もう使わないときは、7日のうちに削除してください。",
    open: "アカウントを削除する",
    ask: "アカウントを削除しますか。",
    what: "すべての部屋から外れ、もうログインできません。元には戻せません。書いた投稿と名前は、そのまま残ります。",
    yes: "削除する",
  },
};

/** The words every language has. */
export type LeavingWords = typeof leavingJa;
