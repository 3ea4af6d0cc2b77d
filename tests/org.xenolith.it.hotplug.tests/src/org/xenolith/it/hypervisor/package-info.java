// SPDX-License-Identifier: EPL-2.0
/** Domains of the hypervisor in a machine inside the framework: what their life and their devices leave behind. */
package org.xenolith.it.hypervisor;
