/** Scenarios in the framework that runs the tests. */
package org.xenolith.it.scenario;
