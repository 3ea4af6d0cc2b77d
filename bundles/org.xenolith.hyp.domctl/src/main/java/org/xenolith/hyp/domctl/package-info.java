// SPDX-License-Identifier: EPL-2.0
/** The hypercall by which a control domain makes, steers and inspects domains: {@code domctl}. */
package org.xenolith.hyp.domctl;
