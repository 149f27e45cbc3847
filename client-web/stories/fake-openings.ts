//! The fake server opens free groups and connections.
import type { AccountId, Card, Me, Member, RoomCard, RoomId } from "../../protocol/bindings/protocol.ts";
import type { Answer, Ask } from "../src/wire/frame.ts";
import { no, refusal, yes } from "./fake-answers.ts";
import type { FakeRoom } from "./fake-room.ts";
import type { FakeServer } from "./fake-server.ts";

/** Opens a free group. */
export function createFree(
  server: FakeServer,
  { room, title, aim, invite = [] }: Ask<"rooms.create_free">,
  me: Me,
): Answer<unknown> {
  if (aim.trim() === "") return no("aim_missing", "自由グループには目的が必要です。");
  if (title.trim() === "" || [...title].length > 100) {
    const refused = refusal("bad_field", "「title」の値が正しくありません。", {
      params: { field: "title" },
    });
    return { is: "refused", refused };
  }
  if (!me.affiliations.some((one) => one.roles.includes("office_admin")))
    return no("group_admin_only", "グループを作ったり消したりできるのは、事業所の管理者です。");
  const known = server.rooms.get(room);
  if (known) {
    return known.card.title === title && known.aim === aim
      ? yes({ room, state: "active", change: 1 })
      : no("id_taken", "この番号は、ほかの内容にもう使われています。");
  }
  const cards = invite.map((account) => acquaintance(server, me.account, account));
  if (cards.some((card) => card === undefined)) return no("not_found", "見つかりません。");
  const members = cards.flatMap((card) => (card ? [card] : []));
  found(server, { id: room, kind: "free_group", title, aim }, "active", me, members);
  return yes({ room, state: "active", change: 1 });
}

/** Asks somebody for a connection. */
export function connect(
  server: FakeServer,
  { room, with: account }: Ask<"rooms.connect">,
  me: Me,
): Answer<unknown> {
  const other = acquaintance(server, me.account, account);
  if (!other) return no("not_found", "見つかりません。");
  const known = [...server.rooms.values()].find(
    (home) =>
      home.card.kind === "connection" &&
      [me.account, account].every((one) => home.members.some((member) => member.card.account === one)),
  );
  if (known) return yes({ room: known.card.id, state: known.state, change: known.log.length });
  found(server, { id: room, kind: "connection" }, "proposed", me, [other]);
  return yes({ room, state: "proposed", change: 1 });
}

/** A new room of the person signed in, who asks others in. */
function found(
  server: FakeServer,
  { aim, ...card }: { id: RoomId; kind: RoomCard["kind"]; title?: string; aim?: string },
  state: RoomCard["state"],
  me: Me,
  others: Card[],
): void {
  const mine = ownCard(server, me.account);
  if (!mine) throw new Error(`${me.name} has no card`);
  server.rooms.set(card.id, {
    card: { ...card, region: me.regions[0]?.region ?? "" },
    state,
    ...(aim === undefined ? {} : { aim }),
    members: [
      { card: mine, state: "member", from_position: 1 },
      ...others.map((other): Member => ({ card: other, state: "invited", from_position: 1 })),
    ],
    posts: [],
    marks: new Map(),
    log: [],
  });
  server.tell({ event: "room_added", room: card.id });
}

function acquaintance(server: FakeServer, one: AccountId, other: AccountId): Card | undefined {
  const isIn = (home: FakeRoom, account: AccountId) =>
    home.members.some((member) => member.card.account === account && member.state === "member");
  const shared = [...server.rooms.values()].find((home) => isIn(home, one) && isIn(home, other));
  return shared?.members.find((member) => member.card.account === other)?.card;
}

function ownCard(server: FakeServer, account: AccountId): Card | undefined {
  return server.people.find((person) => person.me.account === account)?.me.affiliations[0]?.card;
}
