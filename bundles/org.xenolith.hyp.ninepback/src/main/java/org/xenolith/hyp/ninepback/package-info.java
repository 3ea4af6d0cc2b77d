// SPDX-License-Identifier: EPL-2.0
/**
 * The back end of Xen's transport of 9P. {@link org.xenolith.hyp.ninepback.NinepBackend} connects devices with what they need;
 * {@link org.xenolith.hyp.ninepback.NinepDevice} is one of them, with its {@linkplain org.xenolith.hyp.ninepback.NinepRing rings}.
 */
package org.xenolith.hyp.ninepback;
