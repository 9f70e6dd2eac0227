/**
 * One program, two databases: which one a service uses is a setting of its home and no other build.
 *
 * <p>Promise: whoever sets nothing gets the SQLite file of the home. Non-promise: moving rows from
 * one database to the other.
 *
 * <p>Read next: {@link io.concordat.homes.database.DriverByUrl}.
 */
@NullMarked
package io.concordat.homes.database;

import org.jspecify.annotations.NullMarked;
