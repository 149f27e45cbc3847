//! What notices and mails say, in Japanese and English: the one place of their words.
//!
//! A mail names nobody and nothing, and its subject is fixed by its kind.

use super::letter::Way;
use tsumugi_protocol::{Lang, NoticeKind};

/// What is said about one thing.
pub(super) struct Words {
    /// Subject of the mail.
    pub subject: &'static str,
    /// What happened.
    pub sentence: &'static str,
    /// What to do.
    pub next: &'static str,
}

const fn words(subject: &'static str, sentence: &'static str, next: &'static str) -> Words {
    Words { subject, sentence, next }
}

const NOT_ME_JA: &str = "心当たりがないときは、すぐに事業所の管理者に連絡してください。";
const NOT_ME_EN: &str = "If this was not you, tell your office's administrator at once.";

/// The words of a notice.
pub(super) fn of_notice(kind: NoticeKind, lang: Lang) -> Words {
    match lang {
        Lang::Ja => japanese(kind),
        Lang::En => english(kind),
    }
}

fn japanese(kind: NoticeKind) -> Words {
    let (subject, sentence) = said_in_japanese(kind);
    words(subject, sentence, next_in_japanese(kind))
}

/// Subject and sentence.
#[expect(clippy::too_many_lines, reason = "a few lines for each kind")]
const fn said_in_japanese(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::Locked => {
            ("ログインが止まっています", "パスワードの間違いが続いたため、ログインをしばらく止めました。")
        }
        NoticeKind::Unlocked => {
            ("ログインできるようになりました", "止まっていたログインが、またできるようになりました。")
        }
        NoticeKind::StaffLocked => (
            "職員のログインが止まっています",
            "事業所の職員のログインが、パスワードの間違いが続いたため止まりました。",
        ),
        NoticeKind::SignedInNewDevice => {
            ("新しい端末からのログイン", "はじめての端末からログインがありました。")
        }
        NoticeKind::PasswordChanged => ("パスワードが変わりました", "パスワードが変更されました。"),
        NoticeKind::PasswordResetAsked => {
            ("パスワード再設定の申し込み", "パスワードの再設定の申し込みがありました。")
        }
        NoticeKind::EmailChanged => {
            ("メールアドレスが変わりました", "登録のメールアドレスが変更されました。")
        }
        NoticeKind::EmailChangeAsked => {
            ("メールアドレス変更の申し込み", "登録のメールアドレスを変える申し込みがありました。")
        }
        NoticeKind::Suspended => ("利用が止まりました", "アカウントの利用が一時停止されました。"),
        NoticeKind::Restricted => ("閲覧だけになりました", "アカウントの利用が閲覧だけに制限されました。"),
        NoticeKind::Restored => ("また利用できます", "アカウントがまた利用できるようになりました。"),
        NoticeKind::Closed => {
            ("アカウントが閉じられました", "アカウントが閉じられました。もうログインできません。")
        }
        NoticeKind::EnrolmentSubmitted => ("利用申し込みが届きました", "事業所の利用申し込みが届きました。"),
        NoticeKind::EnrolmentAccepted => (
            "利用申し込みを受け付けました",
            "事業所の利用が認められました。名簿の人に、それぞれ案内が届きます。",
        ),
        NoticeKind::AffiliationEnded => {
            ("所属が終わりました", "事業所などへの所属が終わり、それに伴う部屋への参加も終わりました。")
        }
        NoticeKind::Retired => ("退職・離任のお知らせ", "参加していた職員が、事業所を離れました。"),
        NoticeKind::Barred => (
            "タイムラインへの参加が止まりました",
            "事業所が管理するタイムラインへの参加が、その事業所の管理者によって止められました。",
        ),
        NoticeKind::BarLifted => (
            "タイムラインにまた参加できます",
            "事業所が管理するタイムラインに、また参加できるようになりました。これからの投稿を読めます。",
        ),
        NoticeKind::SupportCase => (
            "アカウントの代理削除の受付",
            "問い合わせを受けて、アカウントを本人に代わって削除できるようにしました。",
        ),
        NoticeKind::StaffSupportCase => (
            "職員のアカウントの代理削除の受付",
            "問い合わせを受けて、職員のアカウントを本人に代わって削除できるようにしました。",
        ),
        NoticeKind::LeftUnclosed => {
            ("退職後のアカウントが残っています", "退職・離任した職員のアカウントが、まだ削除されていません。")
        }
        NoticeKind::AdmissionAsked => {
            ("所属の依頼", "事業所から、今のアカウントのまま所属してほしいという依頼がありました。")
        }
        NoticeKind::AdmissionAccepted => {
            ("所属の依頼への返事", "所属の依頼が承諾され、職員が事業所に加わりました。")
        }
        NoticeKind::AdmissionDeclined => ("所属の依頼への返事", "所属の依頼は断られました。"),
        NoticeKind::FactorAdded => ("ログイン方法が増えました", "ログイン方法が追加されました。"),
        NoticeKind::FactorRemoved => ("ログイン方法が減りました", "ログイン方法が削除されました。"),
        NoticeKind::DeviceStopped => ("端末が止められました", "登録した端末の利用が止められました。"),
        NoticeKind::LossReported => ("端末の紛失の届け出", "端末の紛失の届け出がありました。"),
        NoticeKind::AccountConfirmed => {
            ("アカウントが確認されました", "担当の職員が、アカウントがご本人のものであることを確認しました。")
        }
        NoticeKind::ConfirmationEnded => (
            "アカウントの確認が外れました",
            "氏名やメールアドレスが変わったか、記録の誤りのため、本人確認の印が外れました。",
        ),
        NoticeKind::VerificationAsked => ("本人認証の申し込み", "本人認証の申し込みがありました。"),
        NoticeKind::Verified => ("本人認証が済みました", "本人認証が済み、印が付きました。"),
        NoticeKind::VerificationRejected => {
            ("本人認証ができませんでした", "申し込まれた本人認証は、認められませんでした。")
        }
        NoticeKind::MarkFallen => {
            ("本人認証の印が外れました", "氏名か職種が変わったため、本人認証の印が外れました。")
        }
        NoticeKind::TransferProposed => {
            ("引き継ぎの依頼", "患者の情報の管理を引き継いでほしいという依頼がありました。")
        }
        NoticeKind::TransferAccepted => {
            ("引き継ぎの依頼への返事", "患者の情報の管理の引き継ぎが、承諾されました。")
        }
        NoticeKind::TransferDeclined => {
            ("引き継ぎの依頼への返事", "患者の情報の管理の引き継ぎは、断られました。")
        }
        NoticeKind::TransferEnded => (
            "引き継ぎが取りやめになりました",
            "患者の情報の管理の引き継ぎは、取り消されたか期限が過ぎました。",
        ),
        NoticeKind::StewardChanged => {
            ("責任を持つ事業所が変わりました", "タイムラインに責任を持つ事業所が変わりました。")
        }
        NoticeKind::DelegationGiven => {
            ("管理の委任の依頼", "患者の情報の管理を、代わりに行ってほしいという依頼がありました。")
        }
        NoticeKind::DelegationBegun => {
            ("管理の委任が始まりました", "タイムラインの管理を、任された事業所が代わりに行います。")
        }
        NoticeKind::DelegationEnded => {
            ("管理の委任が終わりました", "タイムラインの管理の委任が終わり、元の事業所が行います。")
        }
        NoticeKind::ReviewDue => {
            ("参加者の見直しの時期です", "タイムラインの参加者を見直す時期になりました。")
        }
        NoticeKind::ReviewOverdue => {
            ("参加者の見直しが遅れています", "タイムラインの参加者の見直しが、期限を過ぎています。")
        }
        NoticeKind::InvitationProposed => {
            ("招待の承認の依頼", "部屋への参加が提案され、管理者の承認を待っています。")
        }
        NoticeKind::Invited => ("部屋への招待", "部屋に招待されています。参加するかどうかを決めてください。"),
        NoticeKind::InvitationRejected => {
            ("招待が承認されませんでした", "提案した人の参加は、承認されませんでした。")
        }
        NoticeKind::InvitationDeclined => {
            ("招待が辞退されました", "提案した人が、部屋への参加を辞退しました。")
        }
        NoticeKind::ErasureAsked => {
            ("完全削除の申し込み", "部屋の完全削除の申し込みがあり、もう一人の確認を待っています。")
        }
        NoticeKind::RoomErased => {
            ("部屋が完全に削除されました", "参加していた部屋が、希望により完全に削除されました。")
        }
        NoticeKind::ErasureCertified => {
            ("完全削除が終わりました", "部屋の完全削除が終わり、証明書ができました。")
        }
        NoticeKind::BackupFailed => {
            ("バックアップができませんでした", "今日のバックアップができませんでした。")
        }
        NoticeKind::Released => {
            ("部屋への参加が終わりました", "管理者によって、部屋への参加が終わりました。")
        }
        NoticeKind::PrivilegeAttempts => (
            "権限を越える操作のお知らせ",
            "事業所の職員が、権限のない操作を短い間に何度も試みました。すべて断っています。",
        ),
        NoticeKind::TimelineDue => (
            "タイムラインを開く時期です",
            "つながりで患者の情報をやり取りしています。タイムラインがまだ使われていません。",
        ),
        NoticeKind::TimelineWanted => (
            "タイムラインに参加を待つ人がいます",
            "患者の同意を得て、つながりで患者のことを書こうとした人がいます。タイムラインへの招待を待っています。",
        ),
        NoticeKind::MemberRetired => {
            ("参加者の退職・離任のお知らせ", "タイムラインに参加していた職員が所属を離れ、退出しました。")
        }
        NoticeKind::RoleOffered => {
            ("役割の依頼", "事業所や地域での役割を引き受けてほしいという依頼がありました。")
        }
        NoticeKind::RoleTaken => {
            ("役割に就いた人がいます", "事業所や地域での役割に、新しく就いた人がいます。")
        }
        NoticeKind::RoleDeclined => ("役割の依頼への返事", "役割の依頼は断られました。"),
        NoticeKind::HeadRecorded => {
            ("事業所の長として記録されました", "事務局が、あなたを事業所の長として記録しました。")
        }
        NoticeKind::RoleEnded => (
            "役割が終わりました",
            "事業所や地域でのあなたの役割が終わりました。もう一度ログインしてください。",
        ),
        NoticeKind::StaffRoleEnded => ("役割を終えた人がいます", "事業所や地域での役割を終えた人がいます。"),
        NoticeKind::OpeningAsked => {
            ("承認の依頼があります", "タイムラインを開くことへの、あなたの承認が求められています。")
        }
        NoticeKind::OpeningApproved => {
            ("タイムラインが承認されました", "開こうとしているタイムラインを、医師が承認しました。")
        }
        NoticeKind::OpeningRejected => (
            "タイムラインは承認されませんでした",
            "開こうとしているタイムラインを、医師が承認しませんでした。",
        ),
        NoticeKind::Instructed => {
            ("医師の指示があります", "タイムラインを開いて管理するよう、医師が指示しました。")
        }
        NoticeKind::TimelineExists => (
            "同じ人のタイムラインかもしれません",
            "あなたの事業所が担当する患者と同じ人かもしれない人のタイムラインを、ほかの人が開きました。",
        ),
        NoticeKind::PhysicianGone => {
            ("担当の医師がいないタイムラインがあります", "担当の医師が参加していないタイムラインがあります。")
        }
        NoticeKind::ExceptionDeclared => (
            "端末の例外が宣言されました",
            "災害などのため、登録していない端末でも使えるようにする例外が宣言されました。",
        ),
        NoticeKind::ExceptionOver => (
            "端末の例外が終わりました",
            "登録していない端末の例外が終わりました。使われたログインの確認を待っています。",
        ),
        NoticeKind::StaffChanged => {
            ("職員の変更の届出", "事業所の職員が加わったか、職員の氏名や職種が変わりました。")
        }
        NoticeKind::TrainingDeclared => {
            ("講習の受講の申告", "職員から、講習を受けたという申告がありました。")
        }
        NoticeKind::AccessReported => (
            "不正な利用の届け出",
            "アカウントがほかの人に使われたという届け出がありました。すべての端末からログアウトし、次のログインで新しいパスワードが必要です。",
        ),
        NoticeKind::AccessSuspected => (
            "不正な利用の疑いの届け出",
            "アカウントがほかの人に使われているかもしれないという届け出がありました。まだ何も止めていません。",
        ),
        NoticeKind::IncidentRaised => ("紛失・異常の報告", "紛失や異常の報告が届きました。"),
        NoticeKind::IncidentWaits => (
            "確認されていない報告があります",
            "紛失や異常の報告が、まだ送られていないか、一日以上確認されていません。",
        ),
        NoticeKind::IncidentSeen => {
            ("報告が確認されました", "あなたのアカウントについての報告が確認されました。")
        }
        NoticeKind::IncidentClosed => {
            ("報告への対応が終わりました", "あなたのアカウントについての報告への対応が終わりました。")
        }
        NoticeKind::Secured => (
            "アカウントを保護しました",
            "報告を受けて、ログインや端末を止めるなど、アカウントを守る対応をしました。",
        ),
        NoticeKind::StaffSecured => {
            ("アカウントが保護されました", "報告を受けて、ログインや端末を止めるなどの対応がとられました。")
        }
        NoticeKind::TwoAtOnce => (
            "二か所からの同時の利用",
            "一分以内に、別々の場所のネットワークから、あなたのアカウントが使われました。",
        ),
    }
}

