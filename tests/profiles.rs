//! What people say of themselves: name, occupation and photo; who sees it, and what rules ask of it before somebody joins a room.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, draft, fresh_group, new_id, promise};
use crate::mailing::notices;
use base64ct::{Base64, Encoding};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use std::time::Instant;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AffiliationId, AskFaces, Card, ChangeProfile, Code, Command, Connect, CreateFree,
    Done, Event, Face, FaceList, InviteRequires, Me, MemberState, NamePattern, Nothing, NoticeKind,
    Occupation, OpenRoom, Photo, RoomId, RoomMade, SetPhoto, Task, WhichAccount, WhichRoom, limits,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] =
    &[Code::ProfileIncomplete, Code::InviteeProfileIncomplete, Code::PhotoNotReadable];

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let account = AccountId(new_id());
    vec![
        Command::ChangeProfile(ChangeProfile {
            affiliation: AffiliationId(new_id()),
            name: "山田 花子".into(),
            kana: "やまだ はなこ".into(),
            occupation: Occupation::Nurse,
        }),
        Command::SetPhoto(SetPhoto { image: String::new() }),
        Command::RemovePhoto(Nothing {}),
        Command::ShowPhoto(WhichAccount { account }),
        Command::ListFaces(AskFaces { accounts: vec![account] }),
    ]
}

/// A picture of one colour.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::new_luma8(width, height).write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

/// Where the camera says it was.
const PLACE: &[u8] = b"35.6895N139.6917E";

/// A photo as a camera writes it: with the place it was taken at, and bytes behind its end.
fn taken_by_a_camera() -> Vec<u8> {
    let plain = picture(320, 240, ImageFormat::Jpeg);
    let mut noted = b"Exif\0\0".to_vec();
    noted.extend(PLACE);
    let length = u16::try_from(noted.len() + 2).expect("short").to_be_bytes();
    let (start, rest) = plain.split_at(2);
    [start, b"\xff\xe1", &length, &noted, rest, PLACE].concat()
}

pub fn set_photo(bytes: &[u8]) -> Command {
    Command::SetPhoto(SetPhoto { image: Base64::encode_string(bytes) })
}

pub async fn face(who: &Person<'_>, of: &Person<'_>) -> Option<Face> {
    let ask = Command::ListFaces(AskFaces { accounts: vec![of.me.account, AccountId(new_id())] });
    let mut faces = who.ask::<FaceList>(&ask).await.expect("faces").faces;
    assert!(faces.len() < 2, "nobody has no face");
    faces.pop()
}

async fn photo(who: &Person<'_>, of: &Person<'_>) -> Result<Photo, String> {
    let ask = Command::ShowPhoto(WhichAccount { account: of.me.account });
    who.ask::<Photo>(&ask).await.map_err(|refused| refused.code)
}

pub async fn me(who: &Person<'_>) -> Me {
    who.ask(&Command::Me(Nothing {})).await.expect("herself")
}

/// What she says of herself now, with a change.
pub async fn change(who: &Person<'_>, change: impl FnOnce(&mut ChangeProfile)) -> Command {
    let place = me(who).await.affiliations.swap_remove(0);
    let Card { name, kana, occupation, .. } = place.card;
    let mut ask = ChangeProfile { affiliation: place.id, name, kana, occupation };
    change(&mut ask);
    Command::ChangeProfile(ask)
}

async fn becomes(who: &Person<'_>, occupation: Occupation) {
    let ask = change(who, |ask| ask.occupation = occupation).await;
    let _: Done = who.ask(&ask).await.expect("changed");
}

