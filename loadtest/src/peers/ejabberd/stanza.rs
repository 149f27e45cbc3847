//! XMPP's stanzas: those we write, and those we read out of what has arrived so far.

use anyhow::{Context, bail};
use quick_xml::{
    Error, Reader, XmlVersion,
    errors::IllFormedError,
    escape::{escape, resolve_predefined_entity},
    events::{BytesRef, BytesStart, Event},
};
use std::fmt::Write;

/// A stanza that grows beyond this is none.
const LONGEST: usize = 1 << 20;

/// What ejabberd said, as far as a client of chat rooms needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stanza {
    /// Its element: `message`, `presence`, `iq`, or one that belongs to opening a stream.
    pub name: String,
    /// Its `type`.
    pub kind: Option<String>,
    /// Who it is from.
    pub from: Option<String>,
    /// The id that its sender gave it.
    pub id: Option<String>,
    /// The text of a message.
    pub body: Option<String>,
    /// Whether a room says by it that its receiver herself has come in (status 110).
    pub is_own_entry: bool,
}

/// Opens a stream. Nothing closes this element before the stream ends.
pub fn open_stream(host: &str) -> String {
    format!(
        "<stream:stream to='{host}' version='1.0' xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams'>"
    )
}

/// Signs in by SASL PLAIN with what is already encoded.
pub fn sign_in(encoded: &str) -> String {
    format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{encoded}</auth>")
}

/// Asks for an address of one's own for this stream.
pub fn bind() -> &'static str {
    "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
}

/// Enters a room under a name, without being told what was before.
pub fn enter(room: &str, nick: &str) -> String {
    format!(
        "<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
    )
}

/// Says something in a room. The id comes back with everybody's copy.
pub fn say(room: &str, id: &str, body: &str) -> String {
    format!("<message to='{room}' type='groupchat' id='{id}'><body>{}</body></message>", escape(body))
}

