/** A time line of what the hypervisor does. */
package org.xenolith.hyp.trace;
