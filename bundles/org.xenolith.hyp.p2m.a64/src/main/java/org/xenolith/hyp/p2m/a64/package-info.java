// SPDX-License-Identifier: EPL-2.0
/** Stage 2 of domains: architected tables in machine memory, and the hypercall by which domains change their memory. */
package org.xenolith.hyp.p2m.a64;
