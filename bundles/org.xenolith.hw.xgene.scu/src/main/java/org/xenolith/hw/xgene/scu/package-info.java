// SPDX-License-Identifier: EPL-2.0
/** The system controller of APM X-Gene, as far as it resets the board. */
package org.xenolith.hw.xgene.scu;
