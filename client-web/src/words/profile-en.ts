//! The words of profile, photo and verification, in English.
import type { ProfileWords } from "./profile-ja.ts";

export const profileEn: ProfileWords = {
  marks: {
    verified: "Verified professional",
    confirmed: "Confirmed as the patient",
    confirmedFamily: "Confirmed as family",
  },
  incomplete: "Profile incomplete",
  joining: {
    title: "What is asked of whoever joins",
    hint: "Whoever lacks any of it joins once it is there.",
    parts: {
      profile: "A complete profile (name, office, occupation)",
      photo: "A photo",
      verified: "Of staff, a verification",
    },
  },
  title: "Profile",
  tasks: "Still to be done",
  confirm: "Record the confirmation",
  task: {
    profile: "Something like the occupation is still missing.",
    photo: "With a photo, others recognise you more easily.",
    verification: "Once you are verified, a mark stands beside your name.",
    patient_confirmation: "The account of somebody whose steward your office is has not been confirmed yet.",
  },
  shown: (line) => `Shown as "${line}".`,
  photo: {
    title: "Photo",
    lead: "Seen by people of your rooms and your office. Where it was taken is not kept.",
    choose: "Choose a photo",
    remove: "Remove the photo",
    done: "The photo is kept.",
    removed: "The photo is gone.",
    unreadable: "This picture cannot be read. Choose a JPEG, PNG or WebP picture.",
  },
  who: {
    title: "Name and occupation",
    name: "Name",
    nameHint: "Your own name alone; the office's is added by itself.",
    kana: "Reading",
    occupation: (office) => (office === "" ? "Occupation" : `Occupation (${office})`),
    warning: "Another name or occupation takes the mark of verification away.",
    save: "Save",
    done: "The profile is saved.",
  },
  verification: {
    title: "Verification",
    lead: "The secretariat looks at a picture of your licence or the like, and a mark stands beside your name. Nobody else sees the picture, and it is erased 30 days after the decision.",
    choose: "Choose a picture and ask",
    done: "You have asked. The secretariat will look at it.",
    state: {
      asked: "waits for the secretariat",
      approved: "verified",
      rejected: "not given",
      lapsed: "lapsed",
    },
    reason: (text) => `The secretariat says: ${text}`,
  },
  reviews: {
    title: "Verifications",
    lead: "Look at the document and decide. Every look is recorded.",
    none: "Nothing waits for review.",
    look: "Look at the document",
    document: (name) => `The document that ${name} sent in`,
    reason: "Reason (its owner reads it)",
    approve: "Approve",
    reject: "Reject",
    done: (name) => `The verification of ${name} is decided.`,
  },
  reading: "Reading…",
};
