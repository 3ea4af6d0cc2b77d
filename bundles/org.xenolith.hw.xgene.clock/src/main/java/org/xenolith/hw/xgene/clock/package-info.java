// SPDX-License-Identifier: EPL-2.0
/** Clocks of devices in APM X-Gene. */
package org.xenolith.hw.xgene.clock;
