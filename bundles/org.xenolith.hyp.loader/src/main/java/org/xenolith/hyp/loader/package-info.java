// SPDX-License-Identifier: EPL-2.0
/** The way on which firmware's boot loader hands a machine over to the hypervisor. */
package org.xenolith.hyp.loader;
