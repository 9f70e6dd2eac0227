@NullMarked
package io.concordat.homes.enrolment;

import org.jspecify.annotations.NullMarked;
