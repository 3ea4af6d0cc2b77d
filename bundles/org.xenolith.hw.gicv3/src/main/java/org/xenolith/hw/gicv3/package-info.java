// SPDX-License-Identifier: EPL-2.0
/** The GICv3 interrupt controller: distributor, redistributors and CPU interface system registers. */
package org.xenolith.hw.gicv3;
