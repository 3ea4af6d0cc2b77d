/** Clocks of devices in APM X-Gene. */
package org.xenolith.hw.xgene.clock;
