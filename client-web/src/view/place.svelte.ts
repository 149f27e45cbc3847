//! Where one is: the list, a room or the settings, kept in the address so that Back works. Only ids stand there.

/** A place. */
export type Place = { is: "list" } | { is: "room"; room: string } | { is: "settings" };

/** Reads an address's fragment. */
export function readPlace(fragment: string): Place {
  const room = /^#\/rooms\/([0-9a-f-]{36})$/i.exec(fragment)?.[1];
  if (room !== undefined) return { is: "room", room };
  return fragment === "#/settings" ? { is: "settings" } : { is: "list" };
}

/** Writes an address's fragment. */
export function writePlace(place: Place): string {
  switch (place.is) {
    case "list":
      return "#/";
    case "room":
      return `#/rooms/${place.room}`;
    case "settings":
      return "#/settings";
  }
}

/** The token of a first sign-in, if one came by its link; it does not stay in the address. */
export function takeFirstLink(): string | undefined {
  if (location.pathname !== "/first") return undefined;
  const link = location.hash.slice(1);
  history.replaceState(null, "", `/${writePlace({ is: "list" })}`);
  return link === "" ? undefined : link;
}

class Here {
  place = $state.raw<Place>(readPlace(location.hash));
  #depth = 0;

  constructor() {
    addEventListener("popstate", () => {
      this.#depth = Math.max(0, this.#depth - 1);
      this.place = readPlace(location.hash);
    });
  }

  /** Goes to a place; from one room to another the first is replaced, so that Back leads to the list. */
  go(place: Place): void {
    if (writePlace(place) === writePlace(this.place)) return;
    if (this.place.is === "room" && place.is === "room") {
      history.replaceState(null, "", writePlace(place));
    } else {
      history.pushState(null, "", writePlace(place));
      this.#depth += 1;
    }
    this.place = place;
  }

  /** Goes back to the list, by the browser's own way where that leads there. */
  back(): void {
    if (this.#depth > 0) history.back();
    else {
      history.replaceState(null, "", writePlace({ is: "list" }));
      this.place = { is: "list" };
    }
  }

  /** Leaves no room behind (signed out). */
  reset(): void {
    history.replaceState(null, "", writePlace({ is: "list" }));
    this.place = { is: "list" };
  }
}

/** Where we are. */
export const here = new Here();
