// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver of SMMUs: a function reaches the memory of the domain that has it. */
package org.xenolith.hyp.smmuv3;
