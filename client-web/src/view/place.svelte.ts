//! Where one is: the list, a room or another page, kept in the address so that Back works. Only ids stand there.

/** A place. */
export type Place =
  | { is: "list" }
  | { is: "room"; room: string }
  | { is: "settings" }
  /** Where one is signed in. */
  | { is: "sessions" }
  | { is: "password" }
  /** What one says of oneself. */
  | { is: "profile" }
  /** The patients one takes part in the care of, and those one may correct. */
  | { is: "patients" }
  /** What a patient consented to. */
  | { is: "consents"; patient: string }
  /** What waits for the region's desk to look at. */
  | { is: "reviews" }
  /** The devices one holds. */
  | { is: "my_devices" }
  /** The devices of the offices one administers. */
  | { is: "devices" }
  /** What went wrong and is dealt with. */
  | { is: "incidents" }
  /** An office one administers. */
  | { is: "office"; office: string }
  /** The timelines that are no longer used. */
  | { is: "vault" }
  /** Who is on the way into a room. */
  | { is: "members"; room: string }
  /** The timelines an office answers for. */
  | { is: "timelines"; office: string }
  /** What one pledges, and one's trainings. */
  | { is: "pledges" }
  /** The pledges, trainings and changes of an office's staff. */
  | { is: "papers"; office: string }
  /** The roles of an office. */
  | { is: "roles"; office: string }
  /** The rules of the regions one belongs to. */
  | { is: "rules" }
  /** The exceptions from the rule of devices that one looks after. */
  | { is: "exceptions" }
  /** Complete erasures that one has a say in. */
  | { is: "erasures" }
  /** What an office passes on and takes over, and who acts for whom. */
  | { is: "stewardship"; office: string }
  /** Whom an office looks at again. */
  | { is: "member_reviews"; office: string }
  /** The offices of the regions whose desk one is of. */
  | { is: "offices" }
  /** Opening timelines. */
  | { is: "openings" }
  /** The cases of new offices. */
  | { is: "enrolments" }
  /** Opening a free group. */
  | { is: "new_group" }
  /** Whom to ask for a connection. */
  | { is: "new_connection" }
  /** Somebody one shares a room with. */
  | { is: "person"; account: string };

/** Reads an address's fragment. */
export function readPlace(fragment: string): Place {
  const [, noun, id, part] =
    /^#\/(rooms|people|offices|roles|consents|stewardship|member-reviews)\/([0-9a-f-]{36})(\/members|\/timelines|\/papers)?$/i.exec(
      fragment,
    ) ?? [];
  if (id !== undefined) {
    if (noun === "rooms" && part === "/members") return { is: "members", room: id };
    if (noun === "offices" && part === "/timelines") return { is: "timelines", office: id };
    if (noun === "offices" && part === "/papers") return { is: "papers", office: id };
    if (part !== undefined) return { is: "list" };
    if (noun === "rooms") return { is: "room", room: id };
    if (noun === "consents") return { is: "consents", patient: id };
    if (noun === "roles") return { is: "roles", office: id };
    if (noun === "stewardship") return { is: "stewardship", office: id };
    if (noun === "member-reviews") return { is: "member_reviews", office: id };
    return noun === "offices" ? { is: "office", office: id } : { is: "person", account: id };
  }
  switch (fragment) {
    case "#/settings":
      return { is: "settings" };
    case "#/password":
      return { is: "password" };
    case "#/profile":
      return { is: "profile" };
    case "#/pledges":
      return { is: "pledges" };
    case "#/reviews":
      return { is: "reviews" };
    case "#/patients":
      return { is: "patients" };
    case "#/my-devices":
      return { is: "my_devices" };
    case "#/devices":
      return { is: "devices" };
    case "#/incidents":
      return { is: "incidents" };
    case "#/openings":
      return { is: "openings" };
    case "#/rules":
      return { is: "rules" };
    case "#/exceptions":
      return { is: "exceptions" };
    case "#/vault":
      return { is: "vault" };
    case "#/offices":
      return { is: "offices" };
    case "#/erasures":
      return { is: "erasures" };
    case "#/enrolments":
      return { is: "enrolments" };
    case "#/sessions":
      return { is: "sessions" };
    case "#/free-groups/new":
      return { is: "new_group" };
    case "#/connections/new":
      return { is: "new_connection" };
    default:
      return { is: "list" };
  }
}

