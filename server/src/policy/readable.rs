//! Which rules matter to a reader, what each is about, and the words of their values in both languages: the one place of these
//! words.

use tsumugi_protocol::RuleGroup;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Nothing: it is no number.
    None,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Times.
    Times,
    /// People.
    People,
}

impl Unit {
    /// The words behind a number, in Japanese and English.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("", ""),
            Self::Minutes => ("分", " minutes"),
            Self::Hours => ("時間", " hours"),
            Self::Days => ("日", " days"),
            Self::Months => ("か月", " months"),
            Self::Times => ("回", " times"),
            Self::People => ("人", " people"),
        }
    }
}

/// One rule that readers are shown.
pub(super) struct Readable {
    /// Its name in files of rules.
    pub name: &'static str,
    /// What it is about.
    pub group: RuleGroup,
    /// What it says, in Japanese.
    pub ja: &'static str,
    /// In English.
    pub en: &'static str,
    /// What its number counts.
    pub unit: Unit,
}

macro_rules! readable {
    ($($group:ident { $($name:ident, $unit:ident, $ja:literal, $en:literal;)+ })+) => {
        /// In the order in which they are read.
        pub(super) const READABLE: &[Readable] = &[$($(Readable {
            name: stringify!($name),
            group: RuleGroup::$group,
            ja: $ja,
            en: $en,
            unit: Unit::$unit,
        }),+),+];
    };
}

