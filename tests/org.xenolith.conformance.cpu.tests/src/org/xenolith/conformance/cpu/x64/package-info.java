// SPDX-License-Identifier: EPL-2.0
/** x86-64 processors held against {@code qemu-system-x86_64}: random states and system instructions on a bare machine. */
package org.xenolith.conformance.cpu.x64;
