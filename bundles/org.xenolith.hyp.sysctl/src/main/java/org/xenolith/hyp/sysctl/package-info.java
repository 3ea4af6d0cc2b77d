// SPDX-License-Identifier: EPL-2.0
/** The hypercall by which a control domain inspects and sets the host: {@code sysctl}. */
package org.xenolith.hyp.sysctl;
