//! Every refusal: its code, the sentence that names the rule (Japanese and English), and what to do next.
//!
//! Codes of the governing documents are those of the clause index; technical ones are ours. A code stands here once
//! something can return it. Sentences take `{parameters}` from the refusal and `{patient}` from the profile.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// Language of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "ja" => Some(Self::Ja),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// What happens over HTTP when a code is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The ask itself is wrong (400).
    BadAsk,
    /// Sign in first (401).
    SignIn,
    /// A rule forbids it (403).
    Rule,
    /// Not there, or not for you: the same bytes (404, HIDE).
    Hidden,
    /// It clashes with what stands (409).
    Clash,
    /// Too large (413).
    TooLarge,
    /// Too much, later (429).
    Later,
    /// We are busy; the same ask may work soon (503).
    Busy,
    /// We failed (500).
    Fault,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $family:ident {
        ja: $ja:literal, ja_next: $ja_next:literal, en: $en:literal, en_next: $en_next:literal $(,)?
    })+) => {
        /// A stable refusal code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $en] $name),+ }

        impl Code {
            /// Every code something can return.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code on the wire and in the audit.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// How it is told over HTTP.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$name => Family::$family),+ }
            }

            const fn words(self, lang: Lang) -> (&'static str, &'static str) {
                match (self, lang) {
                    $((Self::$name, Lang::Ja) => ($ja, $ja_next),
                      (Self::$name, Lang::En) => ($en, $en_next),)+
                }
            }
        }
    };
}

