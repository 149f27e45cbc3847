//! What the forms of pledges and trainings let one choose.
import type { TrainingTopic, TrainingWay } from "../../../../protocol/bindings/protocol.ts";

/** How a training is held. */
export const TRAINING_WAYS: readonly TrainingWay[] = ["course", "video"];
/** What it may be about. */
export const TOPICS: readonly TrainingTopic[] = ["privacy", "devices", "rules", "usage"];
