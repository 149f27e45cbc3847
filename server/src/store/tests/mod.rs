//! Stories of the store, each on both engines.

mod ahead;
mod batches;
mod breaking;
mod callers;
mod doubt;
mod full_disk;
mod glances;
mod ground;
mod opening;
