// SPDX-License-Identifier: EPL-2.0
/** The firmware that domains see. Sources: Arm DEN 0022 (PSCI), Arm DEN 0028 (SMCCC), public header {@code arch-arm/smccc.h}. */
package org.xenolith.hyp.vpsci;
