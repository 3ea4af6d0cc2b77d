/** The NS16550A UART. */
package org.xenolith.hw.ns16550;
