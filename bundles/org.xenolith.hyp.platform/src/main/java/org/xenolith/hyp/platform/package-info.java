// SPDX-License-Identifier: EPL-2.0
/** Hypercall 7, platform_op: the wall clock. */
package org.xenolith.hyp.platform;
