/** Scenarios as JUnit tests. */
package org.xenolith.testkit.scenario;
