// SPDX-License-Identifier: EPL-2.0
/** The GICv3's interrupt translation service: messages of bus masters become LPIs. */
package org.xenolith.hw.its;