/// What to do.
#[expect(clippy::too_many_lines, reason = "a few lines for each kind")]
const fn next_in_japanese(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::StaffLocked => "本人に確かめてから、必要なら管理画面で解除してください。",
        NoticeKind::IncidentRaised | NoticeKind::IncidentWaits => {
            "「紛失・異常の報告」の画面で内容を確かめ、必要な対応をとってください。"
        }
        NoticeKind::IncidentSeen | NoticeKind::IncidentClosed => {
            "「わたしの端末」の画面で、指示と記録を確かめてください。"
        }
        NoticeKind::Secured => {
            "もう一度ログインし、新しいパスワードを決めてください。入れないときは、事業所の管理者に連絡してください。"
        }
        NoticeKind::StaffSecured => "「紛失・異常の報告」の画面で記録を確かめてください。",
        NoticeKind::TwoAtOnce => {
            "ご自分で使ったのなら、何もしなくて大丈夫です。心当たりがないときは、「ログイン中の端末」の画面から届け出てください。"
        }
        NoticeKind::AccountConfirmed => "氏名かメールアドレスを変えると、印は外れます。",
        NoticeKind::ConfirmationEnded => "担当の職員に、もう一度確認してもらってください。",
        NoticeKind::VerificationAsked => "本人認証のページで、書類を確かめてください。",
        NoticeKind::Verified => "氏名か職種を変えると、印は外れます。",
        NoticeKind::VerificationRejected => "プロフィールのページで理由を読み、もう一度申し込んでください。",
        NoticeKind::MarkFallen => "プロフィールのページから、もう一度申し込んでください。",
        NoticeKind::TransferProposed
        | NoticeKind::TransferAccepted
        | NoticeKind::TransferDeclined
        | NoticeKind::TransferEnded
        | NoticeKind::DelegationGiven => "引き継ぎと委任のページで確かめてください。",
        NoticeKind::StewardChanged | NoticeKind::DelegationBegun | NoticeKind::DelegationEnded => {
            "部屋の情報で、どの事業所かを確かめてください。"
        }
        NoticeKind::ReviewDue | NoticeKind::ReviewOverdue => {
            "参加者の見直しのページで、一人ずつ続けるか外すかを決めてください。"
        }
        NoticeKind::InvitationProposed => {
            "タイムラインの管理のページで、関わりとプロフィールを確かめてください。"
        }
        NoticeKind::Invited => "部屋の一覧から招待を開いて、参加するか辞退するかを選んでください。",
        NoticeKind::InvitationRejected | NoticeKind::InvitationDeclined => {
            "部屋の参加者のページで、理由を確かめてください。"
        }
        NoticeKind::ErasureAsked => "完全削除のページで内容を確かめ、決めるか取り消すかを選んでください。",
        NoticeKind::RoomErased => {
            "たずねたいことは、その部屋に責任を持っていた事業所の管理者に連絡してください。"
        }
        NoticeKind::ErasureCertified => "証明書は、完全削除のページにあります。",
        NoticeKind::BackupFailed => "サーバーを運用している人に、すぐに知らせてください。",
        NoticeKind::Released => "たずねたいことは、その部屋に責任を持つ事業所の管理者に連絡してください。",
        NoticeKind::PrivilegeAttempts => {
            "本人に事情を確かめ、必要なときは利用を止めてください。記録は監査に残っています。"
        }
        NoticeKind::TimelineDue => {
            "タイムラインを開くよう進めるか、開かないときは理由を書いて同意の記録を終えてください。"
        }
        NoticeKind::TimelineWanted => "その人がケアに関わるかを確かめ、関わるときは招待してください。",
        NoticeKind::MemberRetired => "担当の引き継ぎと、参加している人を確かめてください。",
        NoticeKind::ExceptionDeclared => {
            "心当たりがないときは、すぐに事業所の管理者か事務局に連絡し、例外を終わらせてもらってください。"
        }
        NoticeKind::ExceptionOver => "「端末の例外」の画面で、だれがどう使ったかを確かめ、記録してください。",
        NoticeKind::Unlocked | NoticeKind::Restored => "いつものようにログインしてください。",
        NoticeKind::Suspended | NoticeKind::Restricted | NoticeKind::Closed => {
            "たずねたいことは、事業所の管理者に連絡してください。"
        }
        NoticeKind::EnrolmentSubmitted => "「事業所」のページで、書類を確かめてください。",
        NoticeKind::EnrolmentAccepted => "案内のリンクから、それぞれログインしてください。",
        NoticeKind::AffiliationEnded => {
            "アカウントをもう使わないときは、ログインして削除してください。たずねたいことは、事業所の管理者に連絡してください。"
        }
        NoticeKind::Retired => "担当の引き継ぎと、参加している部屋を確かめてください。",
        NoticeKind::Barred => "たずねたいことは、そのタイムラインの事業所の管理者に連絡してください。",
        NoticeKind::BarLifted => "部屋の一覧を確かめてください。",
        NoticeKind::SupportCase => {
            "まだ使うときや、心当たりがないときは、すぐに事業所の管理者に連絡してください。"
        }
        NoticeKind::StaffSupportCase => "本人に確かめてから、管理画面で手続きしてください。",
        NoticeKind::LeftUnclosed => {
            "本人に削除を頼むか、サポート窓口に問い合わせて代わりに削除してください。"
        }
        NoticeKind::AdmissionAsked => "ログインして、承諾するか断るかを選んでください。",
        NoticeKind::AdmissionAccepted => "管理画面で職員の一覧を確かめてください。",
        NoticeKind::AdmissionDeclined | NoticeKind::RoleDeclined => {
            "必要なときは、本人に直接たずねてください。"
        }
        NoticeKind::RoleOffered => "ログインして、引き受けるか断るかを選んでください。",
        NoticeKind::RoleTaken | NoticeKind::StaffRoleEnded => "役割の一覧で確かめてください。",
        NoticeKind::OpeningAsked
        | NoticeKind::OpeningApproved
        | NoticeKind::OpeningRejected
        | NoticeKind::Instructed => "ログインして「タイムラインを開く」を見てください。",
        NoticeKind::TimelineExists => "同じ人かどうかを確かめ、参加してもらうかどうかを決めてください。",
        NoticeKind::PhysicianGone => "別の医師に参加してもらい、担当を引き受けてもらってください。",
        NoticeKind::StaffChanged => "職員の変更の一覧で確かめて、処理してください。",
        NoticeKind::TrainingDeclared => "事業所の講習のページで、確かめてください。",
        NoticeKind::HeadRecorded | NoticeKind::RoleEnded => {
            "心当たりがないときは、事務局か事業所の管理者に連絡してください。"
        }
        NoticeKind::Locked
        | NoticeKind::SignedInNewDevice
        | NoticeKind::PasswordChanged
        | NoticeKind::PasswordResetAsked
        | NoticeKind::EmailChanged
        | NoticeKind::EmailChangeAsked
        | NoticeKind::FactorAdded
        | NoticeKind::FactorRemoved
        | NoticeKind::DeviceStopped
        | NoticeKind::LossReported
        | NoticeKind::AccessSuspected
        | NoticeKind::AccessReported => NOT_ME_JA,
    }
}

