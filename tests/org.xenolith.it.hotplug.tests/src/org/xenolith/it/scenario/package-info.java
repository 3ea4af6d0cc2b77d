// SPDX-License-Identifier: EPL-2.0
/** Scenarios in the framework that runs the tests. */
package org.xenolith.it.scenario;
