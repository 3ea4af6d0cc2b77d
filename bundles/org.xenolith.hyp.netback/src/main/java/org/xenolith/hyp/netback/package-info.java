// SPDX-License-Identifier: EPL-2.0
/**
 * The back end of PV network interfaces. {@link org.xenolith.hyp.netback.Netback} connects devices with what they need;
 * {@link org.xenolith.hyp.netback.Vif} is one of them, with its rings.
 */
package org.xenolith.hyp.netback;
