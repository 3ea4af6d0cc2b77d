// SPDX-License-Identifier: EPL-2.0
/** The Arm generic timer: system counter, per-CPU timers and event streams. */
package org.xenolith.hw.timer;
