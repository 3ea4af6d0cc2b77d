// SPDX-License-Identifier: EPL-2.0
/** The scenarios of {@code tests/scenarios}, run as a CI job runs them. */
package org.xenolith.it.scenario;
