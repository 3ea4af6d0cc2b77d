// SPDX-License-Identifier: EPL-2.0
/** Hypercall 34, hvm_op: parameters of domains. */
package org.xenolith.hyp.hvm;
