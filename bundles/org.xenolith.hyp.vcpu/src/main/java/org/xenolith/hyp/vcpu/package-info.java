// SPDX-License-Identifier: EPL-2.0
/** Hypercall 24, vcpu_op: where virtual CPUs share memory with the hypervisor. */
package org.xenolith.hyp.vcpu;
