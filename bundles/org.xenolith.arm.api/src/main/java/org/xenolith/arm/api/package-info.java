// SPDX-License-Identifier: EPL-2.0
/**
 * Arm processors as devices see them: CPUs with their interrupt inputs and system registers, firmware calls, monitors, and the ports of
 * interrupt controllers that only Arm's have.
 */
@NullMarked
package org.xenolith.arm.api;

import org.jspecify.annotations.NullMarked;
