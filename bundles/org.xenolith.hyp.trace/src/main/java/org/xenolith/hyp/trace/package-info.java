// SPDX-License-Identifier: EPL-2.0
/** A time line of what the hypervisor does. */
package org.xenolith.hyp.trace;
