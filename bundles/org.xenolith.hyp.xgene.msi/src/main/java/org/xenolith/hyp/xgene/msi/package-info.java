// SPDX-License-Identifier: EPL-2.0
/** Shares of X-Gene's message controller for guests, where {@code unsafe-msi} allows them. */
package org.xenolith.hyp.xgene.msi;
