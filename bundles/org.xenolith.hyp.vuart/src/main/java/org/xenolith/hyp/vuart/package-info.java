// SPDX-License-Identifier: EPL-2.0
/** The serial port that a guest is shown by the hypervisor. */
package org.xenolith.hyp.vuart;
