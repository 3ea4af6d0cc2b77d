// SPDX-License-Identifier: EPL-2.0
/** The NS16550A UART. */
package org.xenolith.hw.ns16550;