fn english(kind: NoticeKind) -> Words {
    let (subject, sentence) = said_in_english(kind);
    words(subject, sentence, next_in_english(kind))
}

/// Subject and sentence.
#[expect(clippy::too_many_lines, reason = "a few lines for each kind")]
const fn said_in_english(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::Locked => {
            ("Sign-in is locked", "After several wrong passwords, sign-in is locked for a while.")
        }
        NoticeKind::Unlocked => ("You can sign in again", "Sign-in was locked and works again."),
        NoticeKind::StaffLocked => (
            "A colleague's sign-in is locked",
            "After several wrong passwords, somebody of your office cannot sign in.",
        ),
        NoticeKind::SignedInNewDevice => {
            ("Sign-in on a new device", "Somebody signed in on a device not seen before.")
        }
        NoticeKind::PasswordChanged => {
            ("Your password was changed", "The password of your account was changed.")
        }
        NoticeKind::PasswordResetAsked => {
            ("A new password was asked for", "Somebody asked to set a new password.")
        }
        NoticeKind::EmailChanged => {
            ("Your e-mail address was changed", "The e-mail address of your account was changed.")
        }
        NoticeKind::EmailChangeAsked => (
            "Another e-mail address was asked for",
            "Somebody asked to change the e-mail address of your account.",
        ),
        NoticeKind::Suspended => ("Your account is suspended", "Your account was suspended."),
        NoticeKind::Restricted => ("Your account is restricted", "Your account may only read for now."),
        NoticeKind::Restored => ("Your account works again", "Your account may be used again."),
        NoticeKind::Closed => {
            ("Your account was closed", "Your account was closed. Nobody can sign in with it.")
        }
        NoticeKind::EnrolmentSubmitted => {
            ("An application has come in", "An office handed in its application.")
        }
        NoticeKind::EnrolmentAccepted => (
            "Your office's application is accepted",
            "Your office may use the service. Everybody on its list gets an invitation.",
        ),
        NoticeKind::AffiliationEnded => (
            "Your affiliation has ended",
            "Your place in an office, or beside a patient, has ended, and with it your rooms.",
        ),
        NoticeKind::Retired => ("Somebody left the job", "Somebody who took part has left her office."),
        NoticeKind::Barred => (
            "You are kept out of timelines",
            "An administrator of the office keeps you out of the timelines that it is steward of.",
        ),
        NoticeKind::BarLifted => (
            "You may read timelines again",
            "You belong to the timelines of the office again, and read what is posted from now on.",
        ),
        NoticeKind::SupportCase => (
            "Your account may be closed in your stead",
            "After an enquiry, an administrator of your office may close your account in your stead.",
        ),
        NoticeKind::StaffSupportCase => (
            "A colleague's account may be closed",
            "After an enquiry, you may close the account of somebody of your office in her stead.",
        ),
        NoticeKind::LeftUnclosed => {
            ("An account was left behind", "Somebody who left the job has not closed her account.")
        }
        NoticeKind::AdmissionAsked => (
            "An office asks you to join",
            "An office asks you to work for it as well, with the account you have.",
        ),
        NoticeKind::AdmissionAccepted => (
            "An answer to your request to join",
            "Somebody accepted to work for the office, and belongs to it now.",
        ),
        NoticeKind::AdmissionDeclined => {
            ("An answer to your request to join", "Somebody declined to work for the office.")
        }
        NoticeKind::FactorAdded => {
            ("A way to sign in was added", "A way to sign in was added to your account.")
        }
        NoticeKind::FactorRemoved => {
            ("A way to sign in was removed", "A way to sign in was removed from your account.")
        }
        NoticeKind::DeviceStopped => ("A device was stopped", "A registered device was stopped."),
        NoticeKind::LossReported => ("A device was reported lost", "A device was reported lost."),
        NoticeKind::AccountConfirmed => {
            ("Your account was confirmed", "Staff who take part have seen that the account is yours.")
        }
        NoticeKind::ConfirmationEnded => (
            "Your account is no longer confirmed",
            "Your name or e-mail address changed, or it was recorded by mistake, so the mark is gone.",
        ),
        NoticeKind::VerificationAsked => {
            ("Somebody asks to be verified", "Somebody of the region asks to be verified.")
        }
        NoticeKind::Verified => ("You are verified", "You were verified, and the mark says so."),
        NoticeKind::VerificationRejected => {
            ("You were not verified", "The verification you asked for was not given.")
        }
        NoticeKind::MarkFallen => (
            "Your mark has fallen",
            "Your name or occupation changed, so the mark of a verified professional is gone.",
        ),
        NoticeKind::TransferProposed => (
            "An office is asked to take over",
            "Another office asks yours to answer for a patient from now on.",
        ),
        NoticeKind::TransferAccepted => {
            ("The transfer was accepted", "The other office agreed to answer for a patient.")
        }
        NoticeKind::TransferDeclined => {
            ("The transfer was declined", "The other office does not take a patient over.")
        }
        NoticeKind::TransferEnded => (
            "A transfer came to nothing",
            "The transfer of a patient to another office was taken back, or its time was over.",
        ),
        NoticeKind::StewardChanged => {
            ("Another office answers for a timeline", "Another office answers for a timeline from now on.")
        }
        NoticeKind::DelegationGiven => (
            "An office is asked to act for another",
            "Another office asks yours to act for it as to a patient.",
        ),
        NoticeKind::DelegationBegun => {
            ("An office acts for another", "An office acts for the one that answers for a timeline.")
        }
        NoticeKind::DelegationEnded => (
            "An office no longer acts for another",
            "The office that answers for a timeline acts for itself again.",
        ),
        NoticeKind::ReviewDue => {
            ("Members are to be looked at", "It is time to look at who is in a timeline.")
        }
        NoticeKind::ReviewOverdue => (
            "Nobody has looked at the members",
            "Who is in a timeline should have been looked at some time ago.",
        ),
        NoticeKind::InvitationProposed => (
            "Somebody is proposed for a room",
            "Somebody was proposed for a room and waits for an administrator's approval.",
        ),
        NoticeKind::Invited => {
            ("You are invited to a room", "You are invited to a room, and decide yourself.")
        }
        NoticeKind::InvitationRejected => {
            ("A proposal was rejected", "An administrator did not approve the person you proposed.")
        }
        NoticeKind::InvitationDeclined => {
            ("An invitation was declined", "The person you proposed declined to join the room.")
        }
        NoticeKind::ErasureAsked => (
            "An erasure waits",
            "The complete erasure of a room was asked for and waits for a second person.",
        ),
        NoticeKind::RoomErased => (
            "A room was completely erased",
            "A room that you took part in was completely erased, as it was wished.",
        ),
        NoticeKind::ErasureCertified => (
            "An erasure is done",
            "The complete erasure of a room is done, and there is a certificate of it.",
        ),
        NoticeKind::BackupFailed => ("No backup was made", "Today's backup could not be made."),
        NoticeKind::Released => ("You left a room", "An administrator took you out of a room."),
        NoticeKind::PrivilegeAttempts => (
            "Acts beyond somebody's rights",
            "Somebody of your office tried several times in a short while what she may not do. All of it was refused.",
        ),
        NoticeKind::TimelineDue => (
            "A timeline is due",
            "A patient's data goes through a connection, and no timeline is in use yet.",
        ),
        NoticeKind::TimelineWanted => (
            "Somebody waits for your timeline",
            "Somebody with a patient's consent wanted to write of the patient in a connection, and waits to be invited.",
        ),
        NoticeKind::MemberRetired => (
            "Somebody in a timeline left the job",
            "Somebody who took part in a timeline left her office, and with it the timeline.",
        ),
        NoticeKind::RoleOffered => {
            ("A role is offered to you", "You are asked to take on a role in an office or in the region.")
        }
        NoticeKind::RoleTaken => {
            ("Somebody took on a role", "Somebody took on a role in an office or in the region.")
        }
        NoticeKind::RoleDeclined => ("An answer to your offer", "The role you offered was declined."),
        NoticeKind::HeadRecorded => (
            "You are recorded as the head of your office",
            "The secretariat wrote down that you sign for your office.",
        ),
        NoticeKind::RoleEnded => (
            "A role of yours has ended",
            "A role you had in an office or in the region has ended. Sign in again.",
        ),
        NoticeKind::StaffChanged => (
            "An office's staff changed",
            "Somebody came to an office, or her name or occupation is another one.",
        ),
        NoticeKind::TrainingDeclared => {
            ("Somebody attended a training", "Somebody of your office says that she attended a training.")
        }
        NoticeKind::StaffRoleEnded => {
            ("Somebody's role has ended", "Somebody no longer has a role in an office or in the region.")
        }
        NoticeKind::OpeningAsked => {
            ("Your approval is asked for", "You are asked to approve that a timeline is opened.")
        }
        NoticeKind::OpeningApproved => {
            ("A timeline was approved", "The physician approved the timeline that you opened.")
        }
        NoticeKind::OpeningRejected => {
            ("A timeline was not approved", "The physician did not approve the timeline that you opened.")
        }
        NoticeKind::Instructed => {
            ("A physician's instruction", "A physician has you open and manage a timeline.")
        }
        NoticeKind::TimelineExists => (
            "Perhaps a timeline of the same person",
            "Somebody opened a timeline of a person who may be a patient of your office.",
        ),
        NoticeKind::PhysicianGone => (
            "A timeline without its physician",
            "There is a timeline in which no physician in charge takes part.",
        ),
        NoticeKind::ExceptionDeclared => (
            "An exception for devices was declared",
            "Because of a danger, an exception was declared: devices that are not registered may be used.",
        ),
        NoticeKind::ExceptionOver => (
            "An exception for devices is over",
            "An exception for devices has ended, and who came in under it waits to be looked at.",
        ),
        NoticeKind::AccessReported => (
            "Somebody else's use was reported",
            "It was reported that somebody else used your account. Every device was signed out, and a new password is needed.",
        ),
        NoticeKind::AccessSuspected => (
            "Somebody else's use is suspected",
            "It was reported that somebody else may use your account. Nothing was stopped yet.",
        ),
        NoticeKind::IncidentRaised => ("A loss or trouble was reported", "A loss or trouble was reported."),
        NoticeKind::IncidentWaits => (
            "A report waits",
            "A report of a loss or of trouble was not passed on, or nobody has seen it, for a day.",
        ),
        NoticeKind::IncidentSeen => ("A report was seen", "A report about your account was seen."),
        NoticeKind::IncidentClosed => {
            ("A report was dealt with", "A report about your account was dealt with.")
        }
        NoticeKind::Secured => (
            "Your account was secured",
            "After a report your account was secured: sessions were ended, or devices were stopped.",
        ),
        NoticeKind::StaffSecured => (
            "An account was secured",
            "After a report an account was secured: sessions were ended, or devices were stopped.",
        ),
        NoticeKind::TwoAtOnce => (
            "Your account was used in two places at once",
            "Within one minute your account was used from two different networks.",
        ),
    }
}

