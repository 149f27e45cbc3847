//! An application as it is written: an empty one, another person, and what is still missing by name.
import type {
  EnrolledPerson,
  EnrolmentForm,
  EnrolmentMissing,
  EnrolmentSeen,
} from "../../../protocol/bindings/protocol.ts";

/** A form nobody has written in; `today` is YYYY-MM-DD. */
export function emptyForm(name: string, today: string): EnrolmentForm {
  return {
    name,
    kana: "",
    kind: "clinic",
    municipality: "",
    postal_code: "",
    address: "",
    phone: "",
    head: "",
    dated: today,
    people: [],
    signs_application: false,
    signs_pledge: false,
  };
}

/** One more person of the list. */
export function emptyPerson(affiliation: string): EnrolledPerson {
  return { affiliation, name: "", kana: "", occupation: "nurse", email: "", is_head: false, is_admin: false };
}

/** Whether the form, as it is written now, is of an office outside the area. */
export function isOutside(form: EnrolmentForm, seen: EnrolmentSeen): boolean {
  return (
    seen.rules.area.length > 0 &&
    form.municipality !== "" &&
    !seen.rules.area.includes(form.municipality.trim())
  );
}

/** Without the lines that are empty: what is empty is not said. */
export function written(form: EnrolmentForm): EnrolmentForm {
  const { fax, works_with, ...rest } = form;
  const people = form.people.map(({ sex, explained_on, holds, ...person }) => ({
    ...person,
    ...(sex ? { sex } : {}),
    ...(explained_on && person.is_admin ? { explained_on } : {}),
    ...(holds && person.is_admin ? { holds } : {}),
  }));
  return { ...rest, people, ...(fax ? { fax } : {}), ...(works_with ? { works_with } : {}) };
}

/** Whose something missing is, where it is somebody's. */
export function nameOf(missing: EnrolmentMissing, form: EnrolmentForm | undefined): string | undefined {
  return form?.people.find((person) => person.affiliation === missing.affiliation)?.name;
}
