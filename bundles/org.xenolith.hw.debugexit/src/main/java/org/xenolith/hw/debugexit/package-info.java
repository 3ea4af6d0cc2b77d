// SPDX-License-Identifier: EPL-2.0
/** A port with which a guest ends the run with an exit status of its own, as of QEMU's isa-debug-exit. */
package org.xenolith.hw.debugexit;
