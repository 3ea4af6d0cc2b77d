// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver of the interrupt translation service, and the virtual ones that domains see. */
package org.xenolith.hyp.its;