/** Writes an address's fragment. */
export function writePlace(place: Place): string {
  switch (place.is) {
    case "list":
      return "#/";
    case "room":
      return `#/rooms/${place.room}`;
    case "members":
      return `#/rooms/${place.room}/members`;
    case "timelines":
      return `#/offices/${place.office}/timelines`;
    case "settings":
      return "#/settings";
    case "password":
      return "#/password";
    case "papers":
      return `#/offices/${place.office}/papers`;
    case "profile":
    case "pledges":
    case "patients":
    case "reviews":
    case "rules":
    case "exceptions":
    case "vault":
    case "openings":
    case "erasures":
      return `#/${place.is}`;
    case "my_devices":
      return "#/my-devices";
    case "devices":
      return "#/devices";
    case "office":
      return `#/offices/${place.office}`;
    case "roles":
      return `#/roles/${place.office}`;
    case "consents":
      return `#/consents/${place.patient}`;
    case "stewardship":
      return `#/stewardship/${place.office}`;
    case "member_reviews":
      return `#/member-reviews/${place.office}`;
    case "incidents":
      return "#/incidents";
    case "offices":
      return "#/offices";
    case "enrolments":
      return "#/enrolments";
    case "sessions":
      return "#/sessions";
    case "new_group":
      return "#/free-groups/new";
    case "new_connection":
      return "#/connections/new";
    case "person":
      return `#/people/${place.account}`;
  }
}

/** A link that came by mail: where it leads, and its token. */
export type MailedLink = { way: "first" | "reset" | "email" | "exception" | "apply"; link: string };

/** The link by which one came, if there was one; it does not stay in the address. */
export function takeLink(): MailedLink | undefined {
  const way = location.pathname.slice(1);
  if (way !== "first" && way !== "reset" && way !== "email" && way !== "exception" && way !== "apply")
    return undefined;
  const link = location.hash.slice(1);
  history.replaceState(null, "", `/${writePlace({ is: "list" })}`);
  return link === "" ? undefined : { way, link };
}

class Here {
  place = $state.raw<Place>(readPlace(location.hash));
  /** How many of our own pages lie behind this one; the browser keeps it with the page, whichever way one comes back to it. */
  get #depth(): number {
    const { depth } = (history.state ?? {}) as { depth?: unknown };
    return typeof depth === "number" ? depth : 0;
  }
  /** Where `arrive` leads once the browser has gone back. */
  #goal: Place | undefined;

  constructor() {
    addEventListener("popstate", () => {
      const goal = this.#goal;
      this.#goal = undefined;
      const place = readPlace(location.hash);
      // The place in between is never drawn.
      if (goal && this.#depth === 0) this.#enter(goal, place);
      else this.place = place;
    });
  }

  /** Goes to a place; from one room to another the first is replaced, so that Back leads to the list. */
  go(place: Place): void {
    if (writePlace(place) !== writePlace(this.place)) this.#enter(place, this.place);
  }

  /** Goes to a room from the pages that led to it: they are left behind, so that Back leads to the list. */
  arrive(room: string): void {
    const place: Place = { is: "room", room };
    if (this.#depth > 0) {
      this.#goal = place;
      history.go(-this.#depth);
    } else {
      history.replaceState({ depth: 0 }, "", writePlace(place));
      this.place = place;
    }
  }

  /** What a link to a place carries: its address, and that a plain click stays on this page. */
  link(place: Place): { href: string; onclick: (click: MouseEvent) => void } {
    const onclick = (click: MouseEvent) => {
      if (click.metaKey || click.ctrlKey || click.shiftKey) return;
      click.preventDefault();
      this.go(place);
    };
    return { href: writePlace(place), onclick };
  }

  /** Goes back to the list, by the browser's own way where that leads there. */
  back(): void {
    if (this.#depth > 0) history.back();
    else {
      history.replaceState({ depth: 0 }, "", writePlace({ is: "list" }));
      this.place = { is: "list" };
    }
  }

  /** Leaves no room behind (signed out). */
  reset(): void {
    this.#goal = undefined;
    history.replaceState({ depth: 0 }, "", writePlace({ is: "list" }));
    this.place = { is: "list" };
  }

  #enter(place: Place, from: Place): void {
    if (from.is === "room" && place.is === "room") {
      history.replaceState({ depth: this.#depth }, "", writePlace(place));
    } else {
      history.pushState({ depth: this.#depth + 1 }, "", writePlace(place));
    }
    this.place = place;
  }
}

/** Where we are. */
export const here = new Here();
