//! Roles of an office, as its page needs them.
import type {
  AccountId,
  Me,
  OfficeId,
  OfficeRoles,
  RoleHolder,
} from "../../../protocol/bindings/protocol.ts";

/** The offices that somebody signs for and does not administer: of the others, their own page leads on. */
export function headedOnly(me: Me): { office: OfficeId; name: string }[] {
  return me.affiliations.flatMap(({ office, card, roles }) =>
    office !== undefined && roles.includes("office_head") && !roles.includes("office_admin")
      ? [{ office, name: card.office ?? "" }]
      : [],
  );
}

/** Whether the reader may end a role: one that she may offer, or record, or her own. */
export function mayEnd(roles: OfficeRoles, one: RoleHolder, me: AccountId | undefined): boolean {
  if (one.role === "office_head") return roles.may_record_head;
  return roles.may_offer.includes(one.role) || one.card.account === me;
}
