//! The offices of a region as its desk sees them.
import type { OfficeSeen } from "../../../protocol/bindings/protocol.ts";

/** So many are shown at once: the others are found by name. */
const SHOWN = 20;

/** Offices that nobody can help first; those that a search names, and how many more there are. */
export function lookFor(
  offices: readonly OfficeSeen[],
  search: string,
): { shown: readonly OfficeSeen[]; more: number } {
  const words = search.trim().toLowerCase();
  const isNamed = ({ name, admins }: OfficeSeen) =>
    [name, ...admins.map((card) => card.name)].some((one) => one.toLowerCase().includes(words));
  const found = [
    ...offices.filter((one) => !one.is_administered),
    ...offices.filter((one) => one.is_administered),
  ].filter(isNamed);
  return { shown: found.slice(0, SHOWN), more: Math.max(0, found.length - SHOWN) };
}
