// SPDX-License-Identifier: EPL-2.0
/** Scenarios as JUnit tests. */
@NullMarked
package org.xenolith.testkit.scenario;

import org.jspecify.annotations.NullMarked;
