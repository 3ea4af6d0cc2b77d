// SPDX-License-Identifier: EPL-2.0
/** The machine's I/O ports as the hardware domain has them. */
package org.xenolith.hyp.ports;
