//! What comes back for the commands of the first load: signing in, the rooms, what is written there, the notices.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";
import { done, id, may, number, type Replies } from "./basics.ts";
import { noticeKind } from "./notices.ts";
import { passkeyBegun } from "./passkeys.ts";
import { mark, me, occupation, patient, personKind, signedIn } from "./people.ts";
import { member, page, post, readerCount, receipt, roomCard, roomMade } from "./rooms.ts";

/** By command. */
export const replies = {
  "accounts.sign_in": signedIn,
  "accounts.enter": signedIn,
  "service.about": reads<p.About>()(
    v.object({
      official: v.string(),
      sender: may(v.string()),
      support: may(v.string()),
      staff_domain: may(v.string()),
      terms: v.string(),
      passkey_alone: v.boolean(),
    }),
  ),
  "accounts.change_password": signedIn,
  "accounts.prove": signedIn,
  "accounts.act_as": signedIn,
  "accounts.sign_out": done,
  "accounts.me": me,
  "accounts.stay": done,
  "accounts.sign_in_passkey_begin": passkeyBegun,
  "accounts.sign_in_passkey_finish": signedIn,
  "passkeys.prove_begin": passkeyBegun,
  "passkeys.prove_finish": signedIn,
  "rooms.list": reads<p.RoomList>()(v.object({ patients: v.array(patient), rooms: v.array(roomCard) })),
  "rooms.open": reads<p.OpenRoom>()(
    v.object({
      room: roomCard,
      patient: may(patient),
      objected: may(v.array(v.string())),
      members: v.array(member),
      receipts: v.array(receipt),
      page,
    }),
  ),
  "rooms.page": page,
  "rooms.since": reads<p.Since>()(
    v.object({
      posts: v.array(post),
      members: may(v.array(member)),
      upto: number,
      last_position: number,
      more: v.boolean(),
    }),
  ),
  "rooms.read": done,
  "rooms.focus": done,
  "rooms.accept": roomMade,
  "rooms.decline": done,
  "rooms.leave": done,
  "members.list": reads<p.MemberList>()(v.object({ members: v.array(member), receipts: v.array(receipt) })),
  "posts.preview": reads<p.Preview>()(
    v.object({
      readers: v.array(
        v.object({
          office: may(v.string()),
          kind: personKind,
          people: v.array(
            v.object({
              account: id,
              name: v.string(),
              occupation,
              relation: may(v.string()),
              mark: may(mark),
            }),
          ),
        }),
      ),
      count: readerCount,
      findings: v.array(v.object({ code: v.string(), sentence: v.string() })),
      reminders: may(v.array(v.object({ code: v.string(), sentence: v.string() }))),
      token: v.string(),
      expires_at: number,
    }),
  ),
  "posts.send": reads<p.Sent>()(
    v.variant("state", [
      v.object({ state: v.literal("saved"), position: number, change: number, stored_at: number }),
    ]),
  ),
  "notices.list": reads<p.NoticeList>()(
    v.object({
      notices: v.array(
        v.object({
          id,
          kind: noticeKind,
          at: number,
          sentence: v.string(),
          next: v.string(),
          seen: v.boolean(),
        }),
      ),
      unseen: number,
      more: v.boolean(),
    }),
  ),
  "notices.seen": done,
  "time.now": reads<p.Now>()(v.object({ now: number })),
} satisfies Replies;
