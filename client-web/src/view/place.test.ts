//! Where one is, and where Back leads from there.
import { beforeEach, expect, it } from "vitest";
import { here, type Place, readPlace, writePlace } from "./place.svelte.ts";

const id = "0193d1a0-0000-7000-8000-000000000001";
const places: Place[] = [
  { is: "list" },
  { is: "room", room: id },
  { is: "settings" },
  { is: "password" },
  { is: "profile" },
  { is: "patients" },
  { is: "reviews" },
  { is: "openings" },
  { is: "sessions" },
  { is: "my_devices" },
  { is: "devices" },
  { is: "incidents" },
  { is: "rules" },
  { is: "exceptions" },
  { is: "erasures" },
  { is: "office", office: id },
  { is: "roles", office: id },
  { is: "papers", office: id },
  { is: "pledges" },
  { is: "stewardship", office: id },
  { is: "member_reviews", office: id },
  { is: "new_group" },
  { is: "new_connection" },
  { is: "person", account: id },
];
const moved = () => new Promise((then) => addEventListener("popstate", then, { once: true }));

beforeEach(() => here.reset());

it.each(places)("$is is the same after writing and reading its address", (place) => {
  expect(readPlace(writePlace(place))).toEqual(place);
});

it.each(["", "#/rooms/", "#/rooms/7", "#/people/x", "#/somewhere"])("%s leads to the list", (fragment) => {
  expect(readPlace(fragment)).toEqual({ is: "list" });
});

it("back from a room that was just made leads to the list, past the pages that made it", async () => {
  here.go({ is: "new_connection" });
  here.go({ is: "person", account: id });
  here.arrive(id);
  await moved();
  expect(here.place).toEqual({ is: "room", room: id });
  expect(location.hash).toBe(`#/rooms/${id}`);
  here.back();
  await moved();
  expect(here.place).toEqual({ is: "list" });
});

it("knows how far the list is when one came back several pages at once", async () => {
  here.go({ is: "new_connection" });
  here.go({ is: "person", account: id });
  history.go(-2);
  await moved();
  here.go({ is: "new_group" });
  here.arrive(id);
  await moved();
  here.back();
  await moved();
  expect(here.place).toEqual({ is: "list" });
});

it("a room made on a page one came to directly takes that page's place", () => {
  here.arrive(id);
  expect(here.place).toEqual({ is: "room", room: id });
  here.back();
  expect(here.place).toEqual({ is: "list" });
});