fn group(invite: &[&Person<'_>], requires: &[InviteRequires]) -> CreateFree {
    CreateFree {
        room: RoomId(new_id()),
        title: "顔の見える部屋".into(),
        aim: "だれが入れるかをためす".into(),
        invite: invite.iter().map(|person| person.me.account).collect(),
        requires: requires.to_vec(),
    }
}

async fn made(admin: &Person<'_>, ask: &CreateFree) -> RoomId {
    admin.ask::<RoomMade>(&Command::CreateFree(ask.clone())).await.expect("made").room
}

/// What keeps her from joining, if anything does.
async fn joins(who: &Person<'_>, room: RoomId) -> Result<(), (String, String)> {
    let answer = who.ask::<RoomMade>(&Command::Accept(AcceptRoom { room, takes_part: true })).await;
    answer
        .map(drop)
        .map_err(|refused| (refused.code, refused.params.get("missing").cloned().unwrap_or_default()))
}

fn lacks(code: Code, missing: &str) -> Result<(), (String, String)> {
    Err((code.as_str().to_owned(), missing.to_owned()))
}

promise! {
    async fn a_photo_is_drawn_anew_and_seen_by_those_who_see_her_card(engine: Engine) {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["visiting_nurse"]).await;
        // An office's admin owns the photo, a nurse works with her, and the daughter of a patient shares no room with her.
        let (colleague, owner) = (&group.people[1], &group.people[0]);
        let desk = server.person("secretariat").await;
        let stranger = server.person("daughter").await;
        assert_eq!(face(colleague, owner).await.and_then(|face| face.photo), None);
        assert_eq!(photo(colleague, owner).await, Err("not_found".into()), "she has none");
        assert!(owner.me.tasks.contains(&Task::Photo), "recommended: she is reminded, and nothing keeps her");

        let _: Done = owner.ask(&set_photo(&taken_by_a_camera())).await.expect("kept");
        let first = face(colleague, owner).await.and_then(|face| face.photo).expect("a version");
        for who in [owner, colleague, &desk] {
            let shown = photo(who, owner).await.expect("she is seen");
            let bytes = Base64::decode_vec(&shown.image).expect("base64");
            assert_eq!(image::guess_format(&bytes).expect("a picture"), ImageFormat::Jpeg);
            let drawn = image::load_from_memory(&bytes).expect("a picture");
            assert_eq!((drawn.width(), drawn.height()), (limits::PHOTO_PIXELS, limits::PHOTO_PIXELS));
            let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
            assert!(!holds(b"Exif") && !holds(PLACE), "nothing the camera noted is kept");
            assert_eq!(shown.version, first);
        }
        assert!(!me(owner).await.tasks.contains(&Task::Photo));

        // Whoever does not see her card learns nothing, not even that she is there.
        assert_eq!(face(&stranger, owner).await, None);
        let nobody = Command::ShowPhoto(WhichAccount { account: AccountId(new_id()) });
        let hers = Command::ShowPhoto(WhichAccount { account: owner.me.account });
        assert_eq!(stranger.refused(&hers).await, stranger.refused(&nobody).await);

        let _: Done = owner.ask(&set_photo(&picture(300, 300, ImageFormat::WebP))).await.expect("another");
        assert!(face(colleague, owner).await.and_then(|face| face.photo) > Some(first), "its version rises");
        for _ in 0..2 {
            let _: Done = owner.ask(&Command::RemovePhoto(Nothing {})).await.expect("gone");
        }
        assert_eq!(photo(owner, owner).await, Err("not_found".into()));
        let _: Done = owner.ask(&set_photo(&picture(9, 9, ImageFormat::Png))).await.expect("a third");
        assert!(face(colleague, owner).await.and_then(|face| face.photo) > Some(first + 1), "also after none");
        let mut rows = Rows::of(&server).await;
        let count = |rows: Vec<crate::harness::AuditRow>| rows.iter().filter(|row| row.outcome == "done").count();
        assert_eq!(count(rows.audit_of("accounts.set_photo").await), 3);
        assert_eq!(count(rows.audit_of("accounts.remove_photo").await), 1, "taken away once");
        verifies(&server).await;
    }
}