readable! {
    SignIn {
        passwords, None, "パスワード", "Passwords";
        lockout_tries, Times, "続けて間違えると止まる回数", "Wrong passwords in a row that lock the sign-in";
        lockout_minutes, Minutes, "止まる時間", "For how long";
        idle_minutes, Minutes, "操作がないときの自動ログアウト", "Signed out after so long without an act";
        session_hours, Hours, "一度のログインの長さ", "A sign-in lasts at most";
        blank_minutes, Minutes, "画面を隠すまでの時間", "The screen hides its content after";
        logout_on_leaving, None, "席を離れるときのログアウト", "Sign out when you leave the seat";
        browser_saves_credentials, None, "ブラウザにパスワードを覚えさせること", "Letting the browser keep the password";
        pw_manager_tip, None, "パスワード管理ソフトのすすめ", "A password manager is recommended";
        second_factor, None, "二つ目の認証", "Second factor";
        shared_account, None, "アカウントの共用", "Sharing an account";
    }
    Devices {
        own_devices, None, "私物の端末", "Private devices";
        device_binding, None, "登録した端末だけで使うこと", "Only registered devices";
        certificate_required, None, "端末の証明書がなければ入れないこと", "No sign-in without a device's certificate";
        mobile_os_allowed, None, "在宅版カルテに使う端末のOS", "Systems of phones and tablets for the stock record";
        attestations, None, "端末について確かめること", "What is declared of a device";
        startup_pw, None, "端末の起動時の保護", "Protection when a device starts";
        remote_lock, None, "遠隔でのロックや消去", "Locking or wiping from afar";
        carryout, None, "端末やデータの持ち出し", "Carrying out devices or data";
        carryout_location, None, "持ち出し先の記録", "Saying where they are";
        lent_devices, None, "端末の貸与", "Devices lent by the association";
        device_exception, None, "登録していない端末を使ってよい場合", "When a device that is not registered may be used";
        exception_declared_by, None, "その例外を宣言する人", "Who declares that";
        exception_region_hours, Hours, "事務局が宣言する例外の長さ", "The secretariat's exception lasts at most";
        exception_office_hours, Hours, "事業所の管理者が宣言する例外の長さ", "An administrator's exception lasts at most";
        exception_own_hours, Hours, "自分で宣言する例外の長さ", "One's own exception lasts at most";
        incident_to, None, "紛失や異常の報告先", "Who gets reports of loss and trouble";
    }
    People {
        area, None, "対象の地域", "Area";
        outside_offices, None, "地域の外の事業所", "Offices from outside";
        forms_new_office, None, "新しい事業所の書類", "Papers of a new office";
        forms_admin_change, None, "管理者が変わるときの書類", "Papers when an administrator changes";
        forms_user_add, None, "職員が増えるときの書類", "Papers when somebody joins";
        forms_user_change, None, "職員が変わるときの届け出", "Notice when somebody changes";
        first_id_issuer, None, "はじめのIDを出す人", "Who gives the first ID";
        training_gate, None, "講習を受けないと使えないこと", "Nobody comes in without a training";
        training_period, Months, "講習の間隔", "A training is due again after";
        staff_pledge_to, None, "職員の誓約の相手", "To whom staff pledge";
        pledge_scope, None, "誓約する人", "Who pledges";
        leaver_notice, None, "退職の連絡先", "Who is told that somebody left";
        damages_text, None, "損害について", "Damages";
        professional_verification, None, "専門職の本人認証", "Verification of professionals";
        patient_confirmation, None, "患者のアカウントの確認", "Confirmation of patients' accounts";
        profile, None, "氏名・所属・職種", "Name, office and occupation";
        photo, None, "顔写真", "Photo";
        display_name, None, "名前の表示", "How names are shown";
        account_ended_by, None, "アカウントを削除できる人", "Who may delete an account";
        min_admins, People, "事業所の管理者の数（以上）", "Administrators of an office, at least";
        admin_must_hold, None, "管理者が兼ねる責任者", "Duties of which an administrator holds one";
        admin_grant_explained, None, "管理者になる人への説明", "A new administrator is told what the role means";
        misuse_action_by, None, "不適切な利用に対応する人", "Who acts against misuse";
    }
    Rooms {
        patient_group_create, None, "タイムラインを作る人", "Who opens a timeline";
        physician_must_join, None, "医師の参加", "A physician takes part";
        steward_delegation, None, "管理をほかの事業所に任せること", "Entrusting stewardship to another office";
        transfer_reconsent, None, "管理が移るときの再同意", "Consent anew when another office takes over";
        free_group_by, None, "自由グループを作る人", "Who opens a free group";
        free_group_patient_data, None, "自由グループに患者の情報を書くこと", "Patients' data in free groups";
        connection_patient_data, None, "つながりで患者の情報を書くこと", "Patients' data in connections";
        recipient_participation, None, "本人や家族の参加", "Patients and families";
        invite_proposer, None, "参加を提案する人", "Who proposes a member";
        invite_approver, None, "参加を承認する人", "Who approves a member";
        invitation_days, Days, "招待の期限", "An invitation is good for";
        membership_review, Months, "参加者を見直す間隔", "Members are looked at again after";
        archive_by, None, "保管庫に移す人", "Who stores a timeline";
        archive_when, None, "保管庫に移すとき", "When it is stored";
        group_delete_by, None, "部屋を削除できる人", "Who deletes a room";
        complete_erasure_by, None, "完全に消去できる人", "Who erases altogether";
        admin_monitors_posts, None, "管理者が投稿を確かめること", "Administrators look at posts";
    }
    Consent {
        consent_obtainer, None, "同意を得る人", "Who obtains consent";
        consent_gate, None, "同意が必要になるとき", "What waits for consent";
        consent_waivers, None, "同意書に代わるもの", "What stands for the form";
        consent_copies, None, "同意書を持つところ", "Who holds the form";
        consent_signatories, None, "同意書に署名する人", "What the form asks for";
        partial_objection, None, "一部だけを断ること", "Refusing a part";
        rights, None, "本人の権利", "A patient's rights";
        rights_days, Days, "権利の求めに答えるまで", "Such a request is answered within";
        secondary_use, None, "ケア以外への利用", "Use beyond the care";
        provision_exceptions, None, "同意がなくても提供できる場合", "When data goes out without consent";
        purposes, None, "同意書の利用目的", "Purposes on the form";
        shared_data_kinds, None, "共有する情報", "What is shared";
    }
    Content {
        confirm_post, None, "投稿前の確認", "Confirming a post";
        post_header, None, "投稿の頭書き（宛先・用件・連絡先）", "A post says to whom, what for, and who answers";
        post_checklist, None, "投稿前の確認リスト", "A list before a post";
        hours, None, "通知が鳴る時間", "Hours in which notices sound";
        urgent, None, "急ぎの投稿", "Urgent posts";
        attachment_mode, None, "添付ファイルの扱い", "Attachments";
        capture_consent, None, "撮影の同意", "Consent to pictures";
        third_party_documents, None, "ほかの事業所の文書の扱い", "Documents of other offices are marked";
        backup_plan_required, None, "使えないときの備え", "A plan for when the service is away";
        mail_notifications, None, "メールでの知らせ", "What mail tells of";
    }
}