codes! {
    BadFrame = "bad_frame", BadAsk {
        ja: "この内容は読み取れません。", ja_next: "アプリを読み込み直してください。",
        en: "This could not be read.", en_next: "Reload the app.",
    }
    UnknownCommand = "unknown_command", BadAsk {
        ja: "この操作はありません。", ja_next: "アプリを読み込み直してください。",
        en: "There is no such command.", en_next: "Reload the app.",
    }
    BadField = "bad_field", BadAsk {
        ja: "「{field}」の値が正しくありません。", ja_next: "入力を確かめてください。",
        en: "The value of \"{field}\" is not valid.", en_next: "Check what was entered.",
    }
    TooLarge = "too_large", TooLarge {
        ja: "大きすぎます（{limit}バイトまで）。", ja_next: "短くしてからもう一度お試しください。",
        en: "This is too large (at most {limit} bytes).", en_next: "Shorten it and try again.",
    }
    WrongDoor = "wrong_door", BadAsk {
        ja: "この操作は、もう一方のつなぎ方でだけできます。", ja_next: "アプリを読み込み直してください。",
        en: "This command works only the other way: by request or over a link.", en_next: "Reload the app.",
    }
    SignInFailed = "sign_in_failed", SignIn {
        ja: "メールアドレスかパスワードが違うか、今は入れません。", ja_next: "入力を確かめるか、事業所の管理者にたずねてください。",
        en: "The e-mail address or password is wrong, or you cannot sign in now.", en_next: "Check them, or ask your office's administrator.",
    }
    SignedOut = "signed_out", SignIn {
        ja: "ログインしていません。", ja_next: "もう一度ログインしてください。",
        en: "You are not signed in.", en_next: "Sign in again.",
    }
    SessionIdle = "session_idle", SignIn {
        ja: "しばらく操作がなかったため、自動でログアウトしました。", ja_next: "もう一度ログインしてください。",
        en: "Nothing was done for a while, so you were signed out.", en_next: "Sign in again.",
    }
    SecondFactorRequired = "second_factor_required", Rule {
        ja: "ログインはまだ終わっていません。二つ目の認証が必要です。", ja_next: "パスキーなどで本人であることを示してください。",
        en: "You are not signed in completely: a second factor is required.", en_next: "Show it to go on.",
    }
    AccountSuspended = "account_suspended", Rule {
        ja: "このアカウントは今、使えないようにされています。", ja_next: "事業所の管理者にたずねてください。",
        en: "This account is suspended.", en_next: "Ask your office's administrator.",
    }
    AccountRestricted = "account_restricted", Rule {
        ja: "このアカウントは今、読むことだけができます。", ja_next: "事業所の管理者にたずねてください。",
        en: "This account may only read for now.", en_next: "Ask your office's administrator.",
    }
    OfficeAdminOnly = "office_admin_only", Rule {
        ja: "これは事業所の管理者だけができます。", ja_next: "事業所の管理者に頼んでください。",
        en: "Only an office's administrator may do this.", en_next: "Ask your office's administrator.",
    }
    OtherOffice = "other_office", Rule {
        ja: "ほかの事業所のことは、ここではできません。", ja_next: "その事業所の管理者に依頼してください。",
        en: "This belongs to another office.", en_next: "Send a request to that office's administrator.",
    }
    NotForYourself = "not_for_yourself", Rule {
        ja: "自分自身のアカウントには、この操作はできません。", ja_next: "ほかの管理者に頼んでください。",
        en: "You cannot do this to your own account.", en_next: "Ask another administrator.",
    }
    LastAdmin = "last_admin", Rule {
        ja: "この事業所の管理者が足りなくなります。", ja_next: "先に別の管理者を決めてください。",
        en: "The office would have too few administrators.", en_next: "Name another administrator first.",
    }
    OfficeHeadOnly = "office_head_only", Rule {
        ja: "管理者を決めるのは、事業所の長です。", ja_next: "事業所の長に頼んでください。",
        en: "The office's head decides who administers it.", en_next: "Ask the head of your office.",
    }
    RoleExplanationMissing = "role_explanation_missing", Rule {
        ja: "役割を任せる前に、その説明が必要です。", ja_next: "本人に役割を説明し、説明した日を記録してください。",
        en: "The role must be explained before it is given.", en_next: "Explain the role to her, and record the day.",
    }
    PledgeMissing = "pledge_missing", Rule {
        ja: "誓約書がまだのため、部屋の内容は開けません。", ja_next: "「誓約書」の画面で内容を読んで誓約するか、事業所の管理者に紙の誓約書を渡してください。",
        en: "No room opens before the pledge is given.", en_next: "Read and give it on the page of pledges, or hand your administrator the paper.",
    }
    PledgeWaiverForbidden = "pledge_waiver_forbidden", Rule {
        ja: "この地域では、ほかの誓約書で代えることはできません。", ja_next: "地域の様式で誓約してもらってください。",
        en: "In this region no other pledge stands for it.", en_next: "Have her give the region's pledge.",
    }
    EmailMismatch = "email_mismatch", Rule {
        ja: "誓約書のメールアドレスが、アカウントのものと違います。", ja_next: "紙のアドレスを確かめて、本人に書き直してもらってください。",
        en: "The address on the pledge is not that of the account.", en_next: "Check the paper, and have her correct it.",
    }
    TrainingMissing = "training_missing", Rule {
        ja: "講習の受講記録がまだのため、部屋の内容は開けません。", ja_next: "講習か動画を受けたら、事業所の管理者に記録を頼んでください。",
        en: "No room opens before a training is recorded.", en_next: "Attend the course or watch the video, and ask your administrator to record it.",
    }
    RosterUnreadable = "roster_unreadable", BadAsk {
        ja: "名簿のファイルを読み取れません（{line}行目）。", ja_next: "1行目に 氏名・ふりがな・職種・メールアドレス の列名がある、UTF-8かShift_JISのCSVにしてください。",
        en: "The list cannot be read (line {line}).", en_next: "It must be comma-separated, in UTF-8 or Shift_JIS, and its first line must name the columns name, kana, occupation, email.",
    }
    RosterTooLong = "roster_too_long", BadAsk {
        ja: "一度に取り込めるのは{limit}人までです。", ja_next: "ファイルを分けてください。",
        en: "At most {limit} people can be taken in at once.", en_next: "Split the file.",
    }
    GovernanceRoleMissing = "governance_role_missing", Rule {
        ja: "管理者になる人は、運営・システム・個人情報のいずれかの責任者である必要があります。", ja_next: "本人がどの責任者かを選ぶか、先に事業所の責任者を決め直してください。",
        en: "An administrator must be the office's operation manager, system manager or privacy officer.", en_next: "Say which of them she is, or change who holds these duties first.",
    }
    OfficeDocumentsMissing = "office_documents_missing", Rule {
        ja: "この事業所の書類がそろっていません（{missing}）。", ja_next: "原本の受け取りを記録するか、申込者に差し戻してください。",
        en: "Papers of this office are missing ({missing}).", en_next: "Record that the originals were received, or return the case.",
    }
    AdminPledgeMissing = "admin_pledge_missing", Rule {
        ja: "管理者の誓約書がありません（{missing}）。", ja_next: "誓約書の原本を事務局に出し、控えを事業所に置いてください。",
        en: "An administrator's pledge is missing ({missing}).", en_next: "Hand its original to the association's desk, and keep a copy in the office.",
    }
    AdminsMissing = "admins_missing", Rule {
        ja: "この事業所の管理者が足りません（{limit}人以上）。", ja_next: "事業所の長が、名簿の中から管理者を決めてください。",
        en: "The office names too few administrators (at least {limit}).", en_next: "Its head names them among its people.",
    }
    OfficeNotAdmittedInRegion = "office_not_admitted_in_region", Rule {
        ja: "この人の事業所は、この地域ではまだ受け入れられていません。", ja_next: "その事業所から、この地域の事務局に申し込んでもらってください。",
        en: "This person's office has not been admitted in this region.", en_next: "Have that office apply to this region's desk.",
    }
    NotInNetwork = "not_in_network", Rule {
        ja: "この人の事業所は、このネットワークの参加事業所ではありません。", ja_next: "その事業所から、事務局に申し込み、誓約書を出してもらってください。",
        en: "This person's office does not belong to the network.", en_next: "Have that office apply to the desk and hand in its pledge.",
    }
    NoAffiliation = "no_affiliation", Rule {
        ja: "この人は、どの事業所にも所属していません。", ja_next: "事業所に所属してから招待してください。",
        en: "This person works for no office.", en_next: "Invite her once an office has registered her.",
    }
    PriorIssueUnanswered = "prior_issue_unanswered", BadAsk {
        ja: "地域の外の事業所は、ほかでIDやパスワードの発行を受けたかどうかの回答が必要です。", ja_next: "「受けた」か「受けていない」かを選んでください。",
        en: "An office from outside the area says whether it has been issued ids elsewhere.", en_next: "Choose yes or no.",
    }
    WaiverIncomplete = "waiver_incomplete", Rule {
        ja: "書面の代わりになるものの記録が足りません。", ja_next: "日付、確かめた人、確かめた相手と内容など、足りないものを書いてください。",
        en: "The record of what stands for the paper is not complete.", en_next: "Add what is missing: the day, who saw to it, with whom, and what was seen.",
    }
    WaiverNotAvailable = "waiver_not_available", Rule {
        ja: "この地域では、訪問で書類に代えることはできません。", ja_next: "書類を受け取ってください。",
        en: "In this region no visit stands for the papers.", en_next: "Ask for the papers.",
    }
    EnrolmentNotOpen = "enrolment_not_open", Clash {
        ja: "この申し込みは、今はそのようには扱えません。", ja_next: "読み込み直して、今の状態を確かめてください。",
        en: "This case is not in a state for that.", en_next: "Load it anew and see how far it is.",
    }
    HolderOrSupportOnly = "holder_or_support_only", Rule {
        ja: "アカウントを削除できるのは、本人だけです。", ja_next: "所属を終えるか、利用を止めるか、本人に削除を頼むことはできます。本人に代わって削除するときは、サポート窓口に問い合わせてください。",
        en: "Only its holder can delete an account.", en_next: "You can end the affiliation, suspend the account, or request the deletion from its holder. To delete it in her stead, ask the support desk to open a case.",
    }
    LastDesk = "last_desk", Rule {
        ja: "この地域の事務局には、ほかに担当者がいません。", ja_next: "先に事務局の別の担当者を決めてください。",
        en: "The region's secretariat has nobody else.", en_next: "Name another person of the secretariat first.",
    }
    AnswersForShared = "answers_for_shared", Rule {
        ja: "この人は、何人かで使うアカウントの責任者です。", ja_next: "先に共用をやめるか、共用をやめてから別の責任者で登録し直してください。",
        en: "This person answers for an account that several people use.", en_next: "End the sharing first; it can be registered again with somebody else who answers for it.",
    }
    ReasonMissing = "reason_missing", BadAsk {
        ja: "理由が必要です。", ja_next: "なぜそうするのかを書いてください。",
        en: "A reason is needed.", en_next: "Write why this is done.",
    }
    PasswordExpired = "password_expired", Rule {
        ja: "パスワードを新しくする必要があります。", ja_next: "新しいパスワードを決めてください。",
        en: "Your password has to be changed.", en_next: "Choose a new one to go on.",
    }
    ActingPersonRequired = "acting_person_required", Rule {
        ja: "このアカウントは共用です。使う人を選ぶまで先へ進めません。", ja_next: "名簿からご自分の名前を選んでください。",
        en: "This account is shared: nothing goes on until it is said who acts.", en_next: "Choose your own name from the roster.",
    }
    NotWhileShared = "not_while_shared", Rule {
        ja: "何人かで使うアカウントでは、この手続きはできません。", ja_next: "事業所の管理者に頼んでください。",
        en: "This cannot be done with an account that several people use.", en_next: "Ask your office's administrator.",
    }
    HoldsARole = "holds_a_role", Rule {
        ja: "このアカウントは役割を持っています。役割はひとりのものなので、共用にはできません。", ja_next: "先に役割を終えるか、別のアカウントを登録してください。",
        en: "This account holds a role, and a role is one person's: it cannot be shared.", en_next: "End the role first, or register another account.",
    }
    SharedAccountForbidden = "shared_account_forbidden", Rule {
        ja: "この地域では、ひとつのアカウントを何人かで使うことはできません。", ja_next: "ひとりずつのアカウントを登録してください。",
        en: "An account may not be shared in this region.", en_next: "Register an account for each person.",
    }
    PasskeyFailed = "passkey_failed", Rule {
        ja: "パスキーを確認できませんでした。", ja_next: "はじめからもう一度お試しください。続くときは、事業所の管理者に相談してください。",
        en: "The passkey could not be confirmed.", en_next: "Start again. If it goes on, ask your office's administrator.",
    }
    PasskeysNotHere = "passkeys_not_here", Rule {
        ja: "このアドレスではパスキーを使えません。", ja_next: "サーバーの名前のアドレスで開くか、パスワードでログインしてください。",
        en: "Passkeys do not work at this address.", en_next: "Open the server by its name, or sign in with your password.",
    }
    PasskeyNeedsPassword = "passkey_needs_password", Rule {
        ja: "この地域では、パスキーだけではログインできません。", ja_next: "先にメールアドレスとパスワードを入力してください。",
        en: "In this region a passkey alone does not sign you in.", en_next: "Enter your e-mail address and password first.",
    }
    PasskeysFull = "passkeys_full", Rule {
        ja: "登録できるパスキーの数を超えています。", ja_next: "使っていないものを削除してから登録してください。",
        en: "You have as many passkeys as an account may have.", en_next: "Remove one you no longer use first.",
    }
    StepUpRequired = "step_up_required", Rule {
        ja: "この操作の前に、もう一度ご本人の確認が必要です。", ja_next: "パスキーで確認するか、ログインし直してください。",
        en: "Show once more who you are before you do this.", en_next: "Use a passkey, or sign in again.",
    }
    TwoAdminsRequired = "two_admins_required", Rule {
        ja: "復旧には、管理者がもう一人必要です。", ja_next: "同じ事業所の、ほかの管理者に頼んでください。",
        en: "A recovery needs a second administrator.", en_next: "Ask another administrator of the same office.",
    }
    ForeignOrigin = "foreign_origin", Rule {
        ja: "ほかのサイトからの操作は受け付けません。", ja_next: "Tsumugi の画面から操作してください。",
        en: "Requests from another site are not accepted.", en_next: "Use Tsumugi's own page.",
    }
    ProtocolTooOld = "protocol_too_old", BadAsk {
        ja: "アプリが古くなっています。", ja_next: "読み込み直すと新しくなります。",
        en: "This app is out of date.", en_next: "Reload to update it.",
    }
    NotFound = "not_found", Hidden {
        ja: "見つかりません。参加していない部屋は、ここに出ません。", ja_next: "部屋の一覧に戻ってください。",
        en: "Not found. Rooms you do not belong to never appear here.", en_next: "Go back to the list of rooms.",
    }
    RateLimited = "rate_limited", Later {
        ja: "短い時間に操作が多すぎます。", ja_next: "少し待ってからもう一度お試しください。",
        en: "Too much was asked in a short time.", en_next: "Wait a moment, then try again.",
    }
    CertificateRequestUnfit = "certificate_request_unfit", BadAsk {
        ja: "この証明書要求（PKCS#10）は使えません。", ja_next: "鍵の種類（P-256、P-384、Ed25519、2048・3072・4096ビットのRSA）を確かめ、その鍵で署名した要求を作り直してください。",
        en: "This certificate request (PKCS#10) cannot be used.", en_next: "Check the kind of its key (P-256, P-384, Ed25519, RSA of 2048, 3072 or 4096 bits), and make a request that is signed with it.",
    }
    DailyLimit = "daily_limit", Later {
        ja: "この操作は、一日に{limit}回までです。", ja_next: "一日たってからもう一度お試しください。急ぐときは、事業所の管理者に連絡してください。",
        en: "This can be done {limit} times a day.", en_next: "Try again in a day. If it is urgent, tell your office's administrator.",
    }
    NoCommonPassword = "no_common_password", Clash {
        ja: "今の所属とこの事業所では、パスワードの決まりが両立しません。", ja_next: "先に今の所属を終えてもらうか、両方の地域の事務局に相談してください。",
        en: "No password meets the rules of your present office and of this one.", en_next: "Have the present affiliation ended first, or ask the secretariats of both regions.",
    }
    Overloaded = "overloaded", Busy {
        ja: "今は混み合っていて保存できません。", ja_next: "しばらくして自動でもう一度送ります。",
        en: "The server is too busy to save this now.", en_next: "It will be tried again shortly.",
    }
    Fault = "fault", Fault {
        ja: "サーバーの側で問題が起きました（番号 {incident}）。", ja_next: "続くときは、この番号を管理者に伝えてください。",
        en: "Something failed on our side (number {incident}).", en_next: "If it goes on, give this number to the administrators.",
    }
    IdTaken = "id_taken", Clash {
        ja: "この番号は、ほかの内容にもう使われています。", ja_next: "新しい投稿としてやり直してください。",
        en: "This id already stands for something else.", en_next: "Try again as a new one.",
    }
    DraftEmpty = "draft_empty", BadAsk {
        ja: "本文がありません。", ja_next: "本文を書いてください。",
        en: "There is no text.", en_next: "Write something first.",
    }
    PostTooLong = "post_too_long", TooLarge {
        ja: "投稿は {limit} 字までです（今は {length} 字）。", ja_next: "短くするか、分けて投稿してください。",
        en: "A post has at most {limit} characters (this one has {length}).", en_next: "Shorten it or split it.",
    }
    ConfirmRequired = "confirm_required", Rule {
        ja: "投稿の前に、読む人と内容の確認が必要です。", ja_next: "もう一度確認してから投稿してください。",
        en: "A post counts only once its author has confirmed readers and content.", en_next: "Confirm it again, then post.",
    }
    NotConnected = "not_connected", Rule {
        ja: "相手がまだ承諾していません。", ja_next: "相手が承諾すると投稿できます。",
        en: "The other person has not accepted yet.", en_next: "You can post once they have accepted.",
    }
    InvitationOpen = "invitation_open", Rule {
        ja: "まだ参加していません。", ja_next: "参加するかどうかを選んでください。",
        en: "You have not joined this room yet.", en_next: "Decide whether to join first.",
    }
    AimMissing = "aim_missing", Rule {
        ja: "自由グループには目的が必要です。", ja_next: "このグループの目的を書いてください。",
        en: "A free group needs an aim.", en_next: "Write what the group is for.",
    }
    LinkSpent = "link_spent", Rule {
        ja: "このリンクは、もう使われたか、期限が切れています。", ja_next: "事務局か事業所の管理者に、新しいリンクを頼んでください。",
        en: "This link has been used already, or its time is over.", en_next: "Ask the secretariat or your office's administrator for a new one.",
    }
    TermsNotAccepted = "terms_not_accepted", Rule {
        ja: "利用規約（第{version}版）に同意していません。", ja_next: "利用規約を読み、同意してから進んでください。",
        en: "The terms of use (version {version}) are not accepted.", en_next: "Read them and accept them to go on.",
    }
    EmailInUse = "email_in_use", Clash {
        ja: "このメールアドレスは、ほかのアカウントで使われています。", ja_next: "一人だけが使うメールアドレスを入力してください。登録しようとした本人のものなら、管理者は、そのアカウントのまま所属してもらう依頼を送れます。",
        en: "This e-mail address belongs to another account.", en_next: "Enter an address that one person alone uses. If it is that of the person to be registered, an administrator can ask her to join with her account.",
    }
    DisplayNameOfficeOnly = "display_name_office_only", Rule {
        ja: "事業所の名前だけのアカウントは作れません。", ja_next: "本人の氏名を入力してください。事業所名は自動で付きます。",
        en: "An account needs a person's own name, not the office's alone.", en_next: "Enter her own name; the office's is added by itself.",
    }
    DisplayNameFormat = "display_name_format", Rule {
        ja: "氏名に「／」は使えません。氏名と事業所名は別々に登録され、「氏名／事業所名」の形で表示されます。", ja_next: "氏名だけを入力してください。",
        en: "A name holds no slash: it is shown with the office's as \"name／office\", each from its own field.", en_next: "Enter the name alone.",
    }
    ProfileIncomplete = "profile_incomplete", Rule {
        ja: "プロフィールが足りないため、部屋に参加できません（{missing}）。", ja_next: "設定の「プロフィール」で、足りないものを登録してください。",
        en: "The profile is not complete, so its owner cannot join a room ({missing}).", en_next: "Add what is missing under \"Profile\" in the settings.",
    }
    InviteeProfileIncomplete = "invitee_profile_incomplete", Rule {
        ja: "この部屋に参加するには、プロフィールに足りないものがあります（{missing}）。", ja_next: "設定の「プロフィール」で、足りないものを登録してから、もう一度参加してください。",
        en: "This room asks for more than the profile has ({missing}).", en_next: "Add what is missing under \"Profile\" in the settings, and join again.",
    }
    PhotoNotReadable = "photo_not_readable", BadAsk {
        ja: "この画像は使えません。", ja_next: "JPEG・PNG・WebPの、大きすぎない画像を選んでください。",
        en: "This picture cannot be used.", en_next: "Choose a JPEG, PNG or WebP picture that is not too large.",
    }
    VerificationWaiting = "verification_waiting", Clash {
        ja: "本人認証は、もう申し込まれています。", ja_next: "事務局の確認が終わるまで、お待ちください。",
        en: "A verification has been asked for already.", en_next: "Wait until the secretariat has looked at it.",
    }
    VerificationDecided = "verification_decided", Clash {
        ja: "この申し込みは、もう決まったか、取り下げられています。", ja_next: "一覧を読み込み直してください。",
        en: "This one has been decided already, or has lapsed.", en_next: "Load the list anew.",
    }
    ConfirmationStands = "confirmation_stands", Clash {
        ja: "このアカウントの本人確認は、もう記録されています。", ja_next: "一覧を読み込み直してください。",
        en: "The account has been confirmed already.", en_next: "Load the list anew.",
    }
    MailNotConfigured = "mail_not_configured", Rule {
        ja: "このサーバーはメールを送れません。", ja_next: "サーバーの管理者に、リンクを作ってもらってください。",
        en: "This server sends no mail.", en_next: "Ask whoever runs the server for a link.",
    }
    PasswordTooWeak = "password_too_weak", Rule {
        ja: "このパスワードは使えません。{rule}。", ja_next: "{least} 文字以上で、足りないものを補ってください。",
        en: "This password cannot be used: {rule}.", en_next: "Use at least {least} characters and add what is missing.",
    }
    PasswordGuessable = "password_guessable", Rule {
        ja: "このパスワードは推測されやすいです。{rule}。", ja_next: "名前や日付と関わりのない言葉を、いくつか組み合わせてください。",
        en: "This password is easy to guess: {rule}.", en_next: "Combine several words that have nothing to do with names or dates.",
    }
    PasswordSimilar = "password_similar", Rule {
        ja: "新しいパスワードが、今までのものと似すぎています。", ja_next: "まったく別のものにしてください。",
        en: "The new password is too much like the one it replaces.", en_next: "Choose an entirely different one.",
    }
    PasswordReused = "password_reused", Rule {
        ja: "これまでの {count} 回のどれかと同じパスワードは使えません。", ja_next: "まだ使ったことのないものにしてください。",
        en: "None of the last {count} passwords may be used again.", en_next: "Choose one that was not used before.",
    }
    PatientDataInFreeGroup = "patient_data_in_free_group", Rule {
        ja: "自由グループには、患者の情報を書けません。", ja_next: "その患者のタイムラインに書いてください。",
        en: "A free group carries no patient's data.", en_next: "Write it in that patient's timeline.",
    }
    OtherPatientMentioned = "other_patient_mentioned", Rule {
        ja: "ほかの患者のことが書かれているようです（{names}）。", ja_next: "宛先と内容を確かめ、問題がなければ、確かめたことを示して投稿してください。",
        en: "This seems to mention another patient ({names}).", en_next: "Check where it goes and what it says; if it is right, acknowledge it and post.",
    }
    ConsentMissing = "consent_missing", Rule {
        ja: "同意書がまだ記録されていません。", ja_next: "責任を持つ事業所の担当者に、同意を得て記録してもらってください。",
        en: "The patient's consent has not been recorded.", en_next: "Ask the office that answers for this patient to obtain it and record it.",
    }
    UseTimeline = "use_timeline", Rule {
        ja: "この患者には、使われているタイムラインがあります。", ja_next: "患者のことはタイムラインに書いてください。参加していないときは、管理者からの招待を待ってください。",
        en: "This patient has a timeline in use.", en_next: "Write of the patient there. If you are not in it, wait to be invited by who runs it.",
    }
    AgreementChanged = "agreement_changed", Clash {
        ja: "申し合わせは、その間に変わりました。", ja_next: "今の申し合わせを読んでから、もう一度行ってください。",
        en: "The agreement has changed meanwhile.", en_next: "Read the one that stands now, then try again.",
    }
    GroupAdminOnly = "group_admin_only", Rule {
        ja: "グループを作ったり消したりできるのは、事業所の管理者です。", ja_next: "事業所の管理者に頼んでください。",
        en: "Only an office's administrator may open or erase a group.", en_next: "Ask your office's administrator.",
    }
    NotSteward = "not_steward", Rule {
        ja: "これは、責任を持つ事業所の管理者か、その管理者が決めた人だけができます。", ja_next: "その事業所の管理者に頼んでください。",
        en: "Only an administrator of the office that answers for it, or whom she names, may do this.", en_next: "Ask that office's administrator.",
    }
    TransferNotAccepted = "transfer_not_accepted", Rule {
        ja: "引き継ぐ事業所が、まだ承諾していません。", ja_next: "その事業所の管理者の返事を待ってください。それまでは今の事業所が責任を持ちます。",
        en: "The office that is to take over has not accepted yet.", en_next: "Wait for its administrator's answer; until then the present office answers for it.",
    }
    ReconsentMissing = "reconsent_missing", Rule {
        ja: "引き継ぐ事業所が、{patient}からあらためて同意を得ていません。", ja_next: "引き継ぐ事業所で同意を得て記録してから、もう一度行ってください。",
        en: "The office that takes over has no new consent of the {patient} yet.", en_next: "Obtain and record the consent there, then try again.",
    }
    ResponsibilityMissing = "responsibility_missing", BadAsk {
        ja: "情報を適切に扱い、責任を持つことの確認がありません。", ja_next: "内容を読み、確認の印を付けてください。",
        en: "It is not confirmed that the office treats the information properly and answers for it.", en_next: "Read what it means and tick it.",
    }
    OfferPending = "offer_pending", Clash {
        ja: "この{patient}については、もう別の引き継ぎや委任が進んでいます。", ja_next: "それを取り消すか、終わるのを待ってください。",
        en: "Another transfer or delegation for this {patient} is under way.", en_next: "Take it back first, or wait until it has ended.",
    }
    OfferDecided = "offer_decided", Clash {
        ja: "これは、もう終わっています。", ja_next: "一覧で今の状態を確かめてください。",
        en: "This has come to an end already.", en_next: "See how it stands in the list.",
    }
    DelegationNotAvailable = "delegation_not_available", Rule {
        ja: "この地域では、管理をほかの事業所に任せることはできません。", ja_next: "必要なら、責任を持つ事業所の引き継ぎをしてください。",
        en: "In this region no other office can act for the one that answers for it.", en_next: "If need be, transfer it to the other office.",
    }
    DelegationNotApproved = "delegation_not_approved", Rule {
        ja: "医療機関などの承認が記録されていないため、代わりに行うことはできません。", ja_next: "任せた事業所の管理者に、承認を記録するよう頼んでください。",
        en: "No approval is recorded, so nobody may act in the other office's stead.", en_next: "Ask the administrator of the office that gave it to record the approval.",
    }
    ReviewIncomplete = "review_incomplete", Clash {
        ja: "参加者のうち {count} 人について、続けるか外すかが決まっていないか、参加者が変わりました。", ja_next: "一覧を開き直し、全員について決めてください。",
        en: "For {count} of the members it is not said whether they stay or go, or the members have changed.", en_next: "Open the list again and decide about each of them.",
    }
    InvolvementMissing = "involvement_missing", BadAsk {
        ja: "この人がどう関わるのかが書かれていません。", ja_next: "この部屋での役割や関わりを書いてください。",
        en: "It is not said what this person has to do with it.", en_next: "Write her part in this care, or in the group's aim.",
    }
    ConsentExcludesSharing = "consent_excludes_sharing", Rule {
        ja: "本人は、情報の共有に同意していません。", ja_next: "ここには書けません。必要なときは電話などで連絡してください。",
        en: "The patient has not agreed that data is shared.", en_next: "Nothing can be shared here. Use the telephone where it is needed.",
    }
    UseStopped = "use_stopped", Rule {
        ja: "本人側の申し出により、利用が止められています。", ja_next: "続けるときは、責任を持つ事業所が改めて同意を得る必要があります。",
        en: "The use was stopped at the wish of the patient or her family.", en_next: "To go on, the office that answers for this patient has to obtain a new consent.",
    }
    ConsentObtainerNotEntitled = "consent_obtainer_not_entitled", Rule {
        ja: "この同意を扱えるのは、決められた人だけです。", ja_next: "責任を持つ事業所の職員か、主治医、または主治医の依頼を受けた職員が行ってください。",
        en: "Only those whom the rules name may do this with a consent.", en_next: "The staff of the office that answers for the patient, the attending physician, or whom she asked, may.",
    }
    PhysicianRequestMissing = "physician_request_missing", Rule {
        ja: "主治医の依頼があったことの記録が足りません。", ja_next: "依頼を受けた日と、どのように頼まれたかを書いてください。",
        en: "It is not recorded that the physician asked for it.", en_next: "Write on which day and how she asked.",
    }
    BasisNotAllowed = "basis_not_allowed", Rule {
        ja: "この地域では、その形の同意は認められていません。", ja_next: "この地域の同意書で、書面の同意を得てください。",
        en: "This region does not accept a consent of that kind.", en_next: "Obtain it in writing, on one of the region's forms.",
    }
    SignatoryMissing = "signatory_missing", Rule {
        ja: "署名した人が書かれていません。", ja_next: "本人か、署名できる人の名前を書いてください。",
        en: "It is not said who signed.", en_next: "Write the patient's name, or that of who may sign for her.",
    }
    ExplainerMissing = "explainer_missing", Rule {
        ja: "説明した人が書かれていません。", ja_next: "説明した人の名前と事業所を書いてください。",
        en: "It is not said who explained the form.", en_next: "Write her name and her office.",
    }
    ProxyStatementMissing = "proxy_statement_missing", Rule {
        ja: "代わりに署名した人について、続柄と、本人の意思を確かめたことの記録が必要です。", ja_next: "続柄を書き、本人の意思を確かめた印を付けてください。",
        en: "For somebody who signs in the patient's stead, the relation and that her will was confirmed are needed.", en_next: "Write the relation, and tick that her will was confirmed.",
    }
    DateInvalid = "date_invalid", BadAsk {
        ja: "日付が正しくないか、まだ来ていません。", ja_next: "今日までの日付を入れてください。",
        en: "The day does not exist, or has not come.", en_next: "Enter a day up to today.",
    }
    PatientRefused = "patient_refused", Rule {
        ja: "本人が断っているため、ほかの人の署名では記録できません。", ja_next: "本人の署名で、改めて同意を得てください。",
        en: "The patient refused, so nobody else's signature stands for hers.", en_next: "Obtain a consent that she signs herself.",
    }
    ObjectionEvidenceMissing = "objection_evidence_missing", Rule {
        ja: "同意しない項目の印が、まだ確かめられていません。", ja_next: "印、署名、写し、立会いのどれかを選んでください。同意しないことは、そのままでも有効です。",
        en: "It is not said how the objection shows on the paper.", en_next: "Choose seal, initials, scan or witness. The objection holds without it.",
    }
    ConsentEnded = "consent_ended", Clash {
        ja: "この同意は、もう有効ではありません。", ja_next: "一覧を読み込み直してください。",
        en: "This consent no longer holds.", en_next: "Load the list anew.",
    }
    ScansFull = "scans_full", Clash {
        ja: "写しは {limit} 枚までです。", ja_next: "まとめて1つのPDFにするか、新しい同意として記録してください。",
        en: "A consent has at most {limit} scans.", en_next: "Put them into one PDF, or record a new consent.",
    }
    StaffTimeline = "staff_timeline", Rule {
        ja: "この部屋は職員だけのタイムラインです。本人や家族は参加できません。", ja_next: "本人や家族が参加できるタイムラインに招待してください。",
        en: "This timeline is for staff: neither patient nor family can join it.", en_next: "Invite her to the timeline that patient and family take part in.",
    }
    StaffOnly = "staff_only", Rule {
        ja: "これは、職員だけができます。", ja_next: "担当の職員に頼んでください。",
        en: "This is for staff alone.", en_next: "Ask the staff who take part.",
    }
    ApprovalPending = "approval_pending", Clash {
        ja: "この人の参加は、もう提案されていて、承認か本人の返事を待っています。", ja_next: "招待の一覧で、今の状態を確かめてください。",
        en: "This person has been proposed already, and waits for approval or for her own answer.", en_next: "See how far it is in the list of invitations.",
    }
    InvitationExpired = "invitation_expired", Rule {
        ja: "この招待は、期限が切れています。", ja_next: "招待した人に、もう一度頼んでください。",
        en: "The time of this invitation is over.", en_next: "Ask whoever invited you to do so again.",
    }
    InvitationDecided = "invitation_decided", Clash {
        ja: "この招待は、もう決まったか、取り下げられています。", ja_next: "一覧を読み込み直してください。",
        en: "This invitation has been decided already, or was taken back.", en_next: "Load the list anew.",
    }
    OwnJudgementMissing = "own_judgement_missing", Rule {
        ja: "参加の前に、自分がこの方のケアに関わっているかを確かめる必要があります。", ja_next: "関わっているときは、その印を付けて参加してください。関わっていないときは、辞退してください。",
        en: "Whoever joins a timeline first says that she takes part in this person's care.", en_next: "Tick it and join; if you do not take part, decline.",
    }
    LargeGroup = "large_group", Rule {
        ja: "この部屋の参加者は {count} 人になります（目安は {limit} 人まで）。", ja_next: "本当に必要な人だけかを確かめてから、承知のうえで承認してください。",
        en: "This room would have {count} members (up to {limit} is usual).", en_next: "Check that all of them are needed, then approve it all the same.",
    }
    TimelineArchived = "timeline_archived", Rule {
        ja: "このタイムラインは保管庫にあります。読むことだけができます。", ja_next: "続けるときは、責任を持つ事業所の管理者に、保管庫から戻してもらってください。",
        en: "This timeline is in the vault and can only be read.", en_next: "To go on, ask an administrator of the office that answers for it to restore it.",
    }
    PhysicianRequired = "physician_required", Rule {
        ja: "これには、医師か、医師の指示や承認が必要です。", ja_next: "この患者を診ている医師に頼んでください。",
        en: "This takes a physician, or a physician's instruction or approval.", en_next: "Ask the physician who attends to this patient.",
    }
    PhysicianApprovalMissing = "physician_approval_missing", Rule {
        ja: "医師がまだ承認していません。", ja_next: "医師の承認を待つか、「タイムラインを開く」からもう一度頼んでください。",
        en: "The physician has not approved this timeline.", en_next: "Wait for her approval, or ask again from \"Open a timeline\".",
    }
    PhysicianNotJoined = "physician_not_joined", Rule {
        ja: "医師がまだ参加していません。", ja_next: "医師が参加すると投稿できます。",
        en: "The physician has not joined this timeline yet.", en_next: "You can post once she has joined.",
    }
    TimelinePaused = "timeline_paused", Rule {
        ja: "このタイムラインは今、休止しています。", ja_next: "担当の医師が再開すると投稿できます。",
        en: "This timeline is paused.", en_next: "You can post once a physician in charge lets it go on.",
    }
    TimelineExists = "timeline_exists", Clash {
        ja: "この患者のタイムラインは、もうあります。", ja_next: "部屋の一覧か保管庫を確かめるか、管理している人に招待を頼んでください。",
        en: "This patient has such a timeline already.", en_next: "See the list of rooms or the vault, or ask whoever manages it to invite you.",
    }
    PatientKnown = "patient_known", Clash {
        ja: "同じ読みと生年月日の患者が、この事業所に登録されています。", ja_next: "同じ人でないことを確かめてから、承知のうえで登録してください。",
        en: "Your office has a patient of that reading and birth date already.", en_next: "Check that it is somebody else, then register her all the same.",
    }
    NotTimelineManager = "not_timeline_manager", Rule {
        ja: "これは、このタイムラインを管理する人（担当の医師か、医師の指示や承認を受けた人）だけができます。", ja_next: "管理している人に頼んでください。",
        en: "Only whoever manages this timeline may do this: its physician, or whom she instructed or approved.", en_next: "Ask whoever manages it.",
    }
    ControlHeld = "control_held", Clash {
        ja: "担当の医師がいます。", ja_next: "引き継ぐときは、今の担当の医師に退出してもらってください。",
        en: "A physician is in charge of this timeline.", en_next: "To take over, have her leave first.",
    }
    ErasureRequestMissing = "erasure_request_missing", Rule {
        ja: "投稿のある部屋は、本人・家族・代理人の希望の記録がなければ消去できません。", ja_next: "だれが、いつ、どのように希望したかを記録して申し込んでください。使わなくなったタイムラインは、保管庫に移せます。",
        en: "A room that held posts is erased only on a recorded wish of the patient, the family or a representative.", en_next: "Record who wished it, when and how. A timeline that is no longer used can go to the vault.",
    }
    SecondPersonRequired = "second_person_required", Rule {
        ja: "消去を決めるには、申し込んだ人とは別の、もう一人の確認が必要です。", ja_next: "ほかの管理者、事業所の長、事務局のどなたかに頼んでください。",
        en: "An erasure is decided by somebody other than whoever asked for it.", en_next: "Ask another administrator, the head of the office or the secretariat.",
    }
    ErasureExecutorRequired = "erasure_executor_required", Rule {
        ja: "この地域では、あなたとこの申込者の二人だけでは、消去を決められません。", ja_next: "地域のルールで消去を行う担当（事務局、または責任を持つ事業所の管理者）に確認してもらってください。",
        en: "In this region the two of you cannot decide this erasure.", en_next: "Have it decided by whoever erases by the region's rules: the secretariat, or an administrator of the office that answers for the room.",
    }
    ErasureDecided = "erasure_decided", Clash {
        ja: "この部屋の消去は、もう申し込まれているか、決まったか、取り消されています。", ja_next: "消去の一覧を読み込み直してください。",
        en: "This erasure has been asked for, decided or taken back already.", en_next: "Load the list of erasures anew.",
    }
    StewardAdminRequired = "steward_admin_required", Rule {
        ja: "この部屋には、責任を持つ事業所の管理者がほかにいません。", ja_next: "先に、同じ事業所の別の管理者に参加してもらってください。",
        en: "No other administrator of the office that answers for this room is in it.", en_next: "Have another administrator of that office join first.",
    }
    ByodForbidden = "byod_forbidden", Rule {
        ja: "この地域では、私物の端末は使えません。", ja_next: "事業所の端末か、貸与された端末を使ってください。",
        en: "Private devices may not be used in this region.", en_next: "Use a device of the office, or one that was lent to you.",
    }
    DeviceNotPermitted = "device_not_permitted", Rule {
        ja: "私物の端末には、使う人の申請と、書面による許可が必要です。", ja_next: "使う人が用途を申請し、管理者が許可の日付・許可した人・範囲を登録してください。",
        en: "A private device needs its holder's application and written permission.", en_next: "Its holder applies, saying what for; an administrator records the permission's date, who signed it and what it covers.",
    }
    MobileOsNotAllowed = "mobile_os_not_allowed", Rule {
        ja: "この地域では、このOSのスマートフォンやタブレットを、事業所の在宅版カルテの端末にはできません。", ja_next: "使えるOSの端末を選ぶか、在宅版カルテに使わない端末として登録してください。",
        en: "In this region the stock record is not used on an office's phone or tablet with this system.", en_next: "Choose a device with a system that is allowed, or register it without the stock record.",
    }
    DeviceAttestationMissing = "device_attestation_missing", Rule {
        ja: "端末について、確認が必要な項目が足りません（{missing}）。", ja_next: "端末を確認してから、もう一度承認してください。",
        en: "Something that must be declared of the device is missing ({missing}).", en_next: "Check the device, then approve it again.",
    }
    RemoteLockRequired = "remote_lock_required", Rule {
        ja: "紛失に備えて、遠隔でロックか消去ができる状態にする必要があります。", ja_next: "遠隔消去・回線停止・端末管理などのどれかを用意してください。",
        en: "The device has to be one that can be locked or wiped from afar.", en_next: "Set up remote wipe, a line stop, device management or the like.",
    }
    DeviceNotRegistered = "device_not_registered", Rule {
        ja: "登録・承認された端末からだけログインできます。", ja_next: "事業所の管理者に端末の登録を頼んでください。紛失の連絡はここからできます。",
        en: "You can sign in only from a registered and approved device.", en_next: "Ask your office's administrator to register it. A loss can be reported from here.",
    }
    DeviceStopped = "device_stopped", Rule {
        ja: "この端末は使用を止められています。", ja_next: "事業所の管理者に連絡してください。",
        en: "This device was taken out of use.", en_next: "Contact your office's administrator.",
    }
    DevicesFull = "devices_full", Rule {
        ja: "登録できる端末の数（{limit}台）を超えています。", ja_next: "使っていない端末の登録を終えてから、もう一度登録してください。",
        en: "No more than {limit} devices can be registered here.", en_next: "Give up one that is no longer used first.",
    }
    IncidentUnseen = "incident_unseen", Clash {
        ja: "この報告は、まだ確認されていません。", ja_next: "先に内容を確認し、必要な指示を記録してください。",
        en: "Nobody has seen this report yet.", en_next: "See to it first, and record what is to be done.",
    }
    IncidentUnsent = "incident_unsent", Clash {
        ja: "この報告は、まだ事務局に送られていません。", ja_next: "内容を確かめて、先に送ってください。",
        en: "This report has not been passed on to the secretariat yet.", en_next: "Check what it says and pass it on first.",
    }
    IncidentClosed = "incident_closed", Clash {
        ja: "この報告への対応は、もう終わっています。", ja_next: "一覧を読み込み直して、記録を確かめてください。",
        en: "This report has been dealt with already.", en_next: "Load the list again and read what was recorded.",
    }
    RulesNotAcknowledged = "rules_not_acknowledged", Rule {
        ja: "運用の決まりが新しくなりました。確かめるまで、先へ進めません。", ja_next: "変わったところを読み、「確認しました」を押してください。",
        en: "The rules have changed: nothing goes on until you have read them.", en_next: "Read what changed, and acknowledge it.",
    }
    PolicyVersionStale = "policy_version_stale", Clash {
        ja: "この版の決まりは、もう古くなっています（今は {version}）。", ja_next: "今の版を開いて、読んでから確認してください。",
        en: "This version of the rules is out of date (now {version}).", en_next: "Open the version in force, read it, and acknowledge that one.",
    }
    WeakerThanRegion = "weaker_than_region", Rule {
        ja: "事業所の決まりで、地域の決まりをゆるめることはできません（{clause}）。", ja_next: "地域の決まりと同じか、より厳しい値にしてください。",
        en: "An office's rules cannot loosen the region's ({clause}).", en_next: "Choose a value that is as strict as the region's, or stricter.",
    }
    ExceptionReasonMissing = "exception_reason_missing", BadAsk {
        ja: "登録していない端末を使う理由が必要です。", ja_next: "何が起きていて、なぜ今必要なのかを書いてください。",
        en: "It must be said why a device that is not registered is needed.", en_next: "Write what has happened and why it is needed now.",
    }
    ExceptionNotAllowed = "exception_not_allowed", Rule {
        ja: "この地域の決まりでは、この理由で端末の例外を宣言することはできません。", ja_next: "登録された端末を使うか、事務局に相談してください。",
        en: "The rules of this region know no such exception from the rule of devices.", en_next: "Use a registered device, or ask the secretariat.",
    }
    ExceptionOver = "exception_over", SignIn {
        ja: "端末の例外は、もう終わっています。", ja_next: "登録された端末でログインしてください。まだ必要なときは、あらためて宣言します。",
        en: "The exception from the rule of devices is over.", en_next: "Sign in from a registered device. If it is still needed, it is declared anew.",
    }
    ExceptionInForce = "exception_in_force", Clash {
        ja: "この例外は、まだ続いています。", ja_next: "終わらせるか、終わるのを待ってから、確認を記録してください。",
        en: "This exception is still in force.", en_next: "End it, or wait for its end, before you record the review.",
    }
    ExceptionReviewed = "exception_reviewed", Clash {
        ja: "この例外は、もう確認が記録されています。", ja_next: "一覧を読み込み直してください。",
        en: "This exception has been reviewed already.", en_next: "Load the list anew.",
    }
    ClientCertificateRequired = "client_certificate_required", Rule {
        ja: "端末の証明書で確認できませんでした。", ja_next: "証明書の入った端末を使うか、事業所の管理者に連絡してください。",
        en: "The device's certificate could not be confirmed.", en_next: "Use a device that has its certificate, or contact your office's administrator.",
    }
}