promise! {
    async fn what_is_no_photo_is_refused_and_changes_nothing(engine: Engine) {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["visiting_nurse"]).await;
        let (admin, nurse) = (&group.people[0], &group.people[1]);
        let _: Done = nurse.ask(&set_photo(&picture(64, 64, ImageFormat::Png))).await.expect("kept");
        let before = photo(admin, nurse).await.expect("hers");
        // Fifty megapixels of one grey fit in what may be sent: they are refused by what their first bytes say.
        let mut bomb = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut bomb, CompressionType::Best, FilterType::NoFilter);
        DynamicImage::new_luma8(8_000, 6_400).write_with_encoder(encoder).expect("a picture");
        assert!(bomb.len() <= limits::PHOTO_BYTES, "it is small: {}", bomb.len());
        let since = Instant::now();
        assert_eq!(nurse.refused(&set_photo(&bomb)).await.code, "photo_not_readable");
        assert!(since.elapsed().as_secs() < 5, "at once: {:?}", since.elapsed());
        let whole = picture(64, 64, ImageFormat::Jpeg);
        for (bytes, code) in [
            (&b""[..], "photo_not_readable"),
            (&b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"[..], "photo_not_readable"),
            (&b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"[..], "photo_not_readable"),
            (&whole[..whole.len() / 3], "photo_not_readable"),
            (&vec![0; limits::PHOTO_BYTES][..], "photo_not_readable"),
            (&vec![0; limits::PHOTO_BYTES + 3][..], "too_large"),
        ] {
            assert_eq!(nurse.refused(&set_photo(bytes)).await.code, code, "{} bytes", bytes.len());
        }
        let text = Command::SetPhoto(SetPhoto { image: "これは画像ではありません".into() });
        assert_eq!(nurse.refused(&text).await.code, "photo_not_readable");
        assert_eq!(photo(admin, nurse).await, Ok(before), "nothing changed");
        let many = AskFaces { accounts: vec![nurse.me.account; limits::FACES + 1] };
        assert_eq!(admin.refused(&Command::ListFaces(many)).await.code, "bad_field");
    }
}

promise! {
    // clause("003-note(3)e", "003§guide-①4a")
    async fn where_profiles_are_required_nobody_comes_into_a_room_without_an_occupation(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let admin = server.person_anew("office_admin").await;
        let nurse = server.person_anew("visiting_nurse").await;
        let physician = server.person_anew("physician").await;
        let what_she_is = nurse.me.affiliations[0].card.occupation;
        let what_he_is = admin.me.affiliations[0].card.occupation;
        assert!(!nurse.me.tasks.contains(&Task::Profile));
        becomes(&nurse, Occupation::Unstated).await;
        // Recommended: she is reminded, and comes in.
        assert!(me(&nurse).await.tasks.contains(&Task::Profile));
        let recommended = made(&admin, &group(&[&nurse], &[])).await;
        assert_eq!(joins(&nurse, recommended).await, Ok(()));
        becomes(&admin, Occupation::Unstated).await;

        server.under(&with(FLOOR, "profile", "\"required\""));
        let (admin, nurse) = (server.person_anew("office_admin").await, server.person_anew("visiting_nurse").await);
        let physician = { drop(physician); server.person_anew("physician").await };
        let incomplete = lacks(Code::ProfileIncomplete, "occupation");
        let refused = admin.refused(&Command::CreateFree(group(&[&nurse], &[]))).await;
        assert_eq!((refused.code.as_str(), refused.params["missing"].as_str()), ("profile_incomplete", "occupation"));
        assert!(refused.sentence.contains("職種"), "{}", refused.sentence);
        becomes(&admin, what_he_is).await;
        let room = made(&admin, &group(&[&nurse, &physician], &[])).await;
        assert_eq!(joins(&nurse, room).await, incomplete);
        assert_eq!(nurse.card(room).await.expect("still invited").membership, MemberState::Invited);
        assert_eq!(joins(&physician, room).await, Ok(()), "whose profile is complete");
        let connect = Connect { room: RoomId(new_id()), with: admin.me.account };
        assert_eq!(nurse.refused(&Command::Connect(connect)).await.code, "profile_incomplete");
        let asked: RoomMade = admin
            .ask(&Command::Connect(Connect { room: RoomId(new_id()), with: nurse.me.account }))
            .await
            .expect("asked");
        assert_eq!(joins(&nurse, asked.room).await, incomplete);

        becomes(&nurse, what_she_is).await;
        for room in [room, asked.room, room] {
            assert_eq!(joins(&nurse, room).await, Ok(()));
        }
        let ask = change(&nurse, |ask| ask.occupation = Occupation::Unstated).await;
        assert_eq!(nurse.refused(&ask).await.code, "profile_incomplete", "nor can she take it out again");
        let refusals = Rows::of(&server).await.audit_of("rooms.accept").await;
        let hers = refusals.iter().filter(|row| row.outcome == "profile_incomplete").count();
        assert_eq!(hers, 2, "{refusals:?}");
        verifies(&server).await;
    }
}

