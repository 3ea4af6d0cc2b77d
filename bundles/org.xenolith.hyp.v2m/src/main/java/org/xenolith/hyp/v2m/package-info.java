// SPDX-License-Identifier: EPL-2.0
/** Shares of a GICv2's message frame for guests, where {@code unsafe-msi} allows them. */
package org.xenolith.hyp.v2m;
