// SPDX-License-Identifier: EPL-2.0
/** Hypercall 13, multicall: many calls in one. */
package org.xenolith.hyp.multicall;