promise! {
    async fn where_a_photo_is_required_staff_come_into_a_room_with_one(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        server.under(&with(FLOOR, "photo", "\"required\""));
        let admin = server.person_anew("office_admin").await;
        let nurse = server.person_anew("visiting_nurse").await;
        let ask = group(&[&nurse], &[]);
        assert_eq!(admin.refused(&Command::CreateFree(ask.clone())).await.params["missing"], "photo");
        let _: Done = admin.ask(&set_photo(&picture(64, 64, ImageFormat::Jpeg))).await.expect("kept");
        let room = made(&admin, &ask).await;
        assert_eq!(joins(&nurse, room).await, lacks(Code::ProfileIncomplete, "photo"));
        let _: Done = nurse.ask(&set_photo(&picture(64, 64, ImageFormat::Jpeg))).await.expect("kept");
        assert_eq!(joins(&nurse, room).await, Ok(()));
    }
}

promise! {
    // clause("002-2.1S6")
    async fn a_group_and_a_region_may_ask_for_more_of_whoever_joins(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let admin = server.person_anew("office_admin").await;
        let nurse = server.person_anew("visiting_nurse").await;
        let ask = group(&[&nurse], &[InviteRequires::Verified, InviteRequires::Photo, InviteRequires::Profile]);
        let room = made(&admin, &ask).await;
        let other = CreateFree { requires: Vec::new(), ..ask.clone() };
        assert_eq!(admin.refused(&Command::CreateFree(other)).await.code, "id_taken");
        assert_eq!(made(&admin, &ask).await, room, "the same words are the same room");
        becomes(&nurse, Occupation::Unstated).await;
        let lack = lacks(Code::InviteeProfileIncomplete, "occupation,photo,verified");
        assert_eq!(joins(&nurse, room).await, lack);
        becomes(&nurse, Occupation::Nurse).await;
        let _: Done = nurse.ask(&set_photo(&picture(64, 64, ImageFormat::Jpeg))).await.expect("kept");
        assert_eq!(joins(&nurse, room).await, lacks(Code::InviteeProfileIncomplete, "verified"));
        assert_eq!(nurse.card(room).await.expect("still invited").membership, MemberState::Invited);
        let desk = server.person_anew("secretariat").await;
        crate::verification::becomes_verified(&nurse, &desk).await;
        assert_eq!(joins(&nurse, room).await, Ok(()), "she has all of it");
        let lax = made(&admin, &group(&[&nurse], &[])).await;
        let _: Done = nurse.ask(&Command::RemovePhoto(Nothing {})).await.expect("gone");
        assert_eq!(joins(&nurse, lax).await, Ok(()), "a group that asks for nothing");

        server.under(&with(FLOOR, "invite_requires", "[\"photo\"]"));
        let (admin, nurse) = (server.person_anew("office_admin").await, server.person_anew("visiting_nurse").await);
        let room = made(&admin, &group(&[&nurse], &[InviteRequires::Profile])).await;
        assert_eq!(joins(&nurse, room).await, lacks(Code::InviteeProfileIncomplete, "photo"), "the region's list adds");
        let _: Done = nurse.ask(&set_photo(&picture(64, 64, ImageFormat::Jpeg))).await.expect("kept");
        assert_eq!(joins(&nurse, room).await, Ok(()));
        let refusals = Rows::of(&server).await.audit_of("rooms.accept").await;
        assert_eq!(refusals.iter().filter(|row| row.outcome == "invitee_profile_incomplete").count(), 3);
    }
}