/// The rules that an office may tighten for its own people and devices; the others are the region's.
pub(super) const TIGHTENED: &[&str] = &[
    "idle_minutes",
    "session_hours",
    "blank_minutes",
    "second_factor",
    "own_devices",
    "device_binding",
    "certificate_required",
    "attestations",
    "remote_lock",
];

/// Words of values: the word of the file, Japanese, English. A value may stand here with its rule's name before it, where it
/// means something else there.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    ("true", "はい", "yes"),
    ("false", "いいえ", "no"),
    ("none", "なし", "none"),
    ("off", "なし", "none"),
    ("no", "なし", "not asked for"),
    ("optional", "任意", "optional"),
    ("recommended", "推奨", "recommended"),
    ("considered", "検討する", "to be considered"),
    ("required", "必須", "required"),
    ("must", "必須", "required"),
    ("allowed", "できる", "allowed"),
    ("forbidden", "禁止", "forbidden"),
    ("computers", "パソコンで", "on computers"),
    ("all_devices", "すべての端末で", "on every device"),
    (
        "discouraged",
        "やむを得ないときだけ（責任者と名簿が必要）",
        "only where it cannot be helped, with a roster",
    ),
    ("department_only", "部署のアカウントだけ", "departments' accounts only"),
    ("office_decides", "事業所が端末ごとに決める", "the office decides for each"),
    ("written_permission", "書面による許可が必要", "with written permission"),
    ("lock", "画面ロック", "a lock"),
    ("eight_characters", "英数字8文字以上のパスワード", "eight letters and digits or more"),
    ("office_sets", "事業所が決める", "as the office says"),
    ("notify", "事業所の管理者に届け出る", "the office's administrator is told"),
    ("approve", "事業所の管理者が承認する", "the office's administrator approves"),
    ("on_application", "申請により貸与", "on application"),
    ("disaster", "災害", "a disaster"),
    ("life_or_body", "生命・身体の危険", "life or body in danger"),
    ("secretariat", "事務局", "the secretariat"),
    ("committee", "運営委員会", "the committee"),
    ("association", "医師会", "the association"),
    ("support_centre", "支援センター", "the support centre"),
    ("support_desk", "サポート窓口", "the support desk"),
    ("office_bodies", "事業所の中の体制", "bodies inside each office"),
    ("office_admin", "事業所の管理者", "the office's administrator"),
    ("office_head", "事業所の長", "the office's head"),
    ("holder", "本人", "the person herself"),
    (
        "admin_on_support_case",
        "サポート窓口の受付があるときの管理者",
        "an administrator, on a case of the support desk",
    ),
    ("operation_manager", "運営責任者", "operation manager"),
    ("system_manager", "システム管理者", "system manager"),
    ("privacy_officer", "個人情報保護責任者", "privacy officer"),
    ("safety_manager", "安全管理責任者", "safety manager"),
    ("audit_officer", "監査責任者", "audit officer"),
    ("any_staff", "職員ならだれでも", "any staff"),
    ("any_member", "参加者ならだれでも", "any member"),
    ("steward_member", "責任を持つ事業所の参加者", "a member of the steward"),
    ("steward_admin", "責任を持つ事業所の管理者", "an administrator of the steward"),
    ("steward", "責任を持つ事業所", "the steward"),
    ("approver", "承認する人", "whoever approves"),
    (
        "manager",
        "タイムラインの管理者（医師か、指示を受けた人）",
        "the timeline's manager: a physician, or whom one has instructed",
    ),
    ("physician_or_instructed", "医師か、医師が指示した人", "a physician, or whom one has instructed"),
    ("escalate", "いないときは事務局に知らせる", "the secretariat is told while none has joined"),
    ("gate", "参加するまで始まらない", "it opens once one has joined"),
    ("with_institutions_approval", "医療機関の承認があれば", "with the medical institution's approval"),
    ("by_physician", "医師の指示か承認で", "as the physician instructs or approves"),
    ("with_consent", "同意があれば", "with consent"),
    (
        "with_consent_until_timeline",
        "同意があれば、タイムラインが始まるまで",
        "with consent, until a timeline is active",
    ),
    ("physician_controlled", "医師が管理するタイムラインで", "in timelines that a physician controls"),
    (
        "office_no_longer_has_the_patient",
        "事業所の患者でなくなったとき",
        "when the office no longer has the patient",
    ),
    (
        "no_longer_used_for_the_patient",
        "その人に使わなくなったとき",
        "when it is no longer used for the patient",
    ),
    ("after_a_death_at_a_fit_time", "亡くなったあと、ふさわしいときに", "after a death at a fit time"),
    ("steward_office", "責任を持つ事業所", "the steward"),
    (
        "steward_office_person",
        "責任を持つ事業所の、書面に名を記した人",
        "the steward; the form names the person",
    ),
    ("before_external", "ほかの事業所に渡る前", "before anything crosses the office's border"),
    ("before_any_post", "投稿を始める前", "before any post"),
    ("contract_naming_others", "ほかの事業所を挙げた契約", "a contract that names other offices"),
    ("use_consented_before", "前からの同意", "a use consented to before"),
    ("own_form", "事業所の様式", "a form of the office's own"),
    ("office", "事業所", "the office"),
    ("patient", "本人", "the patient"),
    (
        "physician_if_instructed",
        "医師（ほかの人が同意を得たとき）",
        "the physician, where somebody else obtained it",
    ),
    ("two_originals", "原本を二通", "two originals"),
    ("family", "家族", "family"),
    ("relation", "続柄", "how they are related"),
    ("representative", "代理人", "a representative"),
    ("proxy_with_statement", "代筆する人とその理由", "a proxy with a statement"),
    ("explainer", "説明した人", "who explained it"),
    ("notice_of_purposes", "利用目的の通知", "to be told the purposes"),
    ("disclosure", "開示", "disclosure"),
    ("correction", "訂正・追加・削除", "correction"),
    ("stop_or_erasure", "利用停止・消去", "stop of use, or erasure"),
    ("complete_erasure", "完全な消去", "complete erasure"),
    ("consented_purposes", "同意した目的の中で", "within the purposes consented to"),
    (
        "consented_purposes_and_each_time",
        "同意した目的の中で、外に出すときはそのつど同意",
        "within the purposes consented to; outside the network with consent each time",
    ),
    ("stated_purpose", "示した目的の中で", "within the stated purpose"),
    (
        "by_permissions",
        "提供した人の許可で、それ以外は管理者の許可も",
        "with the provider's permission, else the manager's as well",
    ),
    ("law", "法令に基づくとき", "a law demands it"),
    ("life_body_property", "生命・身体・財産を守るとき", "life, body or property is in danger"),
    ("public_health_or_child", "公衆衛生や児童のため", "public health, or a child's"),
    ("guideline_case", "ガイダンスが挙げるほかの場合", "another case that the guideline names"),
    ("twenty_five", "25の目的", "25 purposes"),
    ("twenty_five_with_remark", "25の目的（使わないものを注記）", "25 purposes, with a remark"),
    ("one_paragraph", "一つの文章", "one paragraph"),
    ("identity_and_contact", "氏名・連絡先", "identity and contact"),
    ("history_and_diagnoses", "病歴・診断", "history and diagnoses"),
    ("treatment_and_tests", "治療・検査", "treatment and tests"),
    ("daily_state", "日々の様子", "how the days go"),
    ("concerned_offices", "関わる事業所", "who else looks after the patient"),
    ("other_related", "そのほか関わる情報", "what else belongs to it"),
    ("shown", "表示する", "shown"),
    ("remind", "電話番号を示す", "the numbers to call are shown"),
    ("with_call", "電話とあわせて", "together with a call"),
    ("call_first", "先に電話する", "a call comes first"),
    ("trusted", "信頼できる人のものだけ", "from those one trusts"),
    ("by_permission", "提供した人の許可の範囲で", "as its provider permits"),
    ("view_only", "見るだけ", "to be looked at only"),
    ("invitation", "招待", "invitations"),
    ("approval_request", "承認の依頼", "requests to approve"),
    ("group_post", "グループの投稿", "posts in groups"),
    ("connection_post", "つながりの投稿", "posts in connections"),
    ("same_forms", "同じ書類で", "with the same forms"),
    (
        "same_forms_and_earlier_id",
        "同じ書類で、ほかのIDがあれば申告",
        "with the same forms, saying whether there is an id from elsewhere",
    ),
    ("working_with_the_area", "地域の人と働くなら", "where people of the area work with it"),
    ("application", "申込書", "application"),
    ("head_pledge", "事業所の長の誓約書", "the head's pledge"),
    ("admin_pledge", "管理者の誓約書", "the administrators' pledge"),
    ("staff_pledge", "職員の誓約書", "the staff's pledge"),
    ("id_request", "IDの申請", "a request for an ID"),
    ("change_notice", "変更届", "a notice of change"),
    ("any_notice", "連絡（方法は自由）", "a word, however it comes"),
    ("role_explanation", "役割の説明", "that the role was explained"),
    ("own_office", "その事業所", "the office itself"),
    (
        "secretariat_invites",
        "新しい事業所は事務局の招待、そのあとは管理者",
        "the secretariat's invitation, afterwards the administrator",
    ),
    (
        "secretariat_on_request",
        "申請があれば事務局、ほかは管理者",
        "the secretariat on request, else the administrator",
    ),
    ("all", "使う人みんな", "everybody who comes in"),
    ("all_staff", "使わない職員もみんな", "all staff, also who do not come in"),
    ("network_only", "事業所をまたいで使う人", "who works across offices"),
    ("person", "本人の名前", "the person's name"),
    ("person_office", "名前／事業所", "name／office"),
    ("android", "Android", "Android"),
    ("ios", "iOS", "iOS"),
    ("windows", "Windows", "Windows"),
    ("macos", "macOS", "macOS"),
    ("chromeos", "ChromeOS", "ChromeOS"),
    ("linux", "Linux", "Linux"),
    ("other", "そのほか", "another"),
    ("screen_lock", "画面ロック", "screen lock"),
    ("start_up_password", "起動時のパスワード", "start-up password"),
    ("virus_protection", "ウイルス対策", "virus protection"),
    ("current_system", "OSの更新", "a current system"),
    ("official_sources", "正規のアプリだけ", "apps of official sources"),
    ("permitted_apps", "許可されたアプリだけ", "permitted apps only"),
    ("vulnerability_check", "脆弱性の確認", "check for vulnerabilities"),
    ("no_file_sharing", "ファイル共有ソフトなし", "no file sharing"),
    ("safe_wifi", "安全なWi-Fi", "safe Wi-Fi"),
    ("clear_screen", "クリアスクリーン", "clear screen"),
    ("locked_storage", "施錠保管", "locked storage"),
    ("privacy_filter", "のぞき見防止", "privacy filter"),
    ("remote_wipe", "遠隔消去", "remote wipe"),
    ("line_stop", "回線停止", "a line stop"),
    ("device_management", "端末管理", "device management"),
    ("remote_lock_other", "ほかの遠隔ロック", "another remote lock"),
    ("letter", "英字", "letters"),
    ("digit", "数字", "digits"),
    ("symbol", "記号", "symbols"),
    ("area:", "どこでも", "anywhere"),
    ("mobile_os_allowed:", "問わない", "any"),
    ("hours:none", "いつでも", "always"),
    ("recipient_participation:none", "参加しない", "they do not take part"),
];
