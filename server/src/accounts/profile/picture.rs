//! Pictures that people send: read within limits, away from the threads that serve links, and drawn anew, so that nothing
//! else a file carried (a place, a camera's number, bytes that are no picture) is kept.

use crate::error::{Fault, Result};
use base64ct::{Base64, Encoding};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tsumugi_protocol::{Code, Refusal, limits};

/// † Pixels of a picture as it is sent, at most, in each direction.
const SIDE: u32 = 4_096;
/// † Bytes that reading one picture may take.
const MEMORY: u64 = 80 * 1024 * 1024;
/// † Pictures that are read at the same time.
const AT_ONCE: usize = 2;
/// † How many may be there, those at work among them.
const ROOM: usize = 34;
/// Quality of what is kept.
const QUALITY: u8 = 82;

/// How large a kind of picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A face: the middle of it, as a square.
    Photo,
    /// A document: all of it.
    Document,
}

impl Size {
    const fn bytes(self) -> usize {
        match self {
            Self::Photo => limits::PHOTO_BYTES,
            Self::Document => limits::DOCUMENT_BYTES,
        }
    }

    fn drawn(self, picture: &DynamicImage) -> DynamicImage {
        match self {
            Self::Photo => picture.resize_to_fill(
                limits::PHOTO_PIXELS,
                limits::PHOTO_PIXELS,
                image::imageops::FilterType::Triangle,
            ),
            Self::Document => {
                let side = limits::DOCUMENT_PIXELS.min(picture.width().max(picture.height()));
                picture.resize(side, side, image::imageops::FilterType::Triangle)
            }
        }
    }
}

/// A picture of our own drawing.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(String);

impl Picture {
    /// The JPEG, in base64.
    #[must_use]
    pub fn into_base64(self) -> String {
        self.0
    }
}

/// Reads pictures, a few at a time; not many may wait.
pub struct Pictures {
    room: Arc<Semaphore>,
    at_work: Arc<Semaphore>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(ROOM)), at_work: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Pictures {
    /// Draws anew what was sent in base64.
    ///
    /// # Errors
    /// `too_large`; `overloaded` where many wait; `photo_not_readable` for what is no JPEG, PNG or WebP, is broken, or has too many pixels.
    pub async fn read(&self, sent: String, size: Size) -> Result<Picture> {
        if sent.len() > size.bytes().div_ceil(3) * 4 {
            return Err(Refusal::new(Code::TooLarge).with("limit", size.bytes()).into());
        }
        let busy = || Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS);
        let _waiting = Arc::clone(&self.room).try_acquire_owned().map_err(|_| busy())?;
        let permit = Arc::clone(&self.at_work).acquire_owned().await;
        let permit = permit.map_err(|error| Fault::new("waiting to read a picture", error))?;
        // The permit goes along: a caller who leaves does not free a core that is still at work.
        let drawn = tokio::task::spawn_blocking(move || {
            let _held = permit;
            draw(&sent, size)
        });
        let drawn = drawn.await.map_err(|error| Fault::new("reading a picture", error))?;
        drawn.map(Picture).ok_or_else(|| Code::PhotoNotReadable.into())
    }
}

fn draw(sent: &str, size: Size) -> Option<String> {
    let bytes = Base64::decode_vec(sent).ok()?;
    let format = image::guess_format(&bytes).ok()?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return None;
    }
    let mut bounds = Limits::no_limits();
    (bounds.max_image_width, bounds.max_image_height) = (Some(SIDE), Some(SIDE));
    bounds.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds);
    let picture = size.drawn(&reader.decode().ok()?).into_rgb8();
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture).ok()?;
    Some(Base64::encode_string(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn drawn(bytes: &[u8], size: Size) -> Option<(u32, u32)> {
        let made = Base64::decode_vec(&draw(&Base64::encode_string(bytes), size)?).unwrap();
        assert_eq!(image::guess_format(&made).unwrap(), ImageFormat::Jpeg);
        let picture = image::load_from_memory(&made).unwrap();
        Some((picture.width(), picture.height()))
    }

    #[test]
    fn what_is_drawn_by_table() {
        use ImageFormat::{Jpeg, Png, WebP};
        for (bytes, size, expected) in [
            (written(256, 256, Jpeg), Size::Photo, Some((256, 256))),
            (written(40, 30, Png), Size::Photo, Some((256, 256))),
            (written(300, 900, WebP), Size::Photo, Some((256, 256))),
            (written(300, 200, Jpeg), Size::Document, Some((300, 200))),
            (written(3_200, 1_600, Png), Size::Document, Some((1_600, 800))),
            (written(SIDE, 1, Png), Size::Document, Some((1_600, 1))),
            (written(SIDE + 1, 1, Png), Size::Document, None),
            (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(), Size::Photo, None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Size::Photo, None),
            (written(256, 256, Jpeg).split_off(100), Size::Photo, None),
            (Vec::new(), Size::Photo, None),
        ] {
            assert_eq!(drawn(&bytes, size), expected, "{} bytes, {size:?}", bytes.len());
        }
        assert!(draw("not base64!", Size::Photo).is_none());
    }
}
