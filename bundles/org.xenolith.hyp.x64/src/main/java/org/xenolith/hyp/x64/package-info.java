// SPDX-License-Identifier: EPL-2.0
/** Core of the hypervisor on machines with x86-64 CPUs. */
package org.xenolith.hyp.x64;
