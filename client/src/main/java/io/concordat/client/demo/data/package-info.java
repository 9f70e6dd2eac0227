/**
 * The demo's public records as hospitals would export them, and the models to compare with.
 *
 * <p>Promise: which record lies at which hospital and on which side of train and evaluation follows
 * from files and a rule in {@code demo-data/}, never from a value or a random number, so that every
 * run of the demo speaks of the same patients.
 *
 * <p>Not promised: anything about a real federation. Here one process holds the records of all
 * hospitals, which is exactly what a federation avoids; the comparison models exist to be printed
 * beside the federated one and are labelled as computed outside of it.
 *
 * <p>Read next: {@link io.concordat.client.demo.data.DemoRecords}.
 */
@NullMarked
package io.concordat.client.demo.data;

import org.jspecify.annotations.NullMarked;
