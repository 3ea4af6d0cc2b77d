/** Hypercall 34, hvm_op: parameters of domains. */
package org.xenolith.hyp.hvm;
