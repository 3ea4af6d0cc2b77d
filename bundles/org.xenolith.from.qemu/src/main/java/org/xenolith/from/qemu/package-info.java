// SPDX-License-Identifier: EPL-2.0
/** The command {@code from-qemu}: what a command line of QEMU is here. */
package org.xenolith.from.qemu;