/// The words of a parameter `rule`, as sentences say them.
const RULES: &[(&str, &str, &str)] = &[
    ("too_short", "短すぎます", "it is too short"),
    ("no_letter", "英字がありません", "it has no letter"),
    ("no_digit", "数字がありません", "it has no digit"),
    ("no_symbol", "記号がありません", "it has no symbol"),
    (
        "full_width",
        "半角の英字・数字・記号だけが使えます",
        "only half-width letters, digits and symbols count",
    ),
    (
        "known_word",
        "名前、事業所、地域、メールアドレスなどの言葉が入っています",
        "it contains a name, an office, a region or part of an e-mail address",
    ),
    ("repeat", "同じ文字が続いています", "it repeats a character"),
    ("run", "キーボードの並びや連番が入っています", "it contains neighbouring keys or numbers in a row"),
    ("date", "日付のような数字が入っています", "it contains what looks like a date"),
    ("common", "よくある言葉や形です", "it is a common one"),
    ("denied", "使えないパスワードの一覧にあります", "it is on the list of refused ones"),
];

/// What a profile may lack, by the words of the wire.
const MISSING: &[(&str, &str, &str)] = &[
    ("name", "氏名", "name"),
    ("office", "所属", "office"),
    ("occupation", "職種", "occupation"),
    ("photo", "顔写真", "photo"),
    ("verified", "本人認証", "verification"),
    ("confirmed", "患者本人の確認", "confirmation by the staff"),
];