promise! {
    async fn another_name_is_another_card_and_what_was_written_keeps_the_old_one(engine: Engine) {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["visiting_nurse"]).await;
        let (admin, nurse) = (&group.people[0], &group.people[1]);
        let old = nurse.me.affiliations[0].card.clone();
        let early = draft(group.room, "前の名前で書いた");
        nurse.post(&early).await.expect("saved");
        let mut link = admin.link().await;
        let ask = change(nurse, |ask| {
            ask.name = "新井 花子".into();
            ask.kana = "あらい はなこ".into();
        })
        .await;
        for _ in 0..2 {
            let _: Done = nurse.ask(&ask).await.expect("changed");
        }
        let worn = link
            .expect("the room hears of it", |event| match event {
                Event::MemberChanged { room, member, .. } if *room == group.room => Some(member.card.clone()),
                _ => None,
            })
            .await;
        assert_eq!((worn.name.as_str(), worn.account), ("新井 花子", nurse.me.account));
        assert_ne!(worn.id, old.id);
        assert_eq!((&worn.office, worn.occupation), (&old.office, old.occupation), "its own fields");
        let late = draft(group.room, "今の名前で書いた");
        nurse.post(&late).await.expect("saved");
        let open: OpenRoom = admin.ask(&Command::OpenRoom(WhichRoom { room: group.room })).await.expect("open");
        let member = open.members.iter().find(|member| member.card.account == nurse.me.account).expect("she");
        assert_eq!(member.card, worn);
        let by = |id| open.page.posts.iter().find(|post| post.id == id).expect("there").author.id;
        assert_eq!((by(early.post), by(late.post)), (old.id, worn.id), "each under the name of its day");
        let now = me(nurse).await;
        assert_eq!((now.name.as_str(), now.affiliations[0].card.id), ("新井 花子", worn.id));

        let theirs = change(admin, |_| {}).await;
        assert_eq!(nurse.refused(&theirs).await.code, "not_found", "another's place is none");
        let family = change(nurse, |ask| ask.occupation = Occupation::Family).await;
        assert_eq!(nurse.refused(&family).await.code, "bad_field");
        let done: Vec<_> =
            Rows::of(&server).await.audit_of("accounts.change_profile").await.into_iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.len(), 1, "a retry changes nothing: {done:?}");
        assert!(!format!("{done:?}").contains("新井"));
        verifies(&server).await;
    }
}

promise! {
    // clause("003§guide-①1b", "003§guide-①1c")
    async fn where_names_are_shown_with_the_office_neither_can_be_dropped(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "display_name", "\"person_office\"")).await;
        let nurse = server.person_anew("visiting_nurse").await;
        let card = nurse.me.affiliations[0].card.clone();
        let office = card.office.clone().expect("an office");
        assert_eq!(nurse.me.regions[0].display_name, Some(NamePattern::PersonOffice));
        for (typed, code) in [
            ("", "display_name_office_only"),
            ("　\u{200B}", "display_name_office_only"),
            (office.as_str(), "display_name_office_only"),
            ("／", "display_name_format"),
            ("山田花子／", "display_name_format"),
            ("／よその事業所", "display_name_format"),
            ("山田花子／よその事業所", "display_name_format"),
            ("山田花子/よその事業所", "display_name_format"),
        ] {
            let ask = change(&nurse, |ask| ask.name = typed.into()).await;
            assert_eq!(nurse.refused(&ask).await.code, code, "{typed:?}");
        }
        let whole = change(&nurse, |ask| ask.name = format!("{}／{office}", card.name)).await;
        assert_eq!(nurse.refused(&whole).await.code, "display_name_format", "not even her own line");
        assert_eq!(me(&nurse).await.affiliations[0].card, card, "nothing changed");

        // What the server says of her is the line of both fields.
        let admin = server.person_anew("office_admin").await;
        let ask = change(&nurse, |ask| ask.name = "山田 花子".into()).await;
        let _: Done = nurse.ask(&ask).await.expect("changed");
        let leaving = tsumugi_protocol::EndAffiliation { affiliation: nurse.me.affiliations[0].id, reason: "退職".into() };
        let desk = server.person_anew("secretariat").await;
        let by = if admin.me.affiliations[0].office == nurse.me.affiliations[0].office { &admin } else { &desk };
        let _: Done = by.ask(&Command::EndAffiliation(leaving)).await.expect("she leaves");
        let told = notices(&desk).await.notices.into_iter().find(|notice| notice.kind == NoticeKind::Retired);
        let line = format!("山田 花子／{office}");
        assert!(told.as_ref().is_some_and(|notice| notice.sentence.contains(&line)), "{told:?}");
    }
}