/// What to do.
#[expect(clippy::too_many_lines, reason = "a few lines for each kind")]
const fn next_in_english(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::IncidentRaised | NoticeKind::IncidentWaits => {
            "Open the page of reports, see what it says and do what is needed."
        }
        NoticeKind::IncidentSeen | NoticeKind::IncidentClosed => {
            "Read what is to be done, and what was recorded, on the page of your devices."
        }
        NoticeKind::Secured => {
            "Sign in again and set a new password. Ask your office's administrator if you cannot come in."
        }
        NoticeKind::StaffSecured => "Read what was recorded on the page of reports.",
        NoticeKind::TwoAtOnce => {
            "If that was you, there is nothing to do. If not, report it on the page of where you are signed in."
        }
        NoticeKind::ExceptionDeclared => {
            "If you did not expect this, tell your office's administrator or the secretariat at once, and have it ended."
        }
        NoticeKind::ExceptionOver => {
            "Look at who used it and how on the page of exceptions, and write down what you found."
        }
        NoticeKind::StaffLocked => "Ask them first, then unlock on the administrator's page if it is right.",
        NoticeKind::AccountConfirmed => "Another name or e-mail address takes the mark away.",
        NoticeKind::ConfirmationEnded => "Have the staff who take part confirm it again.",
        NoticeKind::VerificationAsked => "Look at the document on the page of verifications.",
        NoticeKind::Verified => "Another name or occupation takes the mark away.",
        NoticeKind::VerificationRejected => "Read why on the page of your profile, and ask again.",
        NoticeKind::MarkFallen => "Ask for it again on the page of your profile.",
        NoticeKind::TransferProposed
        | NoticeKind::TransferAccepted
        | NoticeKind::TransferDeclined
        | NoticeKind::TransferEnded
        | NoticeKind::DelegationGiven => "Look at it on the page of transfers and delegations.",
        NoticeKind::StewardChanged | NoticeKind::DelegationBegun | NoticeKind::DelegationEnded => {
            "See which office it is in what is said of the room."
        }
        NoticeKind::ReviewDue | NoticeKind::ReviewOverdue => {
            "Decide on the page of reviews about each of them: to stay or to go."
        }
        NoticeKind::InvitationProposed => "Look at her part and profile on the page of timelines.",
        NoticeKind::Invited => "Open the invitation in your list of rooms, and join or decline.",
        NoticeKind::InvitationRejected | NoticeKind::InvitationDeclined => {
            "Read why on the page of the room's members."
        }
        NoticeKind::ErasureAsked => "Look at it on the page of erasures, and decide it or take it back.",
        NoticeKind::RoomErased => "Ask an administrator of the office that answered for the room.",
        NoticeKind::ErasureCertified => "The certificate is on the page of erasures.",
        NoticeKind::BackupFailed => "Tell whoever runs the server at once.",
        NoticeKind::Released => "Ask an administrator of the office that answers for the room.",
        NoticeKind::PrivilegeAttempts => {
            "Ask her about it, and suspend the account if need be. The audit keeps it."
        }
        NoticeKind::TimelineDue => "See that one is opened, or end the record of the consent with a reason.",
        NoticeKind::TimelineWanted => "Find out whether she takes part in the care, and invite her if so.",
        NoticeKind::MemberRetired => "See to who takes over, and to who is in the timeline.",
        NoticeKind::Unlocked | NoticeKind::Restored => "Sign in as usual.",
        NoticeKind::EnrolmentSubmitted => "Look at its papers on the page of the offices.",
        NoticeKind::EnrolmentAccepted => "Each of you signs in by the link of her own invitation.",
        NoticeKind::AffiliationEnded => {
            "If you no longer need the account, sign in and close it. Ask your office's administrator about anything else."
        }
        NoticeKind::Retired => "See to who takes over, and to the rooms she belonged to.",
        NoticeKind::Barred => "Ask an administrator of the office whose timelines they are.",
        NoticeKind::BarLifted => "See your list of rooms.",
        NoticeKind::SupportCase => {
            "If you still need it, or did not expect this, tell your office's administrator at once."
        }
        NoticeKind::StaffSupportCase => "Ask her first, then close it on the administrator's page.",
        NoticeKind::LeftUnclosed => "Ask her to close it, or ask the support desk so that you may.",
        NoticeKind::AdmissionAsked => "Sign in, and accept or decline.",
        NoticeKind::AdmissionAccepted => "See the list of staff on the administrator's page.",
        NoticeKind::AdmissionDeclined | NoticeKind::RoleDeclined => "If need be, ask her yourself.",
        NoticeKind::RoleOffered => "Sign in, and take it on or decline.",
        NoticeKind::RoleTaken | NoticeKind::StaffRoleEnded => "See the list of roles.",
        NoticeKind::OpeningAsked
        | NoticeKind::OpeningApproved
        | NoticeKind::OpeningRejected
        | NoticeKind::Instructed => "Sign in and see \"Open a timeline\".",
        NoticeKind::TimelineExists => "Check whether it is the same person, and decide about taking part.",
        NoticeKind::PhysicianGone => "Have another physician join and take charge.",
        NoticeKind::StaffChanged => "See the list of staff changes, and deal with it.",
        NoticeKind::TrainingDeclared => "See the trainings of your office, and say whether she did.",
        NoticeKind::HeadRecorded | NoticeKind::RoleEnded => {
            "If you did not expect this, tell the secretariat or your office's administrator."
        }
        NoticeKind::Suspended | NoticeKind::Restricted | NoticeKind::Closed => {
            "Ask your office's administrator about it."
        }
        NoticeKind::Locked
        | NoticeKind::SignedInNewDevice
        | NoticeKind::PasswordChanged
        | NoticeKind::PasswordResetAsked
        | NoticeKind::EmailChanged
        | NoticeKind::EmailChangeAsked
        | NoticeKind::FactorAdded
        | NoticeKind::FactorRemoved
        | NoticeKind::DeviceStopped
        | NoticeKind::LossReported
        | NoticeKind::AccessSuspected
        | NoticeKind::AccessReported => NOT_ME_EN,
    }
}