/// A parameter's value in a sentence: rules have words of their own.
fn spoken(name: &str, value: &str, lang: Lang) -> String {
    let words = match name {
        "rule" => RULES,
        "missing" => MISSING,
        _ => return value.to_owned(),
    };
    let word = |rule: &str| {
        let known = words.iter().find(|(known, ..)| *known == rule);
        known.map_or_else(
            || rule.to_owned(),
            |(_, ja, en)| if lang == Lang::Ja { (*ja).into() } else { (*en).into() },
        )
    };
    let words: Vec<String> = value.split(',').map(word).collect();
    words.join(if lang == Lang::Ja { "、" } else { ", " })
}

/// Why something is refused, before it has a language: code and parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// What fills the sentence; never content.
    pub params: BTreeMap<&'static str, String>,
    /// When trying again makes sense, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal without parameters.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new(), retry_after_ms: None }
    }

    /// Adds a parameter.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and words are given as they stand")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    /// Adds when to try again.
    #[must_use]
    pub const fn retry_after(mut self, milliseconds: u64) -> Self {
        self.retry_after_ms = Some(milliseconds);
        self
    }

    /// The refusal in a language, as it goes over the wire.
    #[must_use]
    pub fn say(&self, lang: Lang) -> Refused {
        let (sentence, next) = self.code.words(lang);
        let (mut sentence, mut next) = (sentence.to_owned(), next.to_owned());
        for (name, value) in &self.params {
            let (place, value) = (format!("{{{name}}}"), spoken(name, value, lang));
            sentence = sentence.replace(&place, &value);
            next = next.replace(&place, &value);
        }
        Refused {
            code: self.code.as_str().to_owned(),
            params: self.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            sentence,
            next,
            retry_after_ms: self.retry_after_ms,
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// A refusal on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Refused {
    /// Stable code.
    pub code: String,
    /// Parameters of the sentence.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub params: BTreeMap<String, String>,
    /// The rule, in the reader's language.
    pub sentence: String,
    /// What to do next.
    pub next: String,
    /// When trying again makes sense, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub retry_after_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_speaks_both_languages_and_says_what_next() {
        for code in Code::ALL {
            let ja = Refusal::new(*code).say(Lang::Ja);
            let en = Refusal::new(*code).say(Lang::En);
            for said in [&ja, &en] {
                assert!(!said.sentence.is_empty() && !said.next.is_empty(), "{code:?}");
            }
            assert_ne!(ja.sentence, en.sentence, "{code:?}");
            assert!(ja.sentence.chars().any(|c| c > '\u{3000}'), "{code:?}");
        }
    }

    #[test]
    fn codes_are_unique() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(Code::ALL.iter().all(|code| seen.insert(code.as_str())));
    }

    #[test]
    fn rules_are_told_in_words() {
        let weak = Refusal::new(Code::PasswordTooWeak).with("rule", "too_short,no_digit").with("least", 8);
        assert_eq!(weak.say(Lang::Ja).sentence, "このパスワードは使えません。短すぎます、数字がありません。");
        let said = weak.say(Lang::En);
        assert_eq!(said.sentence, "This password cannot be used: it is too short, it has no digit.");
        assert_eq!(said.next, "Use at least 8 characters and add what is missing.");
        assert_eq!(said.params["rule"], "too_short,no_digit", "programs read the words of the rules");
    }

    #[test]
    fn parameters_fill_the_sentence() {
        let said = Refusal::new(Code::PostTooLong).with("limit", 20_000).with("length", 20_001).say(Lang::En);
        assert_eq!(said.sentence, "A post has at most 20000 characters (this one has 20001).");
    }
}
