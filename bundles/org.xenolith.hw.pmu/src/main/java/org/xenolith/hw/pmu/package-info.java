// SPDX-License-Identifier: EPL-2.0
/** The performance monitors of Armv8, PMUv3. */
package org.xenolith.hw.pmu;
