// SPDX-License-Identifier: EPL-2.0
/** Scenarios as JUnit tests. */
package org.xenolith.testkit.scenario;