impl Stanza {
    /// The first whole stanza and its length in bytes; none while it has not arrived to its end.
    ///
    /// The opening of a stream counts as one by itself, and so does its end.
    pub fn read(arrived: &[u8]) -> anyhow::Result<Option<(Self, usize)>> {
        anyhow::ensure!(arrived.len() <= LONGEST, "a stanza without an end");
        // A character may have arrived by half.
        let whole = arrived.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
        let mut reader = Reader::from_str(whole);
        reader.config_mut().allow_unmatched_ends = true;
        reader.config_mut().check_end_names = false;
        let mut stanza = Self::default();
        let (mut depth, mut in_body) = (0_usize, false);
        loop {
            let event = match reader.read_event() {
                Ok(event) => event,
                // An element, or a reference, that has not arrived to its end.
                Err(Error::Syntax(_) | Error::IllFormed(IllFormedError::UnclosedReference)) => {
                    return Ok(None);
                }
                Err(error) => return Err(error).context("ejabberd said something that is not XML"),
            };
            match event {
                Event::Start(start) if depth == 0 => {
                    stanza.begin(&start)?;
                    if stanza.name == "stream:stream" {
                        break;
                    }
                    depth = 1;
                }
                Event::Start(start) => {
                    depth += 1;
                    in_body = depth == 2 && start.name().as_ref() == "body";
                    stanza.note(&start)?;
                }
                Event::Empty(start) if depth == 0 => {
                    stanza.begin(&start)?;
                    break;
                }
                Event::Empty(start) => stanza.note(&start)?,
                Event::End(end) if depth == 0 => {
                    end.name().as_ref().clone_into(&mut stanza.name);
                    break;
                }
                Event::End(_) => {
                    (depth, in_body) = (depth - 1, false);
                    if depth == 0 {
                        break;
                    }
                }
                Event::Text(text) if in_body => stanza.text().push_str(&text.xml10_content()),
                Event::GeneralRef(named) if in_body => stanza.text().push(character(&named)?),
                Event::Eof => return Ok(None),
                Event::Text(_)
                | Event::GeneralRef(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
        Ok(Some((stanza, usize::try_from(reader.buffer_position())?)))
    }

    /// Takes what its own element tells.
    fn begin(&mut self, start: &BytesStart<'_>) -> anyhow::Result<()> {
        start.name().as_ref().clone_into(&mut self.name);
        for attribute in start.attributes() {
            let attribute = attribute?;
            let place = match attribute.key.as_ref() {
                "type" => &mut self.kind,
                "from" => &mut self.from,
                "id" => &mut self.id,
                _ => continue,
            };
            *place = Some(attribute.normalized_value(XmlVersion::Explicit1_0)?.into_owned());
        }
        Ok(())
    }

    /// Takes what an element inside tells.
    fn note(&mut self, start: &BytesStart<'_>) -> anyhow::Result<()> {
        if start.name().as_ref() == "status" {
            let code = start.try_get_attribute("code")?;
            self.is_own_entry |= code.is_some_and(|code| code.value == "110");
        }
        Ok(())
    }

    fn text(&mut self) -> &mut String {
        self.body.get_or_insert_default()
    }

    /// In words, for an error.
    pub fn words(&self) -> String {
        let mut words = self.name.clone();
        for part in [&self.kind, &self.from].into_iter().flatten() {
            // Writing into a string cannot fail.
            write!(words, " {part}").ok();
        }
        words
    }
}

/// The character that a reference such as `&amp;` or `&#10;` stands for.
fn character(named: &BytesRef<'_>) -> anyhow::Result<char> {
    if let Some(character) = named.resolve_char_ref()? {
        return Ok(character);
    }
    let name = named.xml10_content();
    match resolve_predefined_entity(&name).and_then(|text| text.chars().next()) {
        Some(character) => Ok(character),
        None => bail!("an unknown reference &{name};"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As ejabberd 23.01 sends a post to a member of a room.
    const POST: &str = "<message xml:lang='en' to='p1@localhost/l' from='room7@rooms.localhost/p3' type='groupchat' \
        id='0197'><archived by='room7@rooms.localhost' id='1795658190211080' xmlns='urn:xmpp:mam:tmp'/><stanza-id \
        by='room7@rooms.localhost' id='1795658190211080' xmlns='urn:xmpp:sid:0'/><body>血圧 &lt;128&#47;76&gt; \
        &amp; &apos;可&apos;</body></message>";

    fn all_of(mut arrived: &[u8]) -> Vec<Stanza> {
        let mut all = Vec::new();
        while let Some((stanza, length)) = Stanza::read(arrived).unwrap() {
            all.push(stanza);
            arrived = &arrived[length..];
        }
        all
    }

    #[test]
    fn a_post_tells_room_author_id_and_its_text_unescaped() {
        let (stanza, length) = Stanza::read(POST.as_bytes()).unwrap().unwrap();
        assert_eq!(length, POST.len());
        assert_eq!((stanza.name.as_str(), stanza.kind.as_deref()), ("message", Some("groupchat")));
        assert_eq!(stanza.from.as_deref(), Some("room7@rooms.localhost/p3"));
        assert_eq!(stanza.id.as_deref(), Some("0197"));
        assert_eq!(stanza.body.as_deref(), Some("血圧 <128/76> & '可'"));
    }

    #[test]
    fn nothing_is_read_before_its_last_byte_has_arrived() {
        let post = POST.as_bytes();
        for length in 0..post.len() {
            assert_eq!(Stanza::read(&post[..length]).unwrap(), None, "after {length} bytes");
        }
    }

    #[test]
    fn stanzas_are_read_one_after_the_other_and_the_beginning_of_the_next_stays() {
        let arrived = format!("{POST} <presence/>\n{POST}<message to='p1");
        let names: Vec<_> = all_of(arrived.as_bytes()).into_iter().map(|stanza| stanza.name).collect();
        assert_eq!(names, ["message", "presence", "message"]);
    }

    #[test]
    fn a_stream_opens_before_it_ends() {
        let arrived = "<?xml version='1.0'?><stream:stream id='1' xmlns='jabber:client'><stream:features>\
            <mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features></stream:stream>";
        let names: Vec<_> = all_of(arrived.as_bytes()).into_iter().map(|stanza| stanza.name).collect();
        assert_eq!(names, ["stream:stream", "stream:features", "stream:stream"]);
    }

    #[test]
    fn only_the_own_entry_counts_as_such() {
        let presence = |codes: &str| format!("<presence from='r@rooms/p1'><x><item/>{codes}</x></presence>");
        let own = presence("<status code='201'/><status code='110'/>");
        assert!(all_of(own.as_bytes()).first().is_some_and(|stanza| stanza.is_own_entry));
        let other = presence("<status code='201'/>");
        assert!(all_of(other.as_bytes()).first().is_some_and(|stanza| !stanza.is_own_entry));
    }

    #[test]
    fn a_subject_is_no_text_and_a_body_deeper_inside_is_not_the_messages() {
        let subject = "<message type='groupchat'><subject/></message>";
        let inside = "<message><forwarded><body>x</body></forwarded></message>";
        for message in [subject, inside] {
            assert_eq!(all_of(message.as_bytes()).first().and_then(|stanza| stanza.body.clone()), None);
        }
    }

    #[test]
    fn what_we_say_is_read_as_we_said_it() {
        let body = "体温 < 37 & \"良\"";
        let (stanza, _) = Stanza::read(say("room7@rooms", "1", body).as_bytes()).unwrap().unwrap();
        assert_eq!(stanza.body.as_deref(), Some(body));
        let (stanza, _) = Stanza::read(enter("room7@rooms", "p3").as_bytes()).unwrap().unwrap();
        assert_eq!(stanza.name, "presence");
        let (stanza, _) = Stanza::read(open_stream("localhost").as_bytes()).unwrap().unwrap();
        assert_eq!(stanza.name, "stream:stream");
        for whole in [sign_in("AHAA"), bind().to_owned()] {
            assert!(Stanza::read(whole.as_bytes()).unwrap().is_some(), "{whole}");
        }
    }

    #[test]
    fn endless_and_broken_ones_are_errors() {
        assert!(Stanza::read(&vec![b'x'; LONGEST + 1]).is_err());
        assert!(Stanza::read("<message><body>&unknown;</body></message>".as_bytes()).is_err());
    }
}
