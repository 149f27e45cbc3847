//! The Tsumugi server, in reading order.
//!
//! A post comes in through [`edge`] (bytes ⇄ words), is decided and written by a verb of its noun ([`posts`],
//! [`rooms`], [`accounts`] …) under the rules of [`policy`], leaves its trace in [`audit`], is committed by
//! [`store`] (two engines, one transaction), sealed by [`crypto`], and reaches who is listening through [`live`].

pub mod accounts;
pub mod app;
pub mod audit;
pub mod backups;
pub mod bodies;
pub mod cli;
pub mod clock;
pub mod config;
pub mod consents;
pub mod crypto;
pub mod devices;
pub mod edge;
pub mod enrolments;
pub mod erasures;
pub mod error;
pub mod exceptions;
pub mod import;
pub mod incidents;
pub mod instructions;
pub mod invitations;
pub mod jobs;
pub mod live;
pub mod metrics;
pub mod notices;
pub mod offices;
pub mod passkeys;
pub mod patients;
pub mod permits;
pub mod pledges;
pub mod policy;
pub mod posts;
pub mod regions;
pub mod reviews;
pub mod roles;
pub mod rooms;
pub mod rules;
pub mod sessions;
pub mod staff_changes;
pub mod stewardships;
pub mod store;
pub mod trace;
pub mod trainings;
pub mod verifications;
