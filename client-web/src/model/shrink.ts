//! A picture made small in the browser before it leaves: its pixels alone, so that nothing a camera noted goes along.

/** What a picture is made for. */
export type Purpose = { side: number; bytes: number; isSquare: boolean };

/** A face. */
export const PHOTO: Purpose = { side: 256, bytes: 64 * 1024, isSquare: true };
/** A document, which must stay readable. */
export const DOCUMENT: Purpose = { side: 1600, bytes: 190 * 1024, isSquare: false };

/** The part of a picture that is drawn, and how large. */
export type Cut = { x: number; y: number; width: number; height: number; toWidth: number; toHeight: number };

/** The middle for a square, all of it otherwise; never larger than it is. */
export function cutOf(width: number, height: number, { side, isSquare }: Purpose): Cut {
  const least = Math.min(width, height);
  if (isSquare) {
    const to = Math.min(side, least);
    return {
      x: (width - least) / 2,
      y: (height - least) / 2,
      width: least,
      height: least,
      toWidth: to,
      toHeight: to,
    };
  }
  const by = Math.min(1, side / Math.max(width, height));
  const [toWidth, toHeight] = [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))];
  return { x: 0, y: 0, width, height, toWidth, toHeight };
}

/** The picture as a small JPEG in base64; nothing where the file is no picture or cannot be made small enough. */
export async function shrink(file: Blob, purpose: Purpose): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const cut = cutOf(bitmap.width, bitmap.height, purpose);
  const canvas = document.createElement("canvas");
  canvas.width = cut.toWidth;
  canvas.height = cut.toHeight;
  const pen = canvas.getContext("2d");
  if (pen === null) return undefined;
  // What is see-through would become black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, cut.toWidth, cut.toHeight);
  pen.drawImage(bitmap, cut.x, cut.y, cut.width, cut.height, 0, 0, cut.toWidth, cut.toHeight);
  bitmap.close();
  for (const quality of [0.85, 0.7, 0.5, 0.35, 0.2]) {
    const [, image = ""] = canvas.toDataURL("image/jpeg", quality).split(",");
    if ((image.length / 4) * 3 <= purpose.bytes) return image;
  }
  return undefined;
}