/// The words around a link.
pub(super) fn of_way(way: Way, lang: Lang) -> Words {
    match (way, lang) {
        (Way::First, Lang::Ja) => words(
            "はじめてのログイン",
            "次のリンクから、利用規約を確かめ、自分でパスワードを決めてください。リンクは一度だけ使えます。",
            "心当たりがないときは、このメールを捨ててください。",
        ),
        (Way::First, Lang::En) => words(
            "Your first sign-in",
            "Follow the link to read the terms of use and set your own password. It is good once.",
            "If you did not expect this, discard this mail.",
        ),
        (Way::Reset, Lang::Ja) => words(
            "パスワードの再設定",
            "次のリンクから、新しいパスワードを決めてください。リンクは一度だけ使えます。",
            "心当たりがないときは、このメールを捨ててください。パスワードは変わりません。",
        ),
        (Way::Reset, Lang::En) => words(
            "Set a new password",
            "Follow the link to set a new password. It is good once.",
            "If you did not ask for this, discard this mail: your password stays as it is.",
        ),
        (Way::Email, Lang::Ja) => words(
            "メールアドレスの確認",
            "このメールアドレスを登録するには、次のリンクを開いて確かめてください。リンクは一度だけ使えます。",
            "心当たりがないときは、このメールを捨ててください。何も変わりません。",
        ),
        (Way::Email, Lang::En) => words(
            "Confirm your e-mail address",
            "Follow the link to use this e-mail address for your account. It is good once.",
            "If you did not ask for this, discard this mail: nothing changes.",
        ),
        (Way::Exception, Lang::Ja) => words(
            "登録していない端末でのログイン",
            "次のリンクから、この端末でログインできます。リンクは一度だけ使えます。使ったことは管理者に伝わります。",
            "心当たりがないときは、リンクを開かず、すぐに事業所の管理者に連絡してください。パスワードが知られているおそれがあります。",
        ),
        (Way::Exception, Lang::En) => words(
            "Sign in from a device that is not registered",
            "Follow the link to sign in from this device. It is good once, and your administrators are told.",
            "If you did not ask for this, do not open it and tell your office's administrator at once: somebody may know your password.",
        ),
        (Way::Application, Lang::Ja) => words(
            "利用申し込みの用紙",
            "次のリンクから、事業所の利用申し込みの用紙を書いて出してください。差し戻されたときは、直すところが用紙に書いてあります。途中で閉じても、同じリンクから続けられます。",
            "心当たりがないときは、このメールを捨ててください。",
        ),
        (Way::Application, Lang::En) => words(
            "Your office's application",
            "Follow the link to fill in your office's application and hand it in. If it was sent back, the form says what to mend. You can close it and go on later by the same link.",
            "If you did not expect this, discard this mail.",
        ),
    }
}

