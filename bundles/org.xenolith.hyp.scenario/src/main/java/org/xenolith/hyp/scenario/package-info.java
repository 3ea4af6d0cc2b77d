// SPDX-License-Identifier: EPL-2.0
/** What scenarios can see of a machine's hypervisor: domains, their consoles, the store, grants, event channels, the log. */
package org.xenolith.hyp.scenario;
