// SPDX-License-Identifier: EPL-2.0
/**
 * Scenarios: what a machine and its guests must do, as a file that is executed. Tests ask the
 * {@link org.xenolith.scenario.api.ScenarioRunner}; bundles add checks, faults, waits and consoles of their own kinds.
 */
@NullMarked
package org.xenolith.scenario.api;

import org.jspecify.annotations.NullMarked;