/// The text of a mail. `official` is the one address of the service, `sender` the one that its mails come from.
pub(super) fn mail(words: &Words, link: Option<&str>, official: &str, sender: &str, lang: Lang) -> String {
    let link = link.map(|link| format!("{link}\n\n")).unwrap_or_default();
    let footer = match lang {
        Lang::Ja => format!(
            "――\n公式のアドレスは {official} だけです。\nこのサービスのメールは、いつも {sender} から届きます。\n\
             パスワードをたずねることはありません。ほかのアドレスや、パスワードをたずねるメールは偽物です。\n"
        ),
        Lang::En => format!(
            "--\nThe only official address is {official}\nMails of this service always come from {sender}\n\
             We never ask for a password. Any other address, and any mail that asks for one, is false.\n"
        ),
    };
    format!("{}\n\n{link}{}\n\n{footer}", words.sentence, words.next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_speaks_both_languages_and_every_mail_says_what_is_official() {
        let ways = [Way::First, Way::Reset, Way::Email, Way::Exception, Way::Application];
        for lang in [Lang::Ja, Lang::En] {
            let notices = NoticeKind::ALL.iter().map(|kind| of_notice(*kind, lang));
            for words in notices.chain(ways.map(|way| of_way(way, lang))) {
                assert!(!words.subject.is_empty() && !words.subject.contains(['\r', '\n']));
                let is_japanese = words.sentence.chars().any(|c| c > '\u{3000}');
                assert_eq!(is_japanese, lang == Lang::Ja, "{}", words.sentence);
                let text = mail(&words, None, "https://tsumugi.example", "tsumugi@ours.example", lang);
                assert!(text.contains("https://tsumugi.example") && text.contains("tsumugi@ours.example"));
                assert!(
                    text.contains("パスワードをたずねることはありません")
                        || text.contains("never ask for a password")
                );
            }
        }
    }
}
