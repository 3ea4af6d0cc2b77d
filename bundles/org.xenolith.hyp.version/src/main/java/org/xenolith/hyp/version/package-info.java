// SPDX-License-Identifier: EPL-2.0
/** What the hypervisor says of itself: hypercalls 17 (xen_version) and 21 (vm_assist). */
package org.xenolith.hyp.version;
